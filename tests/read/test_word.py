"""Word files: ordinals that exist only as numbering, spans, boxes, tracked changes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt

from nlp.documents import Grid, Line, Pages, ReadError
from nlp.read import read_bytes
from nlp.read.word.numbering import format_ordinal

NS = nsdecls("w")
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def build(fill: Callable[[docx.document.Document], None]) -> bytes:
    document = docx.Document()
    fill(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def read_word(fill: Callable[[docx.document.Document], None]) -> Pages:
    return read_bytes(build(fill), "测试.docx")


def add(document: docx.document.Document, markup: str) -> None:
    document.element.body.insert(len(document.element.body) - 1, parse_xml(markup))


def lines(pages: Pages) -> list[str]:
    return [b.text for b in pages.pages[0].blocks if isinstance(b, Line)]


def shape(pages: Pages) -> list[tuple[int, int, int, int, str]]:
    (grid,) = [b for b in pages.pages[0].blocks if isinstance(b, Grid)]
    return [(c.row, c.column, c.rowspan, c.colspan, c.text) for c in grid.cells]


def test_paragraphs_and_tables_in_body_order() -> None:
    def fill(document: docx.document.Document) -> None:
        document.add_heading("青岩县2024年政府信息公开工作年度报告", 0)
        document.add_paragraph("二、主动公开政府信息情况").runs[0].font.size = Pt(16)
        table = document.add_table(3, 3)
        table.cell(0, 0).merge(table.cell(0, 2)).text = "第二十条第（一）项"
        table.cell(1, 0).merge(table.cell(2, 0)).text = "规章"
        table.cell(1, 1).text = "0"
        table.cell(2, 2).text = "12"
        document.add_paragraph("六、其他需要报告的事项")
        document.core_properties.title = "年度报告"

    pages = read_word(fill)
    assert lines(pages) == [
        "青岩县2024年政府信息公开工作年度报告",
        "二、主动公开政府信息情况",
        "六、其他需要报告的事项",
    ]
    assert [type(b).__name__ for b in pages.pages[0].blocks] == ["Line", "Line", "Grid", "Line"]
    assert shape(pages) == [
        (0, 0, 1, 3, "第二十条第（一）项"),
        (1, 0, 2, 1, "规章"),
        (1, 1, 1, 1, "0"),
        (1, 2, 1, 1, ""),
        (2, 1, 1, 1, ""),
        (2, 2, 1, 1, "12"),
    ]
    sizes = [b.size for b in pages.pages[0].blocks if isinstance(b, Line)]
    assert sizes[0] is not None and sizes[1] == 16.0
    assert pages.metadata["title"] == "年度报告" and pages.kind == "docx"
    assert all(b.closes_paragraph for b in pages.pages[0].blocks if isinstance(b, Line))


@pytest.mark.parametrize(
    ("value", "style", "printed"),
    [
        (1, "decimal", "1"),
        (10, "chineseCounting", "十"),
        (11, "chineseCountingThousand", "十一"),
        (20, "chineseCountingThousand", "二十"),
        (105, "chineseCountingThousand", "一百零五"),
        (10, "ideographDigital", "一〇"),
        (12, "chineseLegalSimplified", "壹拾贰"),
        (3, "ideographTraditional", "丙"),
        (3, "decimalEnclosedCircleChinese", "③"),
        (2, "decimalEnclosedParen", "⑵"),
        (4, "decimalFullWidth", "４"),
        (3, "decimalZero", "03"),
        (28, "lowerLetter", "bb"),
        (9, "upperRoman", "IX"),
        (7, "unheardOf", "7"),
    ],
)
def test_number_formats(value: int, style: str, printed: str) -> None:
    assert format_ordinal(value, style) == printed


ABSTRACT = f"""<w:abstractNum {NS} w:abstractNumId="77"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>
<w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>
<w:lvlText w:val="（%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>
<w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/>
<w:lvlText w:val="%1.%3"/></w:lvl>
<w:lvl w:ilvl="4"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/></w:lvl>
</w:abstractNum>"""


def add_numbering(document: docx.document.Document) -> None:
    root = document.part.numbering_part.element
    root.insert(0, parse_xml(ABSTRACT))
    root.append(parse_xml(f'<w:num {NS} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    root.append(
        parse_xml(
            f'<w:num {NS} w:numId="78"><w:abstractNumId w:val="77"/><w:lvlOverride w:ilvl="0">'
            '<w:startOverride w:val="5"/></w:lvlOverride></w:num>'
        )
    )


def numbered(text: str, level: int, number: int = 77) -> str:
    return (
        f'<w:p {NS}><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/>'
        f"</w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
    )


def test_automatic_ordinals_are_written_out() -> None:
    def fill(document: docx.document.Document) -> None:
        add_numbering(document)
        for text, level in (
            ("总体情况", 0),
            ("主动公开情况", 1),
            ("平台建设情况", 1),
            ("网站", 2),
            ("新媒体", 2),
            ("主动公开政府信息情况", 0),
            ("再次编号", 1),
            ("法律编号", 3),
            ("符号", 4),
        ):
            add(document, numbered(text, level))
        add(document, numbered("重新起编", 0, 78))
        add(document, numbered("取消编号", 0, 0))

    assert lines(read_word(fill)) == [
        "一、总体情况",
        "（一）主动公开情况",
        "（二）平台建设情况",
        "1.网站",
        "2.新媒体",
        "二、主动公开政府信息情况",
        "（一）再次编号",
        "2.1法律编号",
        "符号",
        "五、重新起编",
        "取消编号",
    ]


def test_ordinals_from_a_style_and_in_cells() -> None:
    def fill(document: docx.document.Document) -> None:
        add_numbering(document)
        style = document.styles.add_style("章", 1)
        style.element.get_or_add_pPr().append(
            parse_xml(f'<w:numPr {NS}><w:numId w:val="77"/></w:numPr>')
        )
        child = document.styles.add_style("章二", 1)
        child.base_style = style
        document.add_paragraph("总体情况", style="章")
        document.add_paragraph("主动公开", style="章二")
        table = document.add_table(2, 2)
        for row, text in enumerate(("属于国家秘密", "属于内部事务")):
            cell = table.cell(row, 0)
            cell._tc.append(parse_xml(numbered(text, 2)))
            table.cell(row, 1).text = str(row)

    pages = read_word(fill)
    assert lines(pages) == ["一、总体情况", "二、主动公开"]
    assert [cell[-1] for cell in shape(pages)] == ["1.属于国家秘密", "0", "2.属于内部事务", "1"]


def test_tracked_changes_fields_and_hidden_text() -> None:
    def fill(document: docx.document.Document) -> None:
        add(
            document,
            f"""<w:p {NS}><w:r><w:t>新收</w:t></w:r><w:del w:id="1"><w:r><w:delText>9</w:delText>
