"""The report within the page: main content, its title, and what belongs to the site."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from lxml import etree

from nlp.documents import Block, Grid, Line
from nlp.read.html.tables import is_data_table

# lxml's element type has no public class that stubs agree on.
Element = Any

SKIPPED = {
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "select",
    "option", "button", "input", "textarea", "head", "meta", "link", "nav", "footer", "audio",
    "video", "canvas", "map", "colgroup", "col", "math",
}  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
# Class and id words of site furniture, on word boundaries so that "content-head" stays.
_CHROME = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|footer|foot|crumbs?|breadcrumbs?|share|bdsharebuttonbox|"
    r"copyright|sidebar|friendlinks?|toolbar|pagination|related|banner|location|position|weizhi)"
    r"(?:$|[\s_-])",
    re.I,
)
# The container is the innermost element with this share of the page's own (unlinked) text.
_SHARE = 0.85
_FURNITURE = re.compile(
    r"^(?:分享到?|打印(?:本页|页面)?|关闭(?:窗口|本页)?|收藏|返回顶部|上一[篇条]|下一[篇条]|"
    r"当前位置|您(?:现在|当前)?(?:所在)?的?位置|首页|网站首页|网站地图|联系我们|关于我们|无障碍(?:浏览)?|"
    r"长者(?:助手|模式)|字体|字号|【?字(?:体|号)|相关(?:附件|链接|文章|信息|阅读)?$|扫一扫|用微信|"
    r"责任编辑|编辑|审核|点击(?:数|量|次数)|浏览(?:次数|量)|阅读(?:次数|量)?|访问量|版权所有|主办(?:单位)?|"
    r"承办(?:单位)?|技术支持|网站标识码|ICP备|备案(?:号|序号)|政府网站标识|地址[:：].{0,60}邮编)"
)
_ANYWHERE = re.compile(
    r"ICP备\s*\d|公网安备|网站标识码|版权所有[:：©]?|Copyright|扫一扫|二维码.{0,12}(?:分享|打开|手机)|"
    r"分享到|打印本页|关闭窗口|浏览次数|字体[:：]?\s*+(?:[【\[（(]\s*+)?大",
    re.I,
)
_META_LABEL = (
    "信息索引号|索引号|索引|主题分类|信息分类|体裁分类|组配分类|公文种类|发布机构|发布单位|发布机关|"
    "发文机关|发文单位|公开责任部门|信息公开单位|信息来源|文章来源|来源|成文日期|生成日期|公开日期|"
    "发布日期|发布时间|发文日期|发文字号|文号|主题词|关键词|信息名称|名称|有效性|公开形式|公开方式|"
    "公开范围|公开时限|内容概述|作者|浏览次数|阅读次数|点击数|责任编辑|废止日期|生效日期"
)
_SQUEEZED = re.compile(r"[\s\u00a0\u3000]+")
_META = re.compile(rf"^[【\[]?(?P<label>{_META_LABEL})[】\]]?[：:](?P<value>.*)$")
_META_IN_LINE = re.compile(rf"(?:{_META_LABEL})[：:]")
_REPORT_WORDS = re.compile(r"(?:信息|政务).{0,12}(?:报告|年报|总结)|年度?报告|年报")
_TITLE_TAGS = {"h1", "h2", "h3", "div", "p", "td", "span", "ucaptitle", "strong", "b", "font"}
# Sentences and ordinals: site furniture has neither.
_REPORT_PART = re.compile(r"。|^[（(]?[一二三四五六七八九十\d]{1,3}[、.．）)]")
_SEPARATORS = " \t\r\n\u00a0\u3000|>»·-/"
_ENDS = 25
# Menus and footers stay below both.
_SMALL_NODES = 5000
_SMALL_TEXT = 400
# No page has more elements than this above its report.
_MANY = 5000


def is_hidden(element: Element) -> bool:
    """Whether an element is not shown, or is site furniture by its own name."""
    if element.tag in SKIPPED or element.get("hidden") is not None:
        return True
    style = element.get("style")
    if style and _HIDDEN.search(style):
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    # Furniture is small; a container of that name that holds a table is the report.
    return (
        names != " "
        and element.tag not in ("body", "td", "tr", "table")
        and _CHROME.search(names) is not None
        and _is_small(element)
    )


def is_link_list(element: Element) -> bool:
    """Whether a block is a menu: three links or more and no text of its own.

    Looks at the first few hundred nodes only; a longer block is no menu.
    """
    if element.tag not in ("ul", "ol", "dl", "div", "td", "p", "section"):
        return False
    links = 0
    for node in islice(element.iter(), 400):
        if not isinstance(node.tag, str):
            continue
        if node.tag == "a":
            links += 1
        elif node.tag == "table":
            return False
        inside = node.tag == "a" or node.getparent().tag == "a"
        if not inside and (node.text or "").strip(_SEPARATORS):
            return False
        if node is not element and (node.tail or "").strip(_SEPARATORS):
            return False
    return links >= 3


def _is_small(element: Element) -> bool:
    """Whether an element has no table, little text and few parts; looks no further than that."""
    length = 0
    for count, node in enumerate(element.iter()):
        if node.tag == "table" or count > _SMALL_NODES:
            return False
        if isinstance(node.tag, str):
            length += len((node.text or "").strip())
        if node is not element:
            length += len((node.tail or "").strip())
        if length >= _SMALL_TEXT:
            return False
    return True


def main_content(body: Element) -> Element:
    """Find the innermost element that holds nearly all the text that is not links."""
    scores: dict[Element, float] = {}
    stack: list[float] = []
    linked = 0
    walker = etree.iterwalk(body, events=("start", "end"))
    for event, element in walker:
        if event == "start":
            stack.append(0.0)
            if not isinstance(element.tag, str) or is_hidden(element):
                walker.skip_subtree()
                continue
            linked += element.tag == "a"
            if not linked:
                stack[-1] += _weight(element.text)
            continue
        linked -= element.tag == "a" and not is_hidden(element)
        score = stack.pop()
        scores[element] = score
        if stack:
            stack[-1] += score + (0.0 if linked else _weight(element.tail))
    best, total = body, scores.get(body, 0.0)
    while True:
        within = [
            child
            for child in best
            if isinstance(child.tag, str)
            and scores.get(child, 0.0) >= _SHARE * total
            and not (child.tag == "table" and is_data_table(child))
            and child.tag not in ("p", "span", "font", "b", "strong", "pre", "h1", "h2", "h3")
        ]
        if not within or not total:
            return best
        inner = max(within, key=lambda child: scores[child])
        if any(_is_report_part(part) for part in _beside(best, inner, scores)):
            return best
        best = inner


def _beside(outer: Element, inner: Element, scores: dict[Element, float]) -> Iterator[Any]:
    """Yield what a step inwards would leave behind: siblings with text, and loose text."""
    yield outer.text or ""
    for child in outer:
        if child is not inner and scores.get(child, 0.0) > 0:
            yield child
        yield child.tail or ""


def _is_report_part(part: Any) -> bool:
    """Whether text beside the main part may belong to the report: never lose such."""
    if not isinstance(part, str):
        if part.tag in ("td", "th", "tr", "tbody"):
            return (
                not _is_furniture(short_text(part, 200))
                and meta_pair(short_text(part, 200)) is None
            )
        if any(is_data_table(table) for table in islice(part.iter("table"), _MANY)):
            return True
        return any(_is_report_part(text) for text in islice(part.itertext(), _MANY))
    text = part.strip()
    if not text or _is_furniture(text) or meta_pair(text):
        return False
    return bool(_REPORT_PART.search(text))


def _weight(text: str | None) -> float:
    shown = (text or "").strip()
    return 0.0 if not shown or _ANYWHERE.search(shown) else float(len(shown))


def title_before(root: Element, content: Element, wanted: str) -> str | None:
    """Find the report's title above its container: a short unlinked line that names it."""
    best: str | None = None
    squeezed = _SQUEEZED.sub("", wanted)
    for element in elements_before(root, content):
        if element.tag not in _TITLE_TAGS or len(element) > 6 or is_hidden(element):
            continue
        if element.find(".//a") is not None or element.getparent().tag == "a":
            continue
        shown = short_text(element, 81)
        if not 4 < len(shown) <= 80 or meta_pair(shown):
            continue
        bare = _SQUEEZED.sub("", shown)
        named = bool(squeezed) and bare in squeezed and len(bare) > 6
        if _REPORT_WORDS.search(shown) and (named or element.tag in ("h1", "h2", "h3") or not best):
            best = shown
    return best


