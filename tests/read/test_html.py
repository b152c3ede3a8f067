"""Web pages as sites write them: chrome, encodings, layout tables, hostile markup."""

from __future__ import annotations

import time

import pytest

from nlp.documents import Grid, Line, Pages, ReadError
from nlp.read import read_bytes

PROSE = "本年度着力做好重点领域信息公开，栏目更新及时，解读形式多样，回应关切有据。" * 8


def read_page(markup: str, encoding: str = "utf-8") -> Pages:
    return read_bytes(markup.encode(encoding), "测试.html")


def lines(pages: Pages) -> list[str]:
    return [block.text for block in pages.pages[0].blocks if isinstance(block, Line)]


def grids(pages: Pages) -> list[Grid]:
    return [block for block in pages.pages[0].blocks if isinstance(block, Grid)]


def cells(grid: Grid) -> list[tuple[int, int, int, int, str]]:
    return [(c.row, c.column, c.rowspan, c.colspan, c.text) for c in grid.cells]


SITE = """<!DOCTYPE html><html><head><meta charset="utf-8">
<title>云岭县2024年政府信息公开工作年度报告_云岭县人民政府</title>
<meta name="ArticleTitle" content="云岭县2024年政府信息公开工作年度报告">
<meta name="PubDate" content="2025-01-20 10:00"><meta name="ContentSource" content="县政府办公室">
<style>p {color: red}</style><script>var a = "<p>脚本里的字</p>";</script></head><body>
<div class="top"><a href="/">首页</a> <a href="/zw">政务公开</a> <a href="/hd">互动交流</a></div>
<div class="crumbs">您的位置：<a href="/">首页</a> &gt; <a href="/zw">政务公开</a> &gt; 年报</div>
<div class="wrap">
<table class="meta"><tr><td>索 引 号：</td><td>000014349/2025-00001</td>
<td>发布机构：</td><td>云岭县人民政府办公室</td></tr></table>
<h1>云岭县2024年政府信息公开工作年度报告</h1>
<p class="info">发布时间：2025-01-20 来源：县政府办公室 浏览次数：35 字体：【大 中 小】</p>
<div id="zoom">
<p>　　根据有关规定，编制本报告。</p><p><strong>一、总体情况</strong></p><p>%s</p>
<p>二、主动公开政府信息情况</p>
<table border="1"><tr><td colspan="2">第二十条第（一）项</td></tr>
<tr><td>规章</td><td>&nbsp;</td></tr></table>
<p>六、其他需要报告的事项</p><p>无。</p>
</div>
<div class="share">分享到：<a>微信</a> <a>微博</a></div><p>【打印本页】 【关闭窗口】</p>
</div>
<div class="footer"><p>主办：云岭县人民政府办公室 ICP备12345678号 网站标识码1234567890</p></div>
</body></html>"""


def test_site_chrome_goes_and_the_report_stays() -> None:
    pages = read_page(SITE % PROSE)
    assert lines(pages) == [
        "云岭县2024年政府信息公开工作年度报告",
        "根据有关规定，编制本报告。",
        "一、总体情况",
        PROSE,
        "二、主动公开政府信息情况",
        "六、其他需要报告的事项",
        "无。",
    ]
    assert [cells(grid) for grid in grids(pages)] == [
        [(0, 0, 1, 2, "第二十条第（一）项"), (1, 0, 1, 1, "规章"), (1, 1, 1, 1, "")]
    ]
    numbers = [b.number for b in pages.pages[0].blocks if isinstance(b, Line)]
    assert numbers == list(range(1, 8))
    assert all(b.closes_paragraph for b in pages.pages[0].blocks if isinstance(b, Line))


def test_what_the_page_says_of_itself_is_metadata() -> None:
    metadata = read_page(SITE % PROSE).metadata
    assert metadata["articletitle"] == "云岭县2024年政府信息公开工作年度报告"
    assert metadata["pubdate"] == "2025-01-20 10:00"
    assert metadata["contentsource"] == "县政府办公室"
    assert metadata["索引号"] == "000014349/2025-00001"
    assert metadata["发布机构"] == "云岭县人民政府办公室"
    assert metadata["title"].startswith("云岭县2024年")


def test_title_outside_the_container_is_found_and_no_other_link_is() -> None:
    markup = f"""<body><ul><li><a>某镇2023年政府信息公开工作年度报告</a></li></ul>
    <div class="article-title">云岭县水利局<br>2024年政府信息公开工作年度报告</div>
    <div class="con"><p>一、总体情况</p><p>{PROSE}</p><p>二、主动公开情况</p></div></body>"""
    assert lines(read_page(markup))[0].replace(" ", "") == (
        "云岭县水利局2024年政府信息公开工作年度报告"
    )


