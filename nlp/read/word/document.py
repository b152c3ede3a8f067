"""A Word file as a whole: opening it safely and walking its body."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError, PackageNotFoundError
from lxml import etree

from nlp.documents import Block, Finding, Grid, GridCell, Line, Page, Pages, ReadError
from nlp.read.encoding import clean_invisible
from nlp.read.word.numbering import Numbering, W

# A report with its pictures unpacks to some ten MB; beyond this it is a zip bomb.
MAX_UNPACKED_BYTES = 300 * 2**20
MAX_BODY_BYTES = 60 * 2**20
# A cell with more text than this holds prose: the longest label of the form has 60.
_PROSE = 300
_MAX_COLUMNS = 200
_EXPECTED = "可以打开的 Word 文件（.docx）"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TABLE_HEADING = re.compile(
    r"主动公开|收到和处理|行政复议|行政诉讼|依申请|附[件表]|统计表|如下[:：]?$"
)
_TOC = re.compile(r"toc\s*\d|目录\s*\d", re.I)
_GONE = frozenset(f"{W}{tag}" for tag in ("del", "moveFrom", "instrText", "delText", "rPr", "pPr"))
_DAMAGE = (
    OpcError,
    zipfile.BadZipFile,
    etree.LxmlError,
    KeyError,
    ValueError,
    AttributeError,
    IndexError,
    NotImplementedError,
    OSError,
    EOFError,
)


def read_docx(data: bytes, name: str, digest: str) -> Pages:
    """Read a Word file into one page of lines and tables, in the order of its body.

    Ordinals of automatic numbering are written out, deletions under tracked changes are
    left out, text boxes follow the paragraph that they are anchored to.

    Raises
    ------
    ReadError
        ``damaged``, ``unsupported``, ``too_large`` or ``empty``.
    """
    document = _open(data, name)
    reader = _Body(document)
    try:
        reader.walk(document.element.body)
    except _DAMAGE as error:
        raise _damaged(name) from error
    if not reader.blocks:
        pictured = reader.pictures > 0
        raise ReadError(
            "scan" if pictured else "empty",
            name,
            expected="含有文字的 Word 报告",
            found="只有图片的 Word 文件" if pictured else "没有文字的 Word 文件",
            advice="请改用文字版报告，或做文字识别（OCR）后另存为文本再读取。"
            if pictured
            else "请重新下载或向提供者索取原文件。",
        )
    return Pages(
        name=name,
        kind="docx",
        sha256=digest,
        reader=f"python-docx {docx.__version__}",
        pages=(Page(1, tuple(reader.blocks)),),
        metadata=_metadata(document),
        findings=tuple(reader.findings()),
    )


def _damaged(name: str) -> ReadError:
    return ReadError(
        "damaged",
        name,
        expected=_EXPECTED,
        found="内容损坏的 Word 文件",
        advice="请用 Word 或 WPS 打开（必要时修复）后另存为 .docx，再读取。",
    )


def _open(data: bytes, name: str) -> Any:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_bombs(archive, name)
            head = archive.read("word/document.xml")[:4096] if _has_body(archive) else b""
    except _DAMAGE as error:
        if isinstance(error, ReadError):
            raise
        raise _damaged(name) from error
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        # Word writes no document types; entities there only serve to attack the reader.
        raise ReadError(
            "damaged",
            name,
            expected=_EXPECTED,
            found="带有实体定义的 Word 文件（不是 Word 写出的，可能有害）",
            advice="请不要使用该文件；向提供者索取原文件。",
        )
    try:
        return docx.Document(io.BytesIO(data))
    except PackageNotFoundError as error:
        raise _damaged(name) from error
    except _DAMAGE as error:
        if b"purl.oclc.org/ooxml" in head or "content type" in str(error):
            raise ReadError(
                "unsupported",
                name,
                expected=_EXPECTED,
                found="带宏、模板或 Strict 格式的 Word 文件",
                advice="请用 Word 或 WPS 打开后另存为普通的 .docx，再读取。",
            ) from error
        raise _damaged(name) from error


def _has_body(archive: zipfile.ZipFile) -> bool:
    return "word/document.xml" in archive.namelist()


def _refuse_bombs(archive: zipfile.ZipFile, name: str) -> None:
    total = sum(info.file_size for info in archive.infolist())
    body = max(
        (i.file_size for i in archive.infolist() if i.filename.endswith((".xml", ".rels"))),
        default=0,
    )
    if total > MAX_UNPACKED_BYTES or body > MAX_BODY_BYTES:
        raise ReadError(
            "too_large",
            name,
            expected=f"解压后不超过 {MAX_UNPACKED_BYTES // 2**20} MB 的 Word 文件",
            found=f"解压后有 {total / 2**20:.0f} MB 的文件",
            advice="请确认文件无误；报告的 Word 文件不会这样大。",
        )


class _Body:
    """Walks the body and gathers blocks; one object a document."""

    def __init__(self, document: Any) -> None:
        part = document.part
        related = {rel.reltype: rel for rel in part.rels.values() if not rel.is_external}
        numbering = related.get(RELATIONSHIP_TYPE.NUMBERING)
        styles = related.get(RELATIONSHIP_TYPE.STYLES)
        self._styles = _element(styles)
        self._numbering = Numbering(_element(numbering), self._styles)
        self._sizes = _style_sizes(self._styles)
        self._toc_styles = _toc_styles(self._styles)
        self.blocks: list[Block] = []
        self.pictures = 0
        self._lines = 0
        self._grids = 0
        self._hidden = 0
        self._pictures_after: list[str] = []

    def walk(self, container: Any) -> None:
        """Read a body, a cell or a content control: its paragraphs and tables."""
        for child in container:
            if child.tag == f"{W}p":
                self._paragraph(child)
            elif child.tag == f"{W}tbl":
                self._table(child)
            elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml",
                               f"{W}smartTag", f"{W}moveTo"):  # fmt: skip
                self.walk(child)
            elif child.tag == f"{_MC}AlternateContent":
                self.walk(_choice(child))

    def findings(self) -> Iterator[Finding]:
        """Give what a researcher should know about the file."""
        if self._hidden:
            yield Finding("hidden_text", "info", f"有 {self._hidden} 个隐藏的字，未读取。", 1)
        for heading in self._pictures_after:
            yield Finding(
                "image_in_place_of_table",
                "warning",
                f"“{heading}”之下是一幅图片；若其中是表格，未能读取，其单元格记为缺失而不是零。",
                1,
            )

    def _paragraph(self, paragraph: Any) -> None:
        if self._style_of(paragraph) in self._toc_styles:
            return
        text, size = self._text(paragraph)
        ordinal = self._numbering.ordinal(paragraph) if text.strip() else ""
        for line in (ordinal + text.lstrip()).split("\n"):
            shown = line.strip()
            if shown:
                self._lines += 1
                self.blocks.append(Line(shown, 1, self._lines, None, size, closes_paragraph=True))
        if self._has_picture(paragraph):
            self._note_picture()
        for box in _text_boxes(paragraph):
            self.walk(box)

    def _style_of(self, paragraph: Any) -> str:
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        return style.get(f"{W}val", "") if style is not None else ""

    def _text(self, paragraph: Any) -> tuple[str, float | None]:
        """The paragraph's shown text (newlines at line breaks) and usual font size."""
        parts: list[str] = []
        sizes: Counter[float] = Counter()
        style_size = self._sizes.get(self._style_of(paragraph), self._sizes.get(""))
        for run in _runs(paragraph):
            properties = run.find(f"{W}rPr")
            text = "".join(_run_text(run))
            if properties is not None and _is_on(properties.find(f"{W}vanish")):
                self._hidden += len(text.strip())
                continue
            parts.append(text)
            size = _size(properties) if properties is not None else None
            size = size if size is not None else style_size
            if size is not None and text.strip():
                sizes[size] += len(text.strip())
        text = clean_invisible("".join(parts)).replace("\u00a0", " ")
        return text, sizes.most_common(1)[0][0] if sizes else None

    def _has_picture(self, paragraph: Any) -> bool:
        for element in paragraph.iter():
            name = str(element.tag).rpartition("}")[2]
            if name in ("blip", "imagedata"):
                return True
        return False

    def _note_picture(self) -> None:
        self.pictures += 1
        last = self.blocks[-1] if self.blocks else None
        if (
            isinstance(last, Line)
            and len(last.text) <= 40
            and _TABLE_HEADING.search(last.text)
            and last.text not in self._pictures_after
        ):
            self._pictures_after.append(last.text)

    def _table(self, table: Any) -> None:
        if self._is_layout(table):
            for row in _rows(table):
                for cell, _span, _merge in _cells(row):
                    self.walk(cell)
            return
        self._grids += 1
        self.blocks.append(self._grid(table))

    def _is_layout(self, table: Any) -> bool:
        """One column, a table inside, or prose: what the table holds is text."""
        columns = 0
        for row in _rows(table):
            columns = max(columns, sum(span for _, span, _ in _cells(row)))
            for cell, _span, _merge in _cells(row):
                if cell.find(f".//{W}tbl") is not None:
                    return True
                if sum(len(t.text or "") for t in cell.iter(f"{W}t")) > _PROSE:
                    return True
            if len(list(_cells(row))) == 1 and len(list(_rows(table))) == 1:
                return True
        return columns < 2

    def _grid(self, table: Any) -> Grid:
        open_cells: dict[int, int] = {}  # grid column -> index of the cell that goes on down
        found: list[GridCell] = []
        rows = 0
        width = 0
        for row in _rows(table):
            column = _skipped(row, "gridBefore")
            seen: set[int] = set()
            for cell, span, merge in _cells(row):
                span = max(min(span, _MAX_COLUMNS - column), 1)
                above = open_cells.get(column)
                if merge == "continue" and above is not None and found[above].colspan == span:
                    old = found[above]
                    extra = self._cell_text(cell)
                    text = f"{old.text}\n{extra}" if extra and old.text else old.text or extra
                    found[above] = GridCell(
                        old.row, old.column, text, 1, None, rows - old.row + 1, old.colspan
                    )
                    seen.add(column)
                else:
                    found.append(GridCell(rows, column, self._cell_text(cell), 1, None, 1, span))
                    if merge:
                        open_cells[column] = len(found) - 1
                        seen.add(column)
                column += span
            open_cells = {c: i for c, i in open_cells.items() if c in seen}
            width = max(width, column)
            rows += 1
        return Grid(1, self._grids, rows, width, tuple(found))

    def _cell_text(self, cell: Any) -> str:
        lines: list[str] = []
        for paragraph in cell.iter(f"{W}p"):
            if any(a.tag == f"{_MC}Fallback" for a in paragraph.iterancestors()):
                continue
            text, _ = self._text(paragraph)
            text = text.strip()
            if text:
                lines.append(self._numbering.ordinal(paragraph) + text)
            if self._has_picture(paragraph):
                self.pictures += 1
        return "\n".join(lines)


