"""Frames → one page in Chinese that opens from disk and asks nothing of the network."""

from __future__ import annotations

import shutil
from base64 import b64encode
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from nlp.documents import FRAMES, REUSE_FRAMES, Finding, make_frame
from nlp.render.citation import hash_manifest, list_manifest, write_citation
from nlp.render.corrected import sum_up_corrections
from nlp.render.payload import make_blocks, pack
from nlp.render.pictures import EMBEDDED, MOST, Cutter, cut_pictures, plan_clips
from nlp.render.reuse_summary import sum_up_reuse
from nlp.render.spreadsheet import strip_forbidden
from nlp.render.summary import summarise
from nlp.render.theme_summary import ThemeEntry, summarise_themes
from nlp.render.typeface import FAMILY, cut_typeface

_TEMPLATES = Path(__file__).parent / "templates"
_SCRIPTS = (
    *("base.js", "data.js", "charts.js", "lists.js", "heat.js", "outcomes.js", "pictures.js"),
    *("tables.js", "report.js", "issuers.js", "main.js"),
)
_STYLES = ("page.css", "charts.css", "issuer.css", "corrected.css")
_FONT_MARK = "/*font*/"
_BLOCKS_MARK = "<!--blocks-->"
_PICTURES = "pictures"
# Shares above which the palette of the heat maps goes one step darker; as in charts.js.
_STEPS = (0, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8)