def elements_before(root: Element, content: Element) -> Iterator[Element]:
    """Yield the shown elements that end before ``content`` begins, up to a limit."""
    around = set(islice(content.iterancestors(), _MANY))
    for element in islice(root.iter(), _MANY):
        if element is content:
            return
        if isinstance(element.tag, str) and element not in around and element.tag not in SKIPPED:
            yield element


def short_text(element: Element, most: int) -> str:
    """Give the text of an element if it is short; a long one is cut, never walked through."""
    parts: list[str] = []
    length = 0
    for text in islice(element.itertext(), 60):
        parts.append(text)
        length += len(text.strip())
        if length > most:
            break
    return " ".join(" ".join(parts).split()) if length <= most else "".join(parts)


def meta_pair(text: str) -> tuple[str, str] | None:
    """Read ``索引号：…`` as a pair; None where the text is something else.

    Examples
    --------
    >>> meta_pair("发 布 机 构： 示例县人民政府")
    ('发布机构', '示例县人民政府')
    """
    head, mark, value = text.replace(":", "：", 1).partition("：")
    if not mark:
        return None
    label = _SQUEEZED.sub("", head)
    match = _META.match(f"{label}：")
    if match is None:
        return None
    return match["label"], _SQUEEZED.sub(" ", value).strip()