def _element(rel: Any) -> Any:
    if rel is None:
        return None
    part = rel.target_part
    element = getattr(part, "element", None)
    if element is not None:
        return element
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(part.blob, parser)


def _choice(alternative: Any) -> Any:
    choice = alternative.find(f"{_MC}Choice")
    if choice is not None:
        return choice
    fallback = alternative.find(f"{_MC}Fallback")
    return fallback if fallback is not None else ()


def _runs(paragraph: Any) -> Iterator[Any]:
    """Yield the paragraph's runs as shown: no deletions, no text boxes."""
    todo = list(reversed(paragraph))
    while todo:
        element = todo.pop()
        if element.tag == f"{W}r":
            yield element
        elif element.tag == f"{_MC}AlternateContent":
            todo.extend(reversed(list(_choice(element))))
        elif element.tag not in _GONE and isinstance(element.tag, str):
            todo.extend(reversed(list(element)))


def _run_text(run: Any) -> Iterator[str]:
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


def _text_boxes(paragraph: Any) -> Iterator[Any]:
    for box in paragraph.iter(f"{W}txbxContent"):
        outer = list(box.iterancestors())
        if any(a.tag in (f"{_MC}Fallback", f"{W}del") for a in outer):
            continue
        inside = outer[: outer.index(paragraph)] if paragraph in outer else outer
        if not any(a.tag == f"{W}txbxContent" for a in inside):
            yield box


