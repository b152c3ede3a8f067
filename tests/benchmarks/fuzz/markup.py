"""Damage to markup: tags and attributes of web pages and of the XML inside Word files."""

# ruff: noqa: E501  (tables of odd pieces)
from __future__ import annotations

import io
import random
import re
import zipfile

from tests.benchmarks.fuzz.mutate import ODD_CHARACTERS, ODD_NUMBERS, damage, damage_text

Rng = random.Random
# Most files stay small, so that many can be read.
MAX = 400_000
_PIECES = re.compile(r"<[^>]*>|[^<]+|<")
_VALUE = re.compile(r'="[^"]*"')
_ATTRIBUTES = (
    'colspan="{n}"', 'rowspan="{n}"', 'start="{n}"', 'value="{n}"', 'width="{n}"', 'height="{n}"',
    'class="nav"', 'class="footer"', 'id="menu"', 'style="display:none"', "hidden",
    'style="white-space:pre"', 'style="list-style-type:cjk-ideographic"', 'style="height:0"',
    'type="a"', 'href="javascript:x"', 'src="http://127.0.0.1:47611/x.png"', "onload=x", 'a="',
    "=", 'xmlns:x="y"', 'class="share"',
)  # fmt: skip
_TAGS = (
    "table", "tr", "td", "th", "tbody", "p", "div", "span", "ol", "ul", "li", "br", "img", "pre",
    "a", "b", "font", "center", "script", "style", "iframe", "svg", "math", "template", "select",
    "option", "title", "head", "body", "html", "form", "input", "plaintext", "textarea", "frameset",
    "noscript", "h1", "dl", "dd", "caption", "col", "object", "embed", "x:y", "1", "o:p",
)  # fmt: skip
_INSERTS = (
    "<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE html [", "<!ENTITY a 'b'>", "&a;", "&#0;",
    "&#xD800;", "&#x110000;", "&#99999999999;", "&nbsp;", "&lt", "<?xml version='1.0'?>", "<?php",
    '<meta charset="gbk">', '<meta charset="utf-7">', '<meta charset="x">', "<base href='//x'>",
    "<plaintext>", "</html>", "</body>", "</table>", "</td>", "</p>", "<![if IE]>", "\x00",
)  # fmt: skip


def damage_markup(rng: Rng, text: str) -> str:
    """Drop, double, move, wrap and change pieces of markup."""
    pieces = _PIECES.findall(text) or [""]
    for _ in range(rng.choice([1, 1, 2, 5, 15])):
        kind = rng.randrange(10)
        at = rng.randrange(len(pieces))
        if kind == 0 and len(pieces) > 1:
            del pieces[at]
        elif kind == 1:
            end = at + rng.choice([1, 3, 10])
            pieces[at:at] = pieces[at:end] * rng.choice([1, 1, 5])
        elif kind == 2:
            piece = pieces.pop(at)
            pieces.insert(rng.randrange(len(pieces) + 1), piece)
        elif kind == 3:
            tag = rng.choice(_TAGS)
            depth = rng.choice([1, 1, 10, 300])
            end = min(len(pieces), at + rng.choice([1, 5, 50]))
            pieces.insert(end, f"</{tag}>" * (depth if rng.random() < 0.7 else 0))
            pieces.insert(at, f"<{tag}>" * depth)
        elif kind == 4:
            tags = [
                i for i, piece in enumerate(pieces) if piece.startswith("<") and piece[-1:] == ">"
            ]
            if tags:
                i = rng.choice(tags)
                extra = rng.choice(_ATTRIBUTES).format(n=rng.choice(ODD_NUMBERS))
                pieces[i] = f"{pieces[i][:-1]} {extra}>"
        elif kind == 5:
            pieces.insert(at, rng.choice(_INSERTS) * rng.choice([1, 1, 1, 100]))
        elif kind == 6:
            valued = [i for i, piece in enumerate(pieces) if _VALUE.search(piece)]
            if valued:
                i = rng.choice(valued)
                value = rng.choice(ODD_NUMBERS)
                pieces[i] = _VALUE.sub(lambda _: f'="{value}"', pieces[i], count=1)  # noqa: B023
        elif kind == 7:
            pieces[at] = damage_text(rng, pieces[at])
        elif kind == 8:
            pieces[at] = rng.choice(ODD_CHARACTERS) + pieces[at]
        else:
            tag = rng.choice(_TAGS)
            pieces.insert(at, f"<{rng.choice(['', '/'])}{tag}>")
    return "".join(pieces)[:MAX]


