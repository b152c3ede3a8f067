"""HTML: pages of a government site with their chrome, and pages to print."""

from __future__ import annotations

from html import escape

from .sources import Source
from .tables import Cell, Table

FICTION = "虚构样例 fictional sample：本报告的机关、地名和数字均为虚构"

_PRINT_CSS = """
@page {{ size: A4; margin: {margin};
  {footer}
  {header}
}}
body {{ font: {size}pt/{leading} "{font}", serif; margin: 0; }}
h1 {{ font: bold {title_size}pt/1.4 "{heading_font}"; text-align: center; margin: 6pt 0 14pt; }}
h2 {{ font: bold {heading_size}pt/1.6 "{heading_font}"; text-indent: 2em; margin: 6pt 0; }}
p {{ text-indent: 2em; margin: 0; text-align: justify; }}
p.sub {{ font-family: "{heading_font}"; }}
table {{ border-collapse: collapse; width: 100%; margin: 6pt 0;
  font-size: {table_size}pt; line-height: 1.35; }}
td {{ border: 1px solid #000; padding: {padding} 3pt; text-align: center; text-indent: 0; }}
td.label {{ text-align: left; }}
td.block, td.head {{ background: {fill}; }}
td.vertical {{ writing-mode: vertical-rl; letter-spacing: 2pt; }}
"""

_SITE_CSS = """
body{margin:0;font:16px/1.9 "Microsoft YaHei",sans-serif;color:#333}
.top{background:#b1201f;color:#fff;padding:14px 40px}.nav a{color:#fff;margin-right:24px}
.wrap{width:1000px;margin:0 auto}.crumb{color:#888;font-size:14px}
h1{text-align:center;font-size:24px}table{border-collapse:collapse;width:100%}
td{border:1px solid #666;text-align:center;padding:4px}.foot{background:#eee;text-align:center}
"""


def page_html(source: Source) -> str:
    """Give the whole page of a site, with chrome of one of three kinds."""
    chrome = {"modern": _modern, "old": _old, "plain": _plain}[source.get("site", "modern")]
    return chrome(source)


def print_html(source: Source) -> str:
    """Give the page that a browser prints."""
    look = {
        "margin": "26mm 24mm 24mm",
        "size": 12,
        "leading": "1.75",
        "font": "AR PL UMing CN",
        "heading_font": "WenQuanYi Zen Hei",
        "title_size": 18,
        "heading_size": 13,
        "table_size": 9,
        "padding": "2pt",
        "fill": "#dbe5f1",
    } | source.get("look", {})
    footer = source.get("footer")
    content = ""
    if footer:
        pieces = footer.replace("{n}", '" counter(page) "').replace("{N}", '" counter(pages) "')
        font = look["font"]
        content = f'@bottom-center {{ content: "{pieces}"; font: 10pt "{font}"; }}'
    header = source.get("header")
    top = f'@top-center {{ content: "{header}"; font: 9pt "{look["font"]}"; }}' if header else ""
    css = _PRINT_CSS.format(**look, footer=content, header=top)
    return _document(source, f"<style>{css}</style>", content_html(source))