def test_a_table_of_one_cell_inside_a_cell_is_its_frame() -> None:
    one, none = (f"<table><tr><td>{text}</td></tr></table>" for text in ("2 47", "&nbsp;"))
    page = f"""<table><tr><td>信息内容</td><td>制发</td><td>废止</td></tr>
    <tr><td>规章</td><td>{one}</td><td>{none}</td></tr></table>"""
    [grid] = grids(read_page(page))
    assert [c.text for c in grid.cells if c.row == 1] == ["规章", "2 47", ""]


def test_a_table_around_tables_is_layout() -> None:
    inner = "<table><tr><td>规章</td><td>{}</td></tr></table>"
    page = f"<table><tr><td>{inner.format(2)}</td><td>{inner.format(3)}</td></tr></table>"
    found = grids(read_page(page))
    assert [[c.text for c in grid.cells] for grid in found] == [["规章", "2"], ["规章", "3"]]


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("gb2312", "gbk"),  # pages declare GB2312 and use GBK
        ("gbk", "gb18030"),
        ("utf-8", "gbk"),  # the declaration is wrong
        ("gb2312", "utf-8"),
        ("", "gb18030"),
        ("big5", "big5hkscs"),
        ("", "utf-16"),
        ("utf-8", "utf-8-sig"),
    ],
)
def test_encodings(declared: str, encoding: str) -> None:
    text = (
        "一、總體情況：主動公開政府信息，受理申請十件。"
        if "big5" in encoding
        else "一、总体情况：镕瑄。"
    )
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">'
    markup = f"<html><head>{meta if declared else ''}</head><body><p>{text}</p></body></html>"
    assert lines(read_page(markup, encoding)) == [text]


def test_parts_beside_the_main_container_are_never_lost() -> None:
    markup = f"""<body><ul><li><a>首页</a></li><li><a>公开</a></li><li><a>互动</a></li></ul>
    <div class="con"><p>一、总体情况</p><p>{PROSE * 5}</p></div>
    <table><tr><td>规章</td><td>3</td></tr></table><div>六、其他需要报告的事项：无</div>
    <div class="footer">版权所有：云岭县人民政府</div></body>"""
    pages = read_page(markup)
    assert lines(pages) == ["一、总体情况", PROSE * 5, "六、其他需要报告的事项：无"]
    assert len(grids(pages)) == 1


def test_spans_expand_and_never_overlap() -> None:
    markup = """<table>
    <tr><td rowspan="3">三</td><td colspan="2">（一）予以公开</td><td>1</td></tr>
    <tr><td rowspan="2">（二）</td><td>甲</td><td>&nbsp;</td></tr>
    <tr><td>乙</td><td><p>1</p><p>2</p></td></tr>
    <tr><td colspan="3">四、结转</td><td><sub>0</sub></td></tr></table>"""
    (grid,) = grids(read_page(markup))
    assert cells(grid) == [
        (0, 0, 3, 1, "三"),
        (0, 1, 1, 2, "（一）予以公开"),
        (0, 3, 1, 1, "1"),
        (1, 1, 2, 1, "（二）"),
        (1, 2, 1, 1, "甲"),
        (1, 3, 1, 1, ""),
        (2, 2, 1, 1, "乙"),
        (2, 3, 1, 1, "1\n2"),
        (3, 0, 1, 3, "四、结转"),
        (3, 3, 1, 1, "0"),
    ]
    assert (grid.rows, grid.columns) == (4, 4)
    taken = [
        (c.row + i, c.column + k)
        for c in grid.cells
        for i in range(c.rowspan)
        for k in range(c.colspan)
    ]
    assert len(taken) == len(set(taken)) == 16


def test_layout_tables_are_flattened_and_their_data_tables_kept() -> None:
    markup = f"""<table width="100%"><tr><td><table><tr><td>
    <p>某局年度报告</p><p>{PROSE}</p><table border=1><tr><td>规章</td><td>3</td></tr></table>
    <p>六、其他</p></td></tr></table></td></tr></table>"""
    pages = read_page(markup)
    assert lines(pages) == ["某局年度报告", PROSE, "六、其他"]
    assert cells(grids(pages)[0]) == [(0, 0, 1, 1, "规章"), (0, 1, 1, 1, "3")]


