"""A web page as a whole: decoding, parsing, what it says of itself, findings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from lxml import etree

from nlp.documents import Block, Finding, Grid, Line, Page, Pages, ReadError
from nlp.read.characters import clean_characters
from nlp.read.encoding import decode
from nlp.read.html.blocks import Walked, walk_blocks
from nlp.read.html.content import (
    Element,
    drop_chrome,
    elements_before,
    main_content,
    meta_pair,
    short_text,
    title_before,
)

# Pages with pictures inside (data: addresses) reach some MB; text never does.
MAX_HTML_BYTES = 40 * 2**20
# The busiest pages, saved from Word, have some 50 000 elements.
MAX_ELEMENTS = 300_000
_DECLARED = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w-]+)|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w-]+)",
    re.I,
)
# lxml would take the text of a document type's own entities for text of the page.
_PROLOGUE = re.compile(r"<\?xml[^>]{0,300}\?>|<!doctype[^>\[]{0,300}(?:\[[^\]]*\]\s*)?>", re.I)
_META_TAGS = {"td", "th", "p", "li", "span", "dd", "dt", "div", "em", "i"}
_DATA_ADDRESS = re.compile(r"data:[\w/+.-]{1,60};base64,[A-Za-z0-9+/=\s]{200,}")
# The meta names of Chinese government sites (GB/T and the State Council's site norm).
_META_NAMES = {
    "articletitle", "pubdate", "contentsource", "sitename", "columnname", "author", "keywords",
    "description", "url", "sitedomain", "columntype", "publisher", "source", "og:title",
}  # fmt: skip
_EXPECTED = "含有报告正文的网页"


def read_html(data: bytes, name: str, digest: str) -> Pages:
    """Read a web page into one page of lines and tables.

    Nothing is fetched: pictures, frames and style sheets are not followed, entities are
    not expanded.  ``metadata`` has the page's title, its meta tags (names in lower case)
    and the 索引号／发布机构／发布日期 block under its own labels.

    Raises
    ------
    ReadError
        ``empty``, ``too_large`` or ``damaged``.
    """
    if len(data) > MAX_HTML_BYTES:
        raise _too_large(name, f"{len(data) / 2**20:.0f} MB 的网页")
    declared = _declared(data)
    decoded = decode(data, name, declared=declared)
    text = _PROLOGUE.sub("", clean_characters(decoded.text))
    root = _parse(_DATA_ADDRESS.sub("", text), name)
    count = sum(1 for _ in islice(root.iter(), MAX_ELEMENTS + 1))
    if count > MAX_ELEMENTS:
        raise _too_large(name, f"有 {MAX_ELEMENTS} 个以上元素的网页")
    metadata = _metadata(root)
    body = root.find(".//body")
    content = main_content(body if body is not None else root)
    walked = walk_blocks(content)
    blocks, block_meta = drop_chrome(walked.blocks)
    metadata.update(block_meta)
    for key, value in _outer_meta(root, content).items():
        metadata.setdefault(key, value)
    title = title_before(root, content, metadata.get("articletitle") or metadata.get("title", ""))
    if title and not any(title == b.text for b in blocks[:6] if isinstance(b, Line)):
        blocks = [Line(title, 1, 0, closes_paragraph=True), *blocks]
    if not blocks:
        raise _nothing(root, name)
    metadata["encoding"] = decoded.encoding
    return Pages(
        name=name,
        kind="html",
        sha256=digest,
        reader=f"lxml {etree.__version__}",
        pages=(Page(1, tuple(_number(blocks))),),
        metadata=dict(sorted(metadata.items())),
        findings=_findings(decoded.bad, walked),
    )


def _too_large(name: str, found: str) -> ReadError:
    return ReadError(
        "too_large",
        name,
        expected=f"不超过 {MAX_HTML_BYTES // 2**20} MB、{MAX_ELEMENTS} 个元素的网页",
        found=found,
        advice="请确认文件无误，或只保存报告正文后再读取。",
    )


def _declared(data: bytes) -> str | None:
    match = _DECLARED.search(data[:8192])
    if match is None:
        return None
    return (match.group(1) or match.group(2)).decode("ascii", errors="replace")


def _parse(text: str, name: str) -> Element:
    parser = etree.HTMLParser(
        encoding="utf-8",
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
        recover=True,
    )
    try:
        root = etree.fromstring(text.encode("utf-8", errors="replace"), parser)
    except (etree.LxmlError, ValueError) as error:
        raise ReadError(
            "damaged",
            name,
            expected=_EXPECTED,
            found="解析不了的网页",
            advice="请用浏览器打开后另存为“网页，仅 HTML”再读取。",
        ) from error
    if root is None:
        raise ReadError(
            "empty",
            name,
            expected=_EXPECTED,
            found="没有内容的网页",
            advice="请用浏览器打开后另存为“网页，仅 HTML”再读取。",
        )
    return root


def _metadata(root: Element) -> dict[str, str]:
    metadata: dict[str, str] = {}
    title = root.find(".//title")
    if title is not None and (title.text or "").strip():
        metadata["title"] = " ".join((title.text or "").split())
    for meta in root.iter("meta"):
        key = (meta.get("name") or meta.get("property") or "").strip().lower()
        value = " ".join((meta.get("content") or "").split())
        if key in _META_NAMES and value:
            metadata.setdefault(key, value)
    return metadata


def _outer_meta(root: Element, content: Element) -> dict[str, str]:
    """The 索引号／发布机构 block where it stands outside the report's own container."""
    if content.tag == "body":
        return {}
    found: dict[str, str] = {}
    for element in elements_before(root, content):
        if element.tag not in _META_TAGS or len(element) > 4:
            continue
        pair = meta_pair(short_text(element, 80))
        if pair is not None and not pair[1]:
            after = element.getnext()
            value = short_text(after, 80) if after is not None else ""
            pair = (pair[0], value)
        if pair is not None and pair[1]:
            found.setdefault(*pair)
    return found