</w:r></w:del><w:ins w:id="2"><w:r><w:t>12</w:t></w:r></w:ins><w:r><w:t>件</w:t></w:r>
<w:moveFrom w:id="3"><w:r><w:t>移走</w:t></w:r></w:moveFrom>
<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>
<w:r><w:fldChar w:fldCharType="begin"/><w:instrText> PAGE </w:instrText></w:r>
<w:hyperlink><w:r><w:t>网址</w:t></w:r></w:hyperlink>
<w:sdt><w:sdtContent><w:r><w:t>控件</w:t><w:br/><w:t>次行</w:t></w:r></w:sdtContent></w:sdt></w:p>""",
        )

    pages = read_word(fill)
    assert lines(pages) == ["新收12件网址控件", "次行"]
    assert [f.code for f in pages.findings] == ["hidden_text"]


def test_text_boxes_are_read_once_after_their_paragraph() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>框内文字</w:t></w:r></w:p></w:txbxContent>"

    def fill(document: docx.document.Document) -> None:
        add(
            document,
            f"""<w:p {NS} xmlns:mc="{MC}" xmlns:wps="urn:wps" xmlns:v="urn:v"><w:r><w:t>段落</w:t>
</w:r><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx>
</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>
</mc:AlternateContent></w:r></w:p>""",
        )
        document.add_paragraph("下一段")

    assert lines(read_word(fill)) == ["段落", "框内文字", "下一段"]


def test_layout_tables_nested_tables_and_forms() -> None:
    def fill(document: docx.document.Document) -> None:
        outer = document.add_table(1, 1).cell(0, 0)
        outer.paragraphs[0].text = "一、总体情况"
        inner = outer.add_table(1, 2)
        inner.cell(0, 0).text, inner.cell(0, 1).text = "规章", "3"
        form = document.add_table(1, 2)
        form.cell(0, 0).text, form.cell(0, 1).text = "意见建议", "加强培训，完善制度。" * 30

    pages = read_word(fill)
    assert lines(pages) == ["一、总体情况", "意见建议", "加强培训，完善制度。" * 30]
    assert shape(pages) == [(0, 0, 1, 1, "规章"), (0, 1, 1, 1, "3")]


def test_a_file_without_tables_and_a_contents_list() -> None:
    def fill(document: docx.document.Document) -> None:
        document.styles.add_style("toc 1", 1)
        document.add_paragraph("一、总体情况\t1", style="toc 1")
        document.add_paragraph("一、总体情况")
        document.add_paragraph("")

    assert lines(read_word(fill)) == ["一、总体情况"]


def test_a_picture_under_a_table_heading_is_a_finding() -> None:
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (40, 40)).save(picture, "PNG")

    def fill(document: docx.document.Document) -> None:
        document.add_paragraph("二、主动公开政府信息情况")
        document.add_picture(picture)
        document.add_paragraph("三、收到和处理政府信息公开申请情况")

    pages = read_word(fill)
    assert [f.code for f in pages.findings] == ["image_in_place_of_table"]
    with pytest.raises(ReadError) as caught:
        read_word(lambda document: document.add_picture(io.BytesIO(picture.getvalue())))
    assert caught.value.code == "scan"


def change(data: bytes, name: str, content: bytes | None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info, old.read(info))
        if content is not None:
            new.writestr(name, content)
    return buffer.getvalue()


BODY = f"<w:document {NS}><w:body>%s</w:body></w:document>"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("word/document.xml", b"<broken", "damaged"),
        ("word/document.xml", b"", "damaged"),
        ("[Content_Types].xml", None, "damaged"),
        ("word/numbering.xml", b"<broken", "damaged"),
        (
            "word/document.xml",
            b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
            + (BODY % "<w:p><w:r><w:t>&e;</w:t></w:r></w:p>").encode(),
            "damaged",
        ),
        ("word/document.xml", (BODY % "<w:sdt>" * 5000).encode(), "damaged"),
        ("word/document.xml", (BODY % "<w:p/>").encode(), "empty"),
        ("word/media/bomb.bin", bytes(320 * 2**20), "too_large"),
    ],
    ids=["cut", "blank", "no types", "numbering", "entities", "deep", "no text", "bomb"],
)
def test_damaged_and_hostile_files(name: str, content: bytes | None, code: str) -> None:
    data = build(lambda document: document.add_paragraph("一、总体情况"))
    with pytest.raises(ReadError, match=r"坏了\.docx") as caught:
        read_bytes(change(data, name, content), "坏了.docx")
    assert caught.value.code == code
    assert caught.value.advice


def test_macro_and_strict_files_say_what_to_do() -> None:
    data = build(lambda document: document.add_paragraph("一、总体情况"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        types = archive.read("[Content_Types].xml")
    kind = b"openxmlformats-officedocument.wordprocessingml.document.main+xml"
    macro = types.replace(b"vnd." + kind, b"vnd.ms-word.document.macroEnabled.main+xml")
    with pytest.raises(ReadError, match="另存为普通的") as caught:
        read_bytes(change(data, "[Content_Types].xml", macro), "宏.docx")
    assert caught.value.code == "unsupported"