def drop_chrome(blocks: Sequence[Block]) -> tuple[list[Block], dict[str, str]]:
    """Take site furniture off both ends, and the meta block into a mapping."""
    metadata: dict[str, str] = {}
    kept: list[Block] = []
    count = len(blocks)
    for position, block in enumerate(blocks):
        near_end = position < _ENDS or position >= count - _ENDS
        if isinstance(block, Grid):
            pairs = _grid_meta(block) if position < _ENDS else {}
            if pairs:
                metadata.update(pairs)
                continue
        elif near_end:
            found = _line_meta(block) if position < _ENDS else None
            if found is not None:
                metadata.update(found)
                continue
            if _is_furniture(block.text):
                continue
        kept.append(block)
    return kept, metadata


def _is_furniture(text: str) -> bool:
    text = text.strip(" \u3000\u00a0|>»·-")
    if not text:
        return True
    if _ANYWHERE.search(text) and len(text) < 150:
        return True
    if len(text) <= 40 and _FURNITURE.match(text):
        # 收藏、编辑 and the like may begin a sentence; furniture has none.
        return not re.search(r"[。；，]", text)
    return False


def _line_meta(line: Line) -> dict[str, str] | None:
    if len(line.text) > 150:
        return None
    squeezed = _SQUEEZED.sub(" ", line.text)
    labels = list(_META_IN_LINE.finditer(squeezed))
    first = meta_pair(squeezed)
    if first is None or (len(labels) < 2 and len(squeezed) > 60):
        return None
    if len(labels) < 2:
        return {first[0]: first[1]} if first[1] else {}
    found = {}
    for label, after in zip(labels, [*labels[1:], None], strict=True):
        end = after.start() if after is not None else len(squeezed)
        pair = meta_pair(squeezed[label.start() : end])
        if pair is not None and pair[1]:
            found[pair[0]] = pair[1]
    return found


def _grid_meta(grid: Grid) -> dict[str, str]:
    """A table of 索引号／发布机构 pairs (label cell and value cell, or both in one)."""
    found: dict[str, str] = {}
    labels = 0
    texts = [cell.text for cell in grid.cells]
    for index, text in enumerate(texts):
        pair = meta_pair(text)
        if pair is None and index + 1 < len(texts):
            squeezed = _SQUEEZED.sub("", text).rstrip("：:")
            pair = meta_pair(f"{squeezed}：{texts[index + 1]}") if len(squeezed) <= 8 else None
        elif pair is not None and not pair[1] and index + 1 < len(texts):
            pair = (pair[0], texts[index + 1])
        if pair is not None:
            labels += 1
            if pair[1]:
                found.setdefault(*pair)
    # Two labels that only such a block has; a statutory table has none of them.
    return found if labels >= 2 and len(texts) <= 40 else {}