def test_a_form_whose_cells_hold_prose_becomes_lines() -> None:
    rows = f"<tr><td>主动公开</td><td>{PROSE}</td></tr><tr><td>费用</td><td>无</td></tr>"
    markup = f"<table>{rows}</table>"
    assert lines(read_page(markup)) == ["主动公开", PROSE, "费用", "无"]


def test_line_breaks_source_wraps_and_lists() -> None:
    markup = """<div>一、总体情况<br>第一段在源码里
    换了行，<br/>第二段。 Open
    data</div><ol><li>加强培训</li><li>2.完善制度</li></ol><ul><li>其他</li></ul>
    <pre>甲 乙\n丙</pre>"""
    assert lines(read_page(markup)) == [
        "一、总体情况",
        "第一段在源码里换了行，",
        "第二段。 Open data",
        "1.加强培训",
        "2.完善制度",
        "其他",
        "甲 乙",
        "丙",
    ]


def test_hand_wrapped_lines_do_not_claim_to_end_a_paragraph() -> None:
    wrapped = ["云岭县坚持以公开为常态不公开为例外的原则认真做好各项"] * 6
    markup = "<div>" + "<br>".join([*wrapped, "工作。"]) + "</div>"
    blocks = [b for b in read_page(markup).pages[0].blocks if isinstance(b, Line)]
    assert [b.closes_paragraph for b in blocks] == [None] * 6 + [True]


def test_hidden_parts_and_entities_are_not_read() -> None:
    markup = """<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><body>
    <p>正文&x;一段</p><p style="display:none">隐藏</p><div hidden>隐藏</div>
    <noscript>请启用</noscript><iframe src="http://example.com/"></iframe><!-- 注释 -->
    <textarea>输入</textarea></body>"""
    (line,) = lines(read_page(markup))
    assert line.startswith("正文") and line.endswith("一段") and "root" not in line


def test_a_picture_under_a_table_heading_is_a_finding() -> None:
    markup = """<p>一、总体情况</p><p>好。</p><p>三、收到和处理政府信息公开申请情况</p>
    <p><img src="a.png" width="600"></p><p>四、其他</p><p><img src="b.gif" width="16"></p>"""
    pages = read_page(markup)
    (finding,) = pages.findings
    assert finding.code == "image_in_place_of_table" and "收到和处理" in finding.message


@pytest.mark.parametrize(
    ("body", "advice"),
    [
        ("<div id=app></div><script src=a.js></script>", "脚本"),
        ("<p><img src='1.jpg'></p>", "OCR"),
        ("<iframe src='/files/nb2024.pdf'></iframe>", "附件"),
    ],
)
def test_pages_without_text_say_why(body: str, advice: str) -> None:
    with pytest.raises(ReadError, match=advice) as caught:
        read_page(f"<html><body>{body}</body></html>")
    assert caught.value.code == "empty"


def test_word_filler_rows_are_dropped() -> None:
    markup = """<table><tr height="0"><td width="72"></td><td width="72"></td></tr>
    <tr><td>规章</td><td>0</td></tr></table>"""
    assert cells(grids(read_page(markup))[0]) == [(0, 0, 1, 1, "规章"), (0, 1, 1, 1, "0")]


def test_a_long_note_does_not_turn_a_table_into_lines() -> None:
    numbers = "".join(f"<tr><td>第{n}行</td><td>{n}</td><td>0</td></tr>" for n in range(4))
    markup = f"<table>{numbers}<tr><td colspan=3>注：{PROSE}</td></tr></table>"
    (grid,) = grids(read_page(markup))
    assert (grid.rows, grid.columns) == (5, 3)


HOSTILE = {
    "deep": "<div>" * 30_000 + "一、总体情况" + "</div>" * 30_000,
    "unclosed": "<p><b><i>" * 20_000 + "一、总体情况",
    "deep tables": "<table><tr><td>" * 20_000 + "一、总体情况",
    "many": "<p>一、总体情况</p>" * 310_000,
    "spans": "<p>一、总体情况</p><table><tr>"
    + "<td rowspan=99999 colspan=99999>1</td>" * 300
    + "</tr><tr><td>2</td></tr></table>",
    "links": "<p>一、总体情况</p>" + "<div class='share menu'><a>甲</a>" * 10_000,
    "attributes": "<p " + "a=1 " * 200_000 + ">一、总体情况</p><p>x</p><p>y</p>",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_markup_neither_hangs_nor_overflows(kind: str) -> None:
    began = time.monotonic()
    try:
        assert "一、总体情况" in "".join(lines(read_page("<html>" + HOSTILE[kind])))
    except ReadError as error:
        assert error.code in ("damaged", "empty", "too_large")
    assert time.monotonic() - began < 20