def content_html(source: Source, *, title: bool = True) -> str:
    """Give title, prose and tables without any chrome."""
    lines = []
    if title and source.title_lines:
        lines.append("<h1>" + "<br>".join(map(escape, source.title_lines)) + "</h1>")
    jagged = source.get("jagged", False)
    stacked = source.get("stacked", False)
    # A page pasted from a word processor: every run in a span of its own, spaces as entities.
    pasted = source.get("pasted", False)
    whole: list[str] = []
    glue = ""
    for block in source.blocks:
        if block.kind in source.tables:
            if whole:
                lines.append(f"<p>{''.join(whole)}</p>")
                whole = []
            lines += [
                _table_html(t, jagged=jagged, stacked=stacked) for t in source.tables[block.kind]
            ]
        elif block.kind == "image":
            lines.append(f'<p style="text-align:center"><img src="./{block.text}" alt=""></p>')
        elif source.get("one_paragraph"):
            whole.append(escape(block.text))
        elif block.kind == "heading" and block.glued:
            glue = f"<strong>{escape(block.text)}</strong>"
        elif block.kind == "heading":
            lines.append(
                f'<p><span style="font-family:黑体">&nbsp;&nbsp;&nbsp;&nbsp;{escape(block.text)}'
                "</span></p>"
                if pasted
                else f"<h2>{escape(block.text)}</h2>"
            )
        else:
            text = glue + escape(block.text)
            glue = ""
            kind = ' class="sub"' if block.kind == "sub" else ""
            if pasted:
                cut = max(1, len(text) // 3) if "&" not in text and "<" not in text else len(text)
                pieces = (
                    f'<span style="font-size:16pt">{text[:cut]}</span><span>{text[cut:]}</span>'
                )
                text = f"&nbsp;&nbsp;&nbsp;&nbsp;{pieces}"
            lines.append(f"<p{kind}>{text}</p>")
    if whole:
        lines.append(f"<p>{''.join(whole)}</p>")
    return "\n".join(lines)


def _table_html(table: Table, *, jagged: bool, stacked: bool) -> str:
    rows = []
    for row in range(table.rows):
        cells = "".join(_td(c, table, jagged=jagged, stacked=stacked) for c in table.row_cells(row))
        rows.append(f"<tr>{cells}</tr>")
    body = "\n".join(rows)
    return f'<table class="{table.name}">\n<tbody>\n{body}\n</tbody>\n</table>'


def _td(cell: Cell, table: Table, *, jagged: bool, stacked: bool) -> str:
    colspan = cell.colspan
    last = cell.column + cell.colspan
    if jagged and table.name == "table3":
        # One physical column more than the form has: a different cell is wide in each row.
        wide = cell.column == (8 if cell.row % 2 else 9) and cell.role == "number"
        colspan += int(wide or (cell.role == "head" and cell.row < 2 and last == table.columns))
    spans = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    spans += f' colspan="{colspan}"' if colspan > 1 else ""
    text = escape(cell.text) or "&nbsp;"
    role = cell.role
    if role == "vertical" and stacked:
        # One character a line; a browser then lets a page break fall anywhere in the rows.
        role, text = "stack", "<br>".join(cell.text)
    return f'<td class="{role}"{spans}>{text}</td>'


def _document(source: Source, head: str, body: str, *, charset: str = "utf-8") -> str:
    title = escape("".join(source.title_lines) or source.issuer["issuer"])
    return (
        "<!DOCTYPE html>\n"
        f'<html lang="zh-CN">\n<head>\n<meta charset="{charset}">\n<title>{title}</title>\n'
        f'<meta name="description" content="{FICTION}">\n'
        '<meta name="keywords" content="虚构样例,fictional sample">\n'
        f"{head}\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _place(source: Source) -> str:
    region = source.issuer["region"]
    return str(source.issuer.get("site") or next(reversed(region.values())))


def _modern(source: Source) -> str:
    place, issuer = escape(_place(source)), escape(source.issuer["issuer"])
    title = escape("".join(source.title_lines))
    heading = f"<h1>{title}</h1>\n" if title else ""
    published = source.get("published", f"{source.settings['year'] + 1}-01-24")
    body = f"""<div class="top"><div class="wrap"><b>{place}政府信息公开</b>
<div class="nav"><a href="#">首页</a><a href="#">政务公开</a><a href="#">办事服务</a>
<a href="#">互动交流</a><a href="#">数据开放</a></div></div></div>
<div class="wrap">
<div class="crumb">当前位置：<a href="#">首页</a> &gt; <a href="#">政府信息公开</a> &gt;
<a href="#">政府信息公开年报</a> &gt; {issuer}</div>
<table class="meta"><tr><td>索引号</td>
<td>{source.issuer["slug"].upper()}/{source.settings["year"] + 1}-00017</td><td>主题分类</td>
<td>政务公开/年度报告</td></tr>
<tr><td>发布机构</td><td>{issuer}</td><td>发布日期</td><td>{published}</td></tr></table>
<div class="bar">字号：
<a href="#">大</a> <a href="#">中</a> <a href="#">小</a> 浏览次数：<span>1206</span>
<a href="#">打印</a> <a href="#">关闭</a></div>
{heading}<div class="content" id="zoom">
{content_html(source, title=False)}
</div>
<div class="share">分享到：<a href="#">微信</a> <a href="#">微博</a></div>
<div class="qr">扫一扫在手机打开当前页</div>
</div>
<div class="foot"><p>主办单位：{place}人民政府办公室 承办单位：{place}数据中心</p>
<p>备案号：虚ICP备00000000号 网站标识码：0000000000</p></div>"""
    return _document(source, f"<style>{_SITE_CSS}</style>", body)


def _old(source: Source) -> str:
    place, issuer = escape(_place(source)), escape(source.issuer["issuer"])
    published = source.get("published", f"{source.settings['year'] + 1}-03-02")
    title = "<br>".join(map(escape, source.title_lines))
    body = f"""<table width="960" align="center" border="0" cellspacing="0"><tr>
<td colspan="2"><img src="banner.jpg" alt="{place}信息网"></td></tr>
<tr><td width="180" valign="top"><ul><li><a href="#">公开指南</a></li>
<li><a href="#">公开目录</a></li>
<li><a href="#">依申请公开</a></li><li><a href="#">公开年报</a></li></ul></td>
<td valign="top"><p>您的位置：首页 →  政务公开 →  年报 →  正文</p>
<p align="center"><font size="5"><b>{title}</b></font></p>
<p align="center">信息来源：{issuer}　发布时间：{published}　点击数：358</p>
<div id="fontzoom">
{content_html(source, title=False)}
</div>
<p align="right">【<a href="#">打印本页</a>】【<a href="#">关闭窗口</a>】</p>
<p>上一篇：关于印发年度工作要点的通知</p><p>下一篇：没有了</p></td></tr>
<tr>
<td colspan="2" align="center">版权所有：{place}人民政府
技术支持：{place}信息中心 虚ICP备00000001号</td></tr></table>"""
    charset = source.get("charset", "utf-8")
    return _document(source, "", body, charset=charset)


def _plain(source: Source) -> str:
    return _document(source, "", content_html(source))
