"""WordprocessingML: the parts of paragraphs, tables and styles that readers see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from nlp.read.word.numbering import W

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MAX_COLUMNS = 200
_TOC = re.compile(r"toc\s*\d|目录\s*\d", re.I)
_GONE = {f"{W}{tag}" for tag in ("del", "moveFrom", "instrText", "delText", "rPr", "pPr")}


def shown_choice(alternative: Any) -> Any:
    """Give the children that Word shows of an alternative: its choice, else its fallback."""
    choice = alternative.find(f"{MC}Choice")
    if choice is not None:
        return choice
    fallback = alternative.find(f"{MC}Fallback")
    return fallback if fallback is not None else ()


def shown_runs(paragraph: Any) -> Iterator[Any]:
    """Yield the paragraph's runs as shown: no deletions, no text boxes."""
    todo = list(reversed(paragraph))
    while todo:
        element = todo.pop()
        if element.tag == f"{W}r":
            yield element
        elif element.tag == f"{MC}AlternateContent":
            todo.extend(reversed(list(shown_choice(element))))
        elif element.tag not in _GONE and isinstance(element.tag, str):
            todo.extend(reversed(list(element)))


def run_text(run: Any) -> Iterator[str]:
    """Yield the text of a run, tabs and line breaks as they show."""
    for child in run:
        tag = child.tag
        if tag == f"{W}t":
            yield child.text or ""
        elif tag == f"{W}tab":
            yield "  "
        elif tag in (f"{W}br", f"{W}cr"):
            yield "\n"
        elif tag == f"{W}noBreakHyphen":
            yield "-"
        elif tag == f"{W}sym":
            code = child.get(f"{W}char", "")
            if re.fullmatch("[0-9A-Fa-f]{4}", code):
                char = chr(int(code, 16))
                # Symbol fonts sit in the private use area; what they print is no letter.
                yield "•" if "\ue000" <= char <= "\uf8ff" else char
        elif tag == f"{W}ruby":
            for base in child.iterfind(f"{W}rubyBase//{W}t"):
                yield base.text or ""


def text_boxes(paragraph: Any) -> Iterator[Any]:
    """Yield the outermost text boxes anchored in a paragraph, each once."""
    for box in paragraph.iter(f"{W}txbxContent"):
        outer = list(box.iterancestors())
        if any(a.tag in (f"{MC}Fallback", f"{W}del") for a in outer):
            continue
        inside = outer[: outer.index(paragraph)] if paragraph in outer else outer
        if not any(a.tag == f"{W}txbxContent" for a in inside):
            yield box


def table_rows(table: Any) -> Iterator[Any]:
    """Yield the rows of a table, inserted and wrapped ones too, deleted ones not."""
    for row in table.iterchildren():
        if row.tag == f"{W}tr" and row.find(f"{W}trPr/{W}del") is None:
            yield row
        elif row.tag in (f"{W}sdt", f"{W}ins", f"{W}customXml"):
            yield from row.iter(f"{W}tr")


def row_cells(row: Any) -> Iterator[tuple[Any, int, str]]:
    """Yield each cell with its column span and ``restart``, ``continue`` or ``""``."""
    for child in row.iterchildren():
        cells = [child] if child.tag == f"{W}tc" else []
        if child.tag in (f"{W}sdt", f"{W}customXml", f"{W}ins"):
            cells = list(child.iter(f"{W}tc"))
        for cell in cells:
            properties = cell.find(f"{W}tcPr")
            span, merge = 1, ""
            if properties is not None:
                span = max(_number(properties.find(f"{W}gridSpan")), 1)
                down = properties.find(f"{W}vMerge")
                if down is not None:
                    merge = down.get(f"{W}val") or "continue"
            yield cell, span, merge


def columns_before(row: Any) -> int:
    """How many grid columns a row leaves free before its first cell."""
    return min(_number(row.find(f"{W}trPr/{W}gridBefore")), MAX_COLUMNS - 1)


def _number(element: Any) -> int:
    # isdigit() is true of ², and int() refuses it as it does thousands of digits.
    value = element.get(f"{W}val", "") if element is not None else ""
    return int(value) if re.fullmatch(r"[0-9]{1,9}", value) else 0


def is_on(element: Any) -> bool:
    """Tell whether an on/off property is there and not switched off."""
    return element is not None and element.get(f"{W}val") not in ("0", "false", "off")


def font_size(properties: Any) -> float | None:
    """Give the font size in points that run properties set, if they do."""
    found = properties.find(f"{W}sz")
    value = found.get(f"{W}val", "") if found is not None else ""
    return float(value) / 2 if re.fullmatch(r"\d{1,4}(?:\.\d+)?", value) else None


def style_sizes(styles: Any) -> dict[str, float]:
    """Font size by style id (``""`` for the document's default), following basedOn."""
    if styles is None:
        return {}
    own: dict[str, float] = {}
    based: dict[str, str] = {}
    default = styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    size = font_size(default) if default is not None else None
    out: dict[str, float] = {"": size if size is not None else 10.0}
    for style in styles.iter(f"{W}style"):
        key = style.get(f"{W}styleId", "")
        properties = style.find(f"{W}rPr")
        size = font_size(properties) if properties is not None else None
        if size is not None:
            own[key] = size
            if style.get(f"{W}default") == "1" and style.get(f"{W}type") == "paragraph":
                out[""] = size
        parent = style.find(f"{W}basedOn")
        based[key] = parent.get(f"{W}val", "") if parent is not None else ""
    for key in based:
        at, steps = key, 0
        while at not in own and based.get(at) and steps < 20:
            at, steps = based[at], steps + 1
        if at in own:
            out[key] = own[at]
    return out


def toc_styles(styles: Any) -> set[str]:
    """Ids of the paragraph styles of a table of contents."""
    if styles is None:
        return set()
    found = set()
    for style in styles.iter(f"{W}style"):
        name = style.find(f"{W}name")
        if name is not None and _TOC.match(name.get(f"{W}val", "")):
            found.add(style.get(f"{W}styleId", ""))
    return found