def damage_xml(rng: Rng, data: bytes) -> bytes:
    """Change one part of a package: as markup that mostly still parses, or as bytes."""
    if rng.random() < 0.25:
        return damage(rng, data, 1)
    text = data.decode("utf-8", errors="replace")
    kind = rng.randrange(8)
    if kind == 0:
        return damage_markup(rng, text).encode("utf-8", errors="surrogatepass")
    # Elements doubled, nested or taken out whole, so that the part stays well formed.
    whole = [
        m
        for m in re.finditer(r"<(w:\w+|Relationship|Override)(?=[\s>/])[^>]*?(?:/>|>.*?</\1>)", text, re.S)
        if m.end() - m.start() < 4000
    ]  # fmt: skip
    if kind in (1, 2) or not whole:
        values = list(_VALUE.finditer(text))
        for _ in range(rng.choice([1, 1, 3, 20])):
            if values:
                value = rng.choice(values)
                new = rng.choice([*ODD_NUMBERS, "restart", "continue", "on", "none", "../../x"])
                text = text.replace(value.group(), f'="{new}"', rng.choice([1, 1, 1000]))
    elif kind == 3:
        chosen = rng.choice(whole)
        copies = rng.choice([2, 5, 100])
        text = text[: chosen.start()] + chosen.group() * copies + text[chosen.end() :]
    elif kind == 4:
        chosen = rng.choice(whole)
        text = text[: chosen.start()] + text[chosen.end() :]
    elif kind == 5:
        one, two = rng.choice(whole), rng.choice(whole)
        text = text.replace(one.group(), two.group(), 1)
    elif kind == 6:
        tag = rng.choice(
            ["w:p", "w:tbl", "w:tr", "w:tc", "w:sdt", "w:sdtContent", "w:ins", "w:r", "w:txbxContent",
             "w:del", "w:smartTag", "w:hyperlink", "w:pPr", "w:numPr"]
        )  # fmt: skip
        chosen = rng.choice(whole)
        depth = rng.choice([1, 2, 50, 250, 3000])
        text = (
            text[: chosen.start()]
            + f"<{tag}>" * depth
            + chosen.group()
            + f"</{tag}>" * depth
            + text[chosen.end() :]
        )
    else:
        names = re.findall(r"<(w:\w+)", text)
        if names:
            old, new = rng.choice(names), rng.choice(names)
            text = re.sub(rf"(</?){old}(?=[\s>/])", rf"\g<1>{new}", text)
    return text.encode("utf-8", errors="replace")


def unpack(data: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


def pack(members: list[tuple[str, bytes]], *, stored: bool = False) -> bytes:
    buffer = io.BytesIO()
    method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    seen: set[str] = set()
    with zipfile.ZipFile(buffer, "w", method, compresslevel=1) as archive:
        for name, data in members:
            if name in seen:  # zipfile warns of doubles, which is not what is tested here
                name = name.replace("/", "//", 1) if "/" in name else f"./{name}"
            seen.add(name)
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            info.compress_type = method
            archive.writestr(info, data)
    return buffer.getvalue()


_OUTSIDE = (
    '<Relationship Id="rId90" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/{kind}" Target="{target}" TargetMode="{mode}"/></Relationships>'
)
_TARGETS = (
    "http://127.0.0.1:47611/t.xml", "file:///etc/passwd", "../../../../etc/passwd", "\\\\host\\x",
    "word/document.xml", "", "/word/document.xml", "styles.xml", "nowhere.xml", "ftp://127.0.0.1/",
)  # fmt: skip
_DOCTYPE = (
    '<!DOCTYPE w:document [<!ENTITY x SYSTEM "{target}"><!ENTITY % y SYSTEM "{target}">'
    '<!ENTITY a "年报"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)


def damage_docx(rng: Rng, data: bytes) -> bytes:
    """Change a Word file inside its package, or the package itself."""
    members = unpack(data)
    for _ in range(rng.choice([1, 1, 2])):
        kind = rng.randrange(10)
        at = rng.randrange(len(members))
        if rng.random() < 0.6:
            at = next((i for i, (n, _) in enumerate(members) if n == "word/document.xml"), at)
        name, part = members[at]
        if kind <= 4:
            members[at] = (name, damage_xml(rng, part))
        elif kind == 5:
            del members[rng.randrange(len(members))]
        elif kind == 6:
            odd = ["../" * 5 + "escaped.txt", "/escaped.txt", "C:\\x", "\x00", "a" * 300]
            members.append((rng.choice(odd), b"escaped"))
        elif kind == 7:
            relations = [i for i, (n, _) in enumerate(members) if n.endswith(".rels")]
            if relations:
                i = rng.choice(relations)
                kinds = [
                    "image",
                    "styles",
                    "numbering",
                    "attachedTemplate",
                    "oleObject",
                    "officeDocument",
                ]
                link = _OUTSIDE.format(
                    kind=rng.choice(kinds), target=rng.choice(_TARGETS),
                    mode=rng.choice(["External", "Internal", ""]),
                )  # fmt: skip
                part = members[i][1].replace(b"</Relationships>", link.encode())
                members[i] = (members[i][0], part)
        elif kind == 8:
            doctype = _DOCTYPE.format(target=rng.choice(_TARGETS[:2])).encode()
            part = part.replace(b"?>", b"?>" + b" " * rng.choice([0, 5000]) + doctype, 1)
            entity = rng.choice([b"&x;</w:t>", b"&c;</w:t>", b"%y;</w:t>"])
            members[at] = (name, part.replace(b"</w:t>", entity))
        else:
            members.append(rng.choice(members))
    packed = pack(members, stored=rng.random() < 0.3)
    return damage(rng, packed, 1) if rng.random() < 0.2 else packed
