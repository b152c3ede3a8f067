"""The frames of reuse → one page in Chinese that opens from disk and needs no network."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from nlp.documents import FRAMES
from nlp.render.citation import write_citation
from nlp.render.payload import pack
from nlp.render.reuse.choice import choose_shown
from nlp.render.reuse.heat import draw_heat_map, make_heat_map
from nlp.render.reuse.network import draw_network
from nlp.render.reuse.payload import (
    MOST_PAIRS,
    Changes,
    Spans,
    list_records,
    list_texts,
    make_reuse_blocks,
)
from nlp.render.reuse.words import CAUTIONS, CLASSES, DEFINITIONS, DYAD_TIES, RESIDUE, TIES
from nlp.render.spreadsheet import strip_forbidden
from nlp.render.typeface import FAMILY, cut_typeface

TEMPLATES = Path(__file__).parents[1] / "templates"
_FONT_MARK = "/*font*/"
_CLASS_KEYS = ("mandated", "formula", "own", "peer", "new")


@dataclass(frozen=True, slots=True)
class PagePart:
    """What the page shows beside the frames: painted texts, and passages side by side.

    ``spans`` has, for each report, ``(start, end, class, other report, earlier)``;
    ``changes`` has, for each (family, order) of the frame ``passages``, how the passage
    differs from the family's first: ``(kind, first_start, first_end, start, end)``.
    """

    spans: Spans = field(default_factory=dict)
    changes: Changes = field(default_factory=dict)


def write_reuse_page(
    frames: Mapping[str, pd.DataFrame],
    manifest: Mapping[str, Any],
    path: Path | str,
    *,
    part: PagePart,
    back: str | None = None,
) -> None:
    """Write the page on reuse: families, painted reports, network, heat map, tables.

    Of thousands of reports it holds what ``choose_shown`` chooses, and says so.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        ``reports`` and the frames of reuse.
    manifest : mapping
        The manifest of the result, for citation and version.
    path : Path or str
        Where to write.  The same frames, manifest and part give the same bytes.
    part : PagePart
        Spans and changes, as the pipeline finds them.
    back : str, optional
        Relative address of the page of the result, which this one then leads back to.
    """
    choice = choose_shown({name: f for name, f in frames.items() if name != "reports"})
    shown = {"reports": frames["reports"], **choice.frames}
    blocks = make_reuse_blocks(shown, part.spans, part.changes, choice.painted)
    context: dict[str, Any] = {
        **_summarise(frames),
        "citation": write_citation(manifest),
        "version": str(manifest.get("version", "")),
        "definitions": DEFINITIONS,
        "cautions": CAUTIONS,
        "classes": CLASSES,
        "ties": TIES,
        "kinds": RESIDUE,
        "most_pairs": MOST_PAIRS,
        "pairs": int(((frames["dyads"]["shared_a"] + frames["dyads"]["shared_b"]) > 0).sum()),
        "specs": [FRAMES[n] for n in frames if n not in ("reports", "sentences")],
        "blocks": {},
        "font": "",
        "back": back,
        "notes": choice.notes,
    }
    words = {
        "back": back,
        "notes": dict(choice.notes),
        "families": len(frames["families"]),
        "classes": list(CLASSES.values()),
        "ties": dict(TIES),
        "dyadTies": dict(DYAD_TIES),
    }
    blocks["words"] = words
    scripts = (
        "js/base.js",
        "reuse/lists.js",
        "reuse/family.js",
        "reuse/report.js",
        "reuse/main.js",
    )
    plain = render_page("reuse/page.html.j2", context, scripts)
    face = cut_typeface([plain, *list_texts(blocks)])
    packed = {name: pack(_clean(block)) for name, block in blocks.items()}
    html = render_page(
        "reuse/page.html.j2", {**context, "blocks": packed, "font": face.data_url}, scripts
    )
    Path(path).write_bytes(html.encode("utf-8", "replace"))


def render_page(template: str, context: Mapping[str, Any], scripts: tuple[str, ...]) -> str:
    """Render a template; the policy lets only this very style and script run."""
    font = context["font"]
    style = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    face = f'@font-face{{font-family:"{FAMILY}";src:url({font}) format("woff2")}}' if font else ""
    style = style.replace(_FONT_MARK, face)
    for name in ("reuse.css", "drawings.css"):
        style += (TEMPLATES / "reuse" / name).read_text(encoding="utf-8")
    parts = [(TEMPLATES / name).read_text(encoding="utf-8") for name in scripts]
    script = '"use strict";(function(){\n' + "\n".join(parts) + "\n})();" if parts else ""
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"style-src '{_hash(style)}'; script-src '{_hash(script)}'; font-src data:; img-src data:"
    )
    html = (
        _environment()
        .get_template(template)
        .render({**context, "style": Markup(style), "script": Markup(script), "csp": policy})
    )
    return strip_forbidden(html)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["share"] = _percent
    environment.filters["zip_with"] = lambda keys, values: list(zip(keys, values, strict=True))
    return environment


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing as markup; a notebook shows it."""

    html: str

    def _repr_html_(self) -> str:
        return self.html


def draw_figure(kind: Literal["heat", "network"], frames: Mapping[str, pd.DataFrame]) -> Drawing:
    """Draw one of the page's figures by itself, with its own style."""
    figure = _network(frames) if kind == "network" else _heat_map(frames)
    style = (TEMPLATES / "reuse" / "drawings.css").read_text(encoding="utf-8")
    template = _environment().get_template("reuse/figure.html.j2")
    return Drawing(template.render(kind=kind, figure=figure, style=Markup(style)))


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
    return "—" if value is None else f"{100 * value:.1f}%"


def _summarise(frames: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    shares = list_records(frames["reuse_shares"])
    characters = sum(r["characters"] for r in shares) or 1
    pooled = [
        (key, CLASSES[key], sum((r[key] or 0) * r["characters"] for r in shares) / characters)
        for key in _CLASS_KEYS
    ]
    years: dict[int, list[dict[str, Any]]] = {}
    for r in shares:
        if r["year"] is not None and r["new"] is not None:
            years.setdefault(r["year"], []).append(r)
    by_year = [
        (year, len(rows), [sum(r[k] for r in rows) / len(rows) for k in _CLASS_KEYS])
        for year, rows in sorted(years.items())
    ]
    families = frames["families"]
    return {
        "reports": len(shares),
        "issuers": len({r["issuer"] for r in shares if r["issuer"]}),
        "unknown": sum(1 for r in shares if r["reason"]),
        "families": len(families),
        "across": int((families["scope"] == "across").sum()),
        "pooled": pooled,
        "by_year": by_year,
        "residue": list_records(frames["residue"]),
        "cuts": list_records(frames["formula_cuts"]),
        "network": _network(frames),
        "links": list_records(frames["issuer_links"].head(80)),
        "all_links": len(frames["issuer_links"]),
        "heat": _heat_map(frames),
    }


def _network(frames: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    places = {
        r["issuer"]: tuple(r[k] or "" for k in ("province", "city", "county", "township"))
        for r in list_records(frames["reports"].drop(columns="text"))
        if r["issuer"]
    }
    return draw_network(frames["issuer_links"], places)


def _heat_map(frames: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    columns = ["report_a", "report_b", "shared_a", "shared_b"]
    pairs = pd.concat(
        [
            frames[name].loc[frames[name]["shared_a"] + frames[name]["shared_b"] > 0, columns]
            for name in ("reuse_years", "dyads")
        ]
    )
    return draw_heat_map(make_heat_map(frames["reuse_shares"], pairs))
