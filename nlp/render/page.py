"""Frames → one page in Chinese that opens from disk and asks nothing of the network."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from nlp.documents import FRAMES, Finding, make_frame
from nlp.render.citation import list_manifest, write_citation
from nlp.render.payload import list_texts, make_blocks, pack
from nlp.render.spreadsheet import strip_forbidden
from nlp.render.summary import summarise
from nlp.render.theme_summary import ThemeEntry, summarise_themes
from nlp.render.typeface import FAMILY, cut_typeface

_TEMPLATES = Path(__file__).parent / "templates"
_SCRIPTS = ("data.js", "lists.js", "tables.js", "report.js", "main.js")
_FONT_MARK = "/*font*/"


def write_page(
    frames: Mapping[str, pd.DataFrame],
    manifest: Mapping[str, Any],
    path: Path | str,
    *,
    themes: Sequence[ThemeEntry] = (),
    notes: Sequence[str] = (),
) -> tuple[Finding, ...]:
    """Write the result as one self-contained HTML page.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Frames by their key in ``nlp.documents.FRAMES``; one that is left out is empty.
    manifest : mapping
        The manifest of the result; its counts, versions and hashes are shown.
    path : Path or str
        Where to write.  The same frames and manifest give the same bytes.
    themes : sequence of ThemeEntry
        The codebook's themes in its order.  Themes that the frames hold beside them are
        shown by their key.
    notes : sequence of str
        Shown above everything else, such as what the page leaves out.

    Returns
    -------
    tuple of Finding
        ``font_missing_characters`` where the page has characters that the shipped font
        lacks; they are shown with an installed font, and the page says so.

    Raises
    ------
    KeyError
        If ``frames`` lacks ``reports`` or holds a name that ``FRAMES`` does not list.
    """
    frames = _complete(frames)
    blocks = make_blocks(frames, themes)
    context: dict[str, Any] = {
        "overview": summarise(frames),
        "themes": summarise_themes(frames, themes),
        "citation": write_citation(manifest),
        "manifest": list_manifest(manifest),
        "specs": list(FRAMES.values()),
        "version": str(manifest.get("version", "")),
        "notes": tuple(notes),
        "blocks": {},
        "missing": (),
        "font": "",
        "csp": "",
    }
    plain, _ = _render(context)
    script = _read_script()
    face = cut_typeface([plain, script, *list_texts(blocks)])
    packed = {name: pack(_clean(block)) for name, block in blocks.items()}
    html, _ = _render({**context, "blocks": packed, "missing": face.missing, "font": face.data_url})
    Path(path).write_bytes(html.encode("utf-8", "replace"))
    if not face.missing:
        return ()
    shown = "".join(face.missing[:40]) + ("……" if len(face.missing) > 40 else "")
    message = (
        f"随附字体缺 {len(face.missing)} 个字（{shown}），页面改用系统字体显示它们；"
        "若显示为方框，请安装中文字体"
    )
    return (Finding("font_missing_characters", "warning", message),)


def _complete(frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    unknown = sorted(set(frames) - set(FRAMES))
    if unknown or "reports" not in frames:
        raise KeyError(
            f"页面需要 reports 表，且不认识这些表：{unknown}；见 nlp/documents/frames.py"
        )
    return {name: frames[name] if name in frames else make_frame(name, ()) for name in FRAMES}


def _render(context: Mapping[str, Any]) -> tuple[str, str]:
    """Render the template; the policy lets only this very style and script run."""
    style = _read_style(context["font"])
    script = _read_script()
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"style-src '{_hash(style)}'; script-src '{_hash(script)}'; font-src data:; img-src data:"
    )
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = _percent
    template = environment.get_template("page.html.j2")
    html = template.render(
        {**context, "style": Markup(style), "script": Markup(script), "csp": policy}
    )
    return strip_forbidden(html), policy


def _read_style(font: str) -> str:
    style = (_TEMPLATES / "page.css").read_text(encoding="utf-8")
    face = f'@font-face{{font-family:"{FAMILY}";src:url({font}) format("woff2")}}' if font else ""
    return style.replace(_FONT_MARK, face)


def _read_script() -> str:
    parts = [(_TEMPLATES / "js" / name).read_text(encoding="utf-8") for name in _SCRIPTS]
    return '"use strict";(function(){\n' + "\n".join(parts) + "\n})();"


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode("utf-8")).digest()).decode("ascii")


def _clean(block: Any) -> Any:
    if isinstance(block, str):
        return strip_forbidden(block)
    if isinstance(block, Mapping):
        return {key: _clean(value) for key, value in block.items()}
    if isinstance(block, (list, tuple)):
        return [_clean(value) for value in block]
    return block


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{100 * value:.0f}%"