def _rows(table: Any) -> Iterator[Any]:
    for row in table.iterchildren():
        if row.tag == f"{W}tr" and row.find(f"{W}trPr/{W}del") is None:
            yield row
        elif row.tag in (f"{W}sdt", f"{W}ins", f"{W}customXml"):
            yield from row.iter(f"{W}tr")


def _cells(row: Any) -> Iterator[tuple[Any, int, str]]:
    """Yield each cell with its column span and ``restart``, ``continue`` or ``""``."""
    for child in row.iterchildren():
        cells = [child] if child.tag == f"{W}tc" else []
        if child.tag in (f"{W}sdt", f"{W}customXml", f"{W}ins"):
            cells = list(child.iter(f"{W}tc"))
        for cell in cells:
            properties = cell.find(f"{W}tcPr")
            span, merge = 1, ""
            if properties is not None:
                wide = properties.find(f"{W}gridSpan")
                if wide is not None and (wide.get(f"{W}val") or "").isdigit():
                    span = max(int(wide.get(f"{W}val")), 1)
                down = properties.find(f"{W}vMerge")
                if down is not None:
                    merge = down.get(f"{W}val") or "continue"
            yield cell, span, merge


def _skipped(row: Any, tag: str) -> int:
    found = row.find(f"{W}trPr/{W}{tag}")
    value = found.get(f"{W}val", "0") if found is not None else "0"
    return min(int(value), _MAX_COLUMNS - 1) if value.isdigit() else 0