def write_page(
    frames: Mapping[str, pd.DataFrame],
    manifest: Mapping[str, Any],
    path: Path | str,
    *,
    themes: Sequence[ThemeEntry] = (),
    notes: Sequence[str] = (),
    sources: Mapping[str, Path] | None = None,
    reuse_page: str | None = None,
    cut: Cutter = cut_pictures,
) -> tuple[Finding, ...]:
    """Write the result as one self-contained HTML page.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Frames by their key in ``nlp.documents.FRAMES``; one that is left out is empty.
    manifest : mapping
        The manifest of the result; its counts, versions and hashes are shown.
    path : Path or str
        Where to write.  The same frames, files and manifest give the same bytes.
    themes : sequence of ThemeEntry
        The codebook's themes in its order.  Themes that the frames hold beside them are
        shown by their key.
    notes : sequence of str
        Shown above everything else, such as what the page leaves out.
    sources : mapping of str to Path, optional
        Where the files are, by ``reports.file``.  The tables of PDF files are then cut out as
        pictures, which a click on a cell shows: inside the page up to
        ``nlp.render.pictures.EMBEDDED`` reports, else in a folder ``pictures`` beside it.
    reuse_page : str, optional
        Name of the page on reuse in the same folder, which this one then leads to.
    cut : callable, optional
        Gives the pictures of clips, in their order; default draws them here and now.

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
    frames = _Complete(frames)
    path = Path(path)
    script = _read_script()
    # The blocks are written before the page that holds them: the font is cut to what they say.
    with TemporaryFile("w+", encoding="utf-8", newline="\n") as blocks:
        told, pictures = _write_pictures(frames, sources, path.parent, blocks, cut)
        characters: set[str] = set(script)
        for name, block in make_blocks(frames, themes, told, reuse_page):
            blocks.write(_embed(name, pack(block, seen=characters)))
        context: dict[str, Any] = {
            "overview": summarise(frames),
            "themes": summarise_themes(frames, themes),
            "citation": write_citation(manifest),
            "manifest": list_manifest(manifest),
            "manifest_hash": hash_manifest(manifest),
            "specs": [spec for name, spec in FRAMES.items() if name not in REUSE_FRAMES],
            "version": str(manifest.get("version", "")),
            "notes": tuple(notes),
            "reuse": sum_up_reuse(frames),
            "reuse_page": reuse_page,
            "corrections": sum_up_corrections(
                frames["corrections"], frames["reports"], {t.id: t.name for t in themes}
            ),
            "pictures": pictures,
            "blocks_here": Markup(_BLOCKS_MARK),
            "missing": (),
            "font": "",
        }
        face = cut_typeface([_render(context), *characters])
        html = _render({**context, "missing": face.missing, "font": face.data_url})
        _join(path, html, blocks)
    if not face.missing:
        return ()
    shown = "".join(face.missing[:40]) + ("……" if len(face.missing) > 40 else "")
    message = (
        f"随附字体缺 {len(face.missing)} 个字（{shown}），页面改用系统字体显示它们；"
        "若显示为方框，请安装中文字体"
    )
    return (Finding("font_missing_characters", "warning", message),)


def _write_pictures(
    frames: Mapping[str, pd.DataFrame],
    sources: Mapping[str, Path] | None,
    folder: Path,
    blocks: IO[str],
    cut: Cutter,
) -> tuple[dict[str, list[list[Any]]], str]:
    """Cut the pictures out; say which there are, and in words which there are not."""
    if sources is None:
        return {}, "这个结果没有附原文图；每格的出处（文件、页、位置）照常写明。"
    clips, left = plan_clips(frames, sources)
    embedded = len(frames["reports"]) <= EMBEDDED
    told: dict[str, list[list[Any]]] = {}
    if clips and not embedded:
        (folder / _PICTURES).mkdir(exist_ok=True)
    for picture in cut(clips):
        entry = [picture.page, *picture.box, picture.width, picture.height]
        told.setdefault(picture.report, []).append(entry)
        if embedded:
            data = b64encode(picture.png).decode("ascii")
            blocks.write(_embed(f"p-{picture.name}", data))
        else:
            (folder / _PICTURES / f"{picture.name}.png").write_bytes(picture.png)
    count = sum(map(len, told.values()))
    where = "都在本页里" if embedded else f"在同一文件夹的 {_PICTURES} 里，移动网页时请一起移动"
    words = (
        f"点表格的一格，可看它在 PDF 原件里的样子。共 {count} 幅"
        f"（{len(told)} 份 PDF 报告），{where}。"
        "网页、Word 和纯文本报告没有页面图，只写明文件和位置。"
    )
    if left:
        words += (
            f"最多附 {MOST} 幅，先附有存疑或不符单元格的页；"
            f"其余 {left} 幅没有附，请按所写的文件、页和位置看原件。"
        )
    if count < len(clips):
        words += f"另有 {len(clips) - count} 幅没有画成（文件已不在、已改动或不能绘制）。"
    return told, words


def _embed(name: str, data: str) -> str:
    return f'<script type="application/octet-stream" id="b-{name}">{data}</script>\n'


def _join(path: Path, html: str, blocks: IO[str]) -> None:
    """Put the blocks where the page has its mark; neither is held twice in memory."""
    before, after = html.split(_BLOCKS_MARK)
    blocks.seek(0)
    with path.open("w", encoding="utf-8", errors="replace", newline="\n") as page:
        page.write(before)
        shutil.copyfileobj(blocks, page, 1 << 20)
        page.write(after)


class _Complete(Mapping[str, pd.DataFrame]):
    """All frames: those given, each taken when it is first asked for; others are empty."""

    def __init__(self, frames: Mapping[str, pd.DataFrame]) -> None:
        unknown = sorted(set(frames) - set(FRAMES))
        if unknown or "reports" not in frames:
            raise KeyError(
                f"页面需要 reports 表，且不认识这些表：{unknown}；见 nlp/documents/frames"
            )
        self._given = frames
        self._taken: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._taken:
            found = self._given[name] if name in self._given else make_frame(name, ())
            self._taken[name] = found
        return self._taken[name]

    def __iter__(self) -> Iterator[str]:
        return iter(FRAMES)

    def __len__(self) -> int:
        return len(FRAMES)


def _render(context: Mapping[str, Any]) -> str:
    """Render the template; the policy lets only this very style and script run."""
    style = _read_style(context["font"])
    script = _read_script()
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"style-src '{_hash(style)}'; script-src '{_hash(script)}'; font-src data:; "
        # Pictures are in the page or in the folder beside it, on disk or on a reader's server.
        "img-src data: 'self' file:"
    )
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = _percent
    environment.filters["share"] = lambda value: "—" if value is None else f"{100 * value:.1f}%"
    environment.filters["step"] = _step
    template = environment.get_template("page.html.j2")
    html = template.render(
        {**context, "style": Markup(style), "script": Markup(script), "csp": policy}
    )
    return strip_forbidden(html)


def _read_style(font: str) -> str:
    style = "".join((_TEMPLATES / name).read_text(encoding="utf-8") for name in _STYLES)
    face = f'@font-face{{font-family:"{FAMILY}";src:url({font}) format("woff2")}}' if font else ""
    return style.replace(_FONT_MARK, face)


def _read_script() -> str:
    parts = [(_TEMPLATES / "js" / name).read_text(encoding="utf-8") for name in _SCRIPTS]
    return '"use strict";(function(){\n' + "\n".join(parts) + "\n})();"


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode("utf-8")).digest()).decode("ascii")


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{100 * value:.0f}%"


def _step(share: float | None) -> int:
    """The step of the palette: 0 for none, then darker with every bound that is passed."""
    return bisect_left(_STEPS, share or 0)
