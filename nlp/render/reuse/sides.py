"""Two reports side by side → a page of the passages that they share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nlp.render.reuse.page import render_page
from nlp.render.typeface import cut_typeface


def write_sides(found: Mapping[str, Any], path: Path | str) -> None:
    """Write what ``compare_reports`` found as one self-contained page without a script.

    Parameters
    ----------
    found : mapping
        As ``nlp.pipeline.reuse.compare_reports`` gives it.
    path : Path or str
        Where to write.
    """
    context = {**found, "font": ""}
    plain = render_page("reuse/sides.html.j2", context, ())
    face = cut_typeface([plain])
    html = render_page("reuse/sides.html.j2", {**context, "font": face.data_url}, ())
    Path(path).write_bytes(html.encode("utf-8", "replace"))