def _is_on(element: Any) -> bool:
    return element is not None and element.get(f"{W}val") not in ("0", "false", "off")


def _size(properties: Any) -> float | None:
    found = properties.find(f"{W}sz")
    value = found.get(f"{W}val", "") if found is not None else ""
    return float(value) / 2 if re.fullmatch(r"\d{1,4}(?:\.\d+)?", value) else None


def _style_sizes(styles: Any) -> dict[str, float]:
    """Font size by style id (``""`` for the document's default), following basedOn."""
    if styles is None:
        return {}
    own: dict[str, float] = {}
    based: dict[str, str] = {}
    default = styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    size = _size(default) if default is not None else None
    out: dict[str, float] = {"": size if size is not None else 10.0}
    for style in styles.iter(f"{W}style"):
        key = style.get(f"{W}styleId", "")
        properties = style.find(f"{W}rPr")
        size = _size(properties) if properties is not None else None
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


def _toc_styles(styles: Any) -> set[str]:
    if styles is None:
        return set()
    found = set()
    for style in styles.iter(f"{W}style"):
        name = style.find(f"{W}name")
        if name is not None and _TOC.match(name.get(f"{W}val", "")):
            found.add(style.get(f"{W}styleId", ""))
    return found


def _metadata(document: Any) -> dict[str, str]:
    properties = document.core_properties
    found = {}
    for key in ("title", "subject", "author", "keywords", "last_modified_by"):
        value = str(getattr(properties, key, "") or "").strip()
        if value:
            found[key] = value
    return found