def _number(blocks: Sequence[Block]) -> list[Block]:
    numbered: list[Block] = []
    lines = grids = 0
    for block in blocks:
        if isinstance(block, Grid):
            grids += 1
            numbered.append(Grid(1, grids, block.rows, block.columns, block.cells, block.box))
        else:
            lines += 1
            numbered.append(Line(block.text, 1, lines, closes_paragraph=block.closes_paragraph))
    return numbered


def _nothing(root: Element, name: str) -> ReadError:
    embedded = [
        address
        for element in root.iter("iframe", "embed", "object", "a")
        if (address := element.get("src") or element.get("data") or element.get("href") or "")
        and re.search(r"\.(pdf|docx?|wps)\b", address, re.I)
    ]
    if embedded:
        advice = "报告在网页所附的文件里；请下载附件（PDF 或 Word）再读取。"
    elif root.find(".//img") is not None:
        advice = "报告可能是以图片发布的；请改用文字版，或先做文字识别（OCR）。"
    else:
        advice = "正文可能由脚本载入；请用浏览器打开、待文字显示后另存再读取。"
    return ReadError("empty", name, expected=_EXPECTED, found="没有正文文字的网页", advice=advice)


def _findings(bad: int, walked: Walked) -> tuple[Finding, ...]:
    findings = []
    if bad:
        findings.append(
            Finding(
                "undecodable_text",
                "warning",
                f"有 {bad} 处文字无法解码，读作“\ufffd”，请对照原文核对。",
            )
        )
    findings.extend(
        Finding(
            "image_in_place_of_table",
            "warning",
            f"“{heading}”之下是一幅图片；若其中是表格，未能读取，其单元格记为缺失而不是零。",
            1,
        )
        for heading in walked.pictures_after
    )
    return tuple(findings)
