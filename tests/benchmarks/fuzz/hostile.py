"""Files made by hand to hurt a reader; each takes its sizes from the seed."""

# ruff: noqa: E501  (tables of odd pieces)
from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable

from tests.benchmarks.fuzz import seeds
from tests.benchmarks.fuzz.markup import pack, unpack
from tests.benchmarks.fuzz.mutate import UNITS, encode_oddly
from tests.benchmarks.fuzz.pdf import FONT, build_pdf, one_page, show, stream

Rng = random.Random
Made = tuple[str, bytes]


def _html(body: str, head: str = "") -> bytes:
    return f"<html><head>{head}</head><body><h1>{seeds.TITLE}</h1>{body}</body></html>".encode()


def _prose(rng: Rng) -> str:
    return "".join(f"<p>{line}</p>" for line in rng.sample(seeds.PARAGRAPHS, 8))


# --- text


def long_run(rng: Rng) -> Made:
    """One unit many thousand times on one line: what makes careless patterns slow."""
    unit = "".join(rng.choices(UNITS, k=rng.choice([1, 1, 2, 3])))
    length = rng.choice([5_000, 20_000, 100_000])
    line = unit * max(1, length // len(unit)) + rng.choice(["", "x", "。", "一", "\n"])
    lines = [seeds.TITLE, *seeds.PARAGRAPHS]
    at = rng.randrange(len(lines) + 1)
    lines[at:at] = [rng.choice(["", "# ", "五、", "存在问题：", "|", "2023年", " "]) + line]
    text = "\n".join(lines)
    kind = rng.randrange(4)
    if kind == 0:
        return "长行.txt", text.encode(errors="replace")
    if kind == 1:
        body = "".join(f"<p>{row}</p>" for row in lines[1:])
        return "长行.html", _html(body)
    if kind == 2:
        body = "".join(f"<p>{row}</p>" for row in lines[1:])
        return "长格.html", _html(f"{body}<table><tr><td>1<td>{line}</table>")
    return "长行.md", ("# 报告\n\n" + text.replace("\n", "\n\n")).encode(errors="replace")


def long_line(rng: Rng) -> Made:
    size = rng.choice([100_000, 499_000, 600_000])
    return "一行.txt", ("".join(seeds.PARAGRAPHS) * (size // 200))[:size].encode()


def many_lines(rng: Rng) -> Made:
    line = rng.choice([*UNITS[:40], *seeds.PARAGRAPHS])
    return "多行.txt", ((line + "\n") * rng.choice([1000, 20_000])).encode(errors="replace")


def random_units(rng: Rng) -> Made:
    text = (
        seeds.TITLE
        + "\n"
        + "".join(rng.choices([*UNITS, *seeds.PARAGRAPHS], k=rng.choice([50, 500, 3000])))
    )
    return "乱.txt", encode_oddly(rng, text)


def tiny(rng: Rng) -> Made:
    heads = [b"", b"%PDF-", b"PK\x03\x04", b"PK\x05\x06", b"<html>", b"\xff\xfe", b"\xfe\xff", b"{\\rtf",
             b"\xef\xbb\xbf", b"<?xml?>", b"<!DOCTYPE", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"|--|--|",
             b"Content-Type: multipart/related\n\n", b"\x00", b"\xff\xfe\x00\x00", b"# ", b"GIF8", b"RIFF"]  # fmt: skip
    return rng.choice(["小.pdf", "小.docx", "小.html", "小.txt"]), rng.choice(
        heads
    ) + rng.randbytes(rng.choice([0, 0, 1, 2, 3, 7, 30]))


def garbage(rng: Rng) -> Made:
    return rng.choice(["垃圾.pdf", "垃圾.doc", "垃圾.txt"]), rng.randbytes(
        rng.choice([10, 1000, 50_000])
    )


# --- web pages


def deep_tags(rng: Rng) -> Made:
    tag = rng.choice(
        ["div", "table><tr><td", "ul><li", "span", "b", "font", "p", "ol", "dl><dd", "blockquote"]
    )
    attributes = rng.choice(
        ["", " class=nav", " class=content", " style='white-space:pre'", " id=footer"]
    )
    depth = rng.choice([100, 1000, 5000, 50_000])
    opening = f"<{tag}".replace("><", f"{attributes}><") + f"{attributes}>"
    return "深.html", _html(opening * depth + _prose(rng) + seeds.table_markup())


def wide_tags(rng: Rng) -> Made:
    piece = rng.choice(["<p>1</p>", "<td>1", "<tr><td>1<td>2", "<br>", "<li>一是", "<a>x</a>", "<img width=100>",
                        "<div class=nav>a</div>", "<table><tr><td>1<td>2</table>", "<div><p>文。</div>", "<b>年</b>",
                        "<p hidden>x", "<script>x</script>", "<ol start=5><li>a</ol>"])  # fmt: skip
    table = rng.random() < 0.3
    count = rng.choice([1000, 10_000, 40_000])
    body = piece * count
    return "宽.html", _html(_prose(rng) + (f"<table>{body}</table>" if table else body))


def million_nodes(rng: Rng) -> Made:
    piece = rng.choice(["<b>", "<p>", "<br>", "<td>", "<i></i>", "<p>年</p>", "<div></div>"])
    return "百万.html", _html(piece * 1_000_000)


def nested_chrome(rng: Rng) -> Made:
    """Site furniture inside site furniture, each with much in it."""
    depth, inside = rng.choice([(20, 5000), (200, 20_000), (240, 60_000)])
    name = rng.choice(["nav", "menu", "footer", "share"])
    body = (
        f"<div class={name}>" * depth + rng.choice(["<p>文字。</p>", "<a>x</a>", "<br>"]) * inside
    )
    return "框.html", _html(body + "</div>" * depth + _prose(rng))


def spans(rng: Rng) -> Made:
    wide = rng.choice(["1000", "999999", "65534", "0", "-1", "²", "9" * 4400])
    rows, columns = rng.choice([(3, 300), (300, 3), (60, 60), (2000, 20)])
    if len(wide) > 10:
        rows, columns = 3, 30
    row = "<tr>" + f"<td colspan={wide} rowspan={wide}>1" * columns
    return "跨.html", _html(_prose(rng) + f"<table>{row * rows}</table>")


def nested_tables(rng: Rng) -> Made:
    depth = rng.choice([5, 50, 500])
    beside = "<td>1<td>2<tr>" * rng.choice([1, 20])
    return "套.html", _html(f"<table><tr>{beside}<td>" * depth + _prose(rng) + "</table>" * depth)


def entities(rng: Rng) -> Made:
    doctype = (
        '<!DOCTYPE html [<!ENTITY a "年报年报"><!ENTITY x SYSTEM "file:///etc/passwd">'
        '<!ENTITY h SYSTEM "http://127.0.0.1:47611/e">'
        + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
        + "]>"
    )
    body = f"<p>&a9;&x;&h;</p>{_prose(rng)}<iframe src='file:///etc/passwd'></iframe>"
    head = '<link rel=stylesheet href="http://127.0.0.1:47611/c.css">'
    opening = rng.choice(["", '<?xml version="1.0"?>'])
    return "实体.html", opening.encode() + doctype.encode() + _html(body, head)


def attributes(rng: Rng) -> Made:
    name = rng.choice(["class", "style", "id", "start", "value", "colspan", "width", "href", "x"])
    unit = rng.choice(
        ["nav ", "a", "9", "display:", " ", "-nav", "white-space : ", "²", "list-style"]
    )
    value = unit * rng.choice([10, 1000, 20_000])
    tag = rng.choice(["div", "ol", "li", "p", "td", "img", "table", "meta", "title"])
    return "属性.html", _html(
        f'<{tag} {name}="{value}"><ol {name}="{value}"><li {name}="{value}">' + _prose(rng)
    )


def declared(rng: Rng) -> Made:
    names = ["gbk", "utf-7", "utf-16", "hex", "base64", "rot13", "zip", "idna", "punycode", "unicode_escape",
             "undefined", "raw_unicode_escape", "utf-32", "cp037", "big5", "x-sjis", "mbcs", "bz2", "uu", "oem"]  # fmt: skip
    head = f'<meta charset="{rng.choice(names)}">'
    text = _html(_prose(rng), head).decode()
    return "编码.html", encode_oddly(rng, text)


def mhtml(rng: Rng) -> Made:
    kind = rng.randrange(6)
    data = seeds.mhtml_seed()
    if kind == 0:
        charset = rng.choice(
            [b"hex", b"utf-7", b"undefined", b"x\x00y", b"base64", b"idna", b"a" * 9000, b"\xff"]
        )
        data = data.replace(b'charset="utf-8"', b"charset=" + charset)
    elif kind == 1:
        data = data.replace(
            b"base64", rng.choice([b"quoted-printable", b"x-uuencode", b"7bit", b"\x80", b"8bit"])
        )
    elif kind == 2:
        level = b"Content-Type: multipart/related; boundary=%d\n\n--%d\n"
        data = b"".join(level % (n, n) for n in range(rng.choice([20, 400, 3000]))) + data
    elif kind == 3:
        data = data.replace(
            b"text/html",
            rng.choice([b"text/plain", b"message/rfc822", b"multipart/x", b"text/html; a*0=b"]),
        )
    elif kind == 4:
        data = b"X: " + b"a" * rng.choice([10, 100_000]) + b"\n" + data + b"--=_part\n" * 20_000
    else:
        data = data.replace(b"=_part", b"", rng.randrange(1, 4))
    return "网页.mht", data


# --- Word files


def make_word(body: str, head: str = "") -> bytes:
    spaces = (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    )
    document = (
        f'<?xml version="1.0"?>{head}<w:document {spaces}><w:body>{body}</w:body></w:document>'
    )
    return pack([
        (name, document.encode() if name == "word/document.xml" else part)
        for name, part in unpack(seeds.docx_seed())
    ])  # fmt: skip


def make_paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def deep_word(rng: Rng) -> Made:
    tag = rng.choice(["w:tbl><w:tr><w:tc", "w:sdt><w:sdtContent", "w:ins", "w:p><w:r><w:txbxContent", "w:smartTag",
                      "w:r", "mc:AlternateContent><mc:Choice"])  # fmt: skip
    depth = rng.choice([50, 120, 250, 2000])
    closing = "".join(f"</{t}>" for t in reversed(tag.split("><")))
    return "深.docx", make_word(
        make_paragraph(seeds.TITLE)
        + f"<{tag}>" * depth
        + make_paragraph("文字。")
        + closing * depth
    )


def wide_word(rng: Rng) -> Made:
    piece = rng.choice([
        make_paragraph("公开。"), "<w:p/>", "<w:tbl/>", "<w:tbl><w:tr><w:tc/><w:tc/></w:tr></w:tbl>", "<w:sdt/>",
        "<w:p><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr></w:pPr><w:r><w:t>a</w:t></w:r></w:p>",
    ])  # fmt: skip
    return "宽.docx", make_word(
        make_paragraph(seeds.TITLE) + piece * rng.choice([100, 5000, 20_000])
    )


def word_spans(rng: Rng) -> Made:
    span = rng.choice(["1", "200", "99999999", "²", "٣", "9" * 5000, "-3", ""])
    cell = f"<w:tc><w:tcPr><w:gridSpan w:val='{span}'/><w:vMerge w:val='{rng.choice(['restart', 'continue', '²'])}'/></w:tcPr>{make_paragraph('1')}</w:tc>"
    before = (
        f"<w:trPr><w:gridBefore w:val='{rng.choice(['0', '²', '99999', '9' * 5000])}'/></w:trPr>"
    )
    row = f"<w:tr>{before}{cell * rng.choice([2, 30, 400])}</w:tr>"
    return "跨.docx", make_word(
        make_paragraph(seeds.TITLE) + f"<w:tbl>{row * rng.choice([2, 30])}</w:tbl>"
    )


def word_symbols(rng: Rng) -> Made:
    codes = ["D800", "FFFF", "0000", "F0B7", "DFFF", "²²²²", "0001"]
    run = "".join(f"<w:r><w:sym w:char='{c}'/></w:r>" for c in codes)
    sizes = "".join(
        f"<w:r><w:rPr><w:sz w:val='{s}'/></w:rPr><w:t>字</w:t></w:r>"
        for s in ("²", "9999", "-1", "1e9", "١")
    )
    return "符.docx", make_word(
        make_paragraph(seeds.TITLE) + f"<w:p>{run}{sizes}</w:p>" * rng.choice([1, 50])
    )


def word_bomb(rng: Rng) -> Made:
    """A body, or another part, that unpacks to hundreds of megabytes; or says that it does not."""
    name = rng.choice(
        [
            "word/document.xml",
            "word/styles.xml",
            "word/media/x.png",
            "docProps/core.xml",
            "[Content_Types].xml",
        ]
    )
    size = rng.choice([55, 70, 200]) * 2**20
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = b"".join(packer.compress(b" " * 2**20) for _ in range(size // 2**20)) + packer.flush()
    claimed = rng.choice([size, 1000])
    members = [(n, d) for n, d in unpack(seeds.docx_seed()) if n != name]
    whole = pack(members)
    # One more member, put before the directory by hand.
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        start = archive.start_dir
    raw = name.encode()
    local = (
        struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, 0, len(body), claimed, len(raw), 0)
        + raw
        + body
    )
    entry = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, 0, len(body), claimed, len(raw),
                        0, 0, 0, 0, 0, start) + raw  # fmt: skip
    directory = whole[start : whole.rfind(b"PK\x05\x06")] + entry
    count = len(members) + 1
    end = struct.pack(
        "<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(directory), start + len(local), 0
    )
    return "炸.docx", whole[:start] + local + directory + end


def zip_odd(rng: Rng) -> Made:
    members = unpack(seeds.docx_seed())
    kind = rng.randrange(5)
    if kind == 0:
        members += [("../" * n + "tmp/escaped", b"x") for n in range(1, 8)]
    elif kind == 1:
        members += [(f"word/media/{n}.png", b"") for n in range(20_000)]
    elif kind == 2:
        inner = pack(members)
        members = [("word/document.xml", inner)]
    elif kind == 3:
        members = [(n.upper(), d) for n, d in members]
    else:
        return "附.docx", b"MZ" * 50 + pack(members) + rng.randbytes(70_000)
    return "怪.docx", pack(members)


# --- PDF files


def pdf_bomb(rng: Rng) -> Made:
    """A content, object, font or index stream that unpacks to hundreds of megabytes."""
    size = rng.choice([20, 100, 400]) * 2**20
    packer = zlib.compressobj(9)
    unit = rng.choice([b" ", b"q ", b"0 ", b"[", b"(", b"BT ET "])
    block = (unit * (2**20 // len(unit)))[: 2**20]
    body = b"".join(packer.compress(block) for _ in range(size // 2**20)) + packer.flush()
    if rng.random() < 0.4:
        body = zlib.compress(body, 9)
        filters = b"/Filter[/FlateDecode/FlateDecode]"
    else:
        filters = b"/Filter/FlateDecode"
    raw = b"<<%s/Length %d>>\nstream\n%s\nendstream" % (filters, len(body), body)
    where = rng.randrange(4)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>"
    text = show(seeds.TITLE) + b"/X Do"
    content = raw if where == 0 else stream(text)
    font = FONT[:-2] + b"/ToUnicode 6 0 R>>" if where == 1 else FONT
    extra = raw
    if where == 2:
        extra = raw.replace(b"<<", b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]", 1)
    elif where == 3:
        extra = raw.replace(
            b"<<",
            b"<</Type/XObject/Subtype/Image/Width 20000/Height 20000/BitsPerComponent 8/ColorSpace/DeviceRGB",
            1,
        )
    return "炸.pdf", build_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            page,
            content,
            font,
            extra,
        ]
    )


def many_pages(rng: Rng) -> Made:
    count = rng.choice([50, 501, 5000, 30_000])
    kids = b" ".join(b"3 0 R" for _ in range(count)) if rng.random() < 0.5 else b" ".join(
        b"%d 0 R" % n for n in range(3, 3 + min(count, 3000)))  # fmt: skip
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]>>"
    pages = [page] * (1 if kids.startswith(b"3 0 R 3") else min(count, 3000))
    return "多页.pdf", build_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count),
            *pages,
        ]
    )


def page_tree(rng: Rng) -> Made:
    kind = rng.randrange(4)
    if kind == 0:
        tree = [b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 4>>"]
    elif kind == 1:
        depth = rng.choice([50, 900, 5000])
        tree = [
            b"<</Type/Pages/Kids[%d 0 R]/Count 1/Parent %d 0 R>>" % (n + 3, n + 1)
            for n in range(depth)
        ]
    elif kind == 2:
        # Each level names the next one ten times.
        tree = [
            b"<</Type/Pages/Kids[%s]/Count 1>>" % (b"%d 0 R " % (n + 3) * 10)
            for n in range(rng.choice([5, 9]))
        ]
        tree.append(b"<</Type/Page/MediaBox[0 0 9 9]>>")
    else:
        tree = [b"<</Type/Pages/Kids 2 0 R/Count -5/Parent 2 0 R>>"]
    return "页树.pdf", build_pdf([b"<</Type/Catalog/Pages 2 0 R>>", *tree])


def deep_pdf(rng: Rng) -> Made:
    opening, closing = rng.choice(
        [(b"[", b"]"), (b"<<", b">>"), (b"<</A ", b">>"), (b"(", b")"), (b"[<</A[", b"]>>]")]
    )
    depth = rng.choice([100, 1000, 20_000, 200_000])
    nest = opening * depth + (closing * depth if rng.random() < 0.5 else b"")
    kind = rng.randrange(4)
    if kind == 0:
        return "深.pdf", one_page(nest + show(seeds.TITLE))
    if kind == 1:
        return "深.pdf", build_pdf(
            [b"<</Type/Catalog/Pages 2 0 R/X " + nest + b">>", b"<</Type/Pages/Kids[]/Count 0>>"]
        )
    if kind == 2:
        return "深.pdf", one_page(show(seeds.TITLE), resources=b"/X " + nest)
    return "深.pdf", one_page(show(seeds.TITLE)).replace(b"trailer<<", b"trailer<</X " + nest)


def forms(rng: Rng) -> Made:
    """Forms that draw forms, in chains, circles, or doubling at every level."""
    times, depth = rng.choice([(1, 100), (2, 12), (2, 40), (5, 30), (1, 2000), (3, 8)])
    made = []
    for n in range(depth):
        nxt = 6 + (n + 1) % depth if rng.random() < 0.1 else 7 + n
        made.append(stream(show("公开", 60, 600) + b"/X Do " * times,
                           b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</Font<</F 5 0 R>>/XObject<</X %d 0 R>>>>" % nxt,
                           pack=rng.random() < 0.5))  # fmt: skip
    return "图块.pdf", one_page(
        show(seeds.TITLE) + b"/X Do", resources=b"/XObject<</X 6 0 R>>", more=tuple(made)
    )


def many_marks(rng: Rng) -> Made:
    """A page with a great deal on it: rules, boxes, curves, characters, strings."""
    piece = rng.choice([
        b"%d %d m %d %d l S\n", b"%d %d %d %d re S\n", b"%d %d %d %d re f\n", b"%d %d m 1 2 3 4 %d %d c S\n",
        b"BT /F 9 Tf %d %d Td <653f5e9c> Tj %d %d Td ET\n", b"q 1 0 0 1 %d %d cm Q %d %d m\n",
        b"%d 0 m %d 800 l S 0 %d m 600 %d l S\n",
    ])  # fmt: skip
    count = rng.choice([500, 5000, 40_000])
    body = b"".join(piece % tuple(rng.randrange(800) for _ in range(4)) for _ in range(count))
    return "密.pdf", one_page(show(seeds.TITLE) + body)


def grid_marks(rng: Rng) -> Made:
    """Very many crossing rules: as many cells as their product."""
    n = rng.choice([50, 200, 700])
    step = 580 / n
    rules = b"".join(
        b"%g 5 m %g 585 l S 5 %g m 585 %g l S\n" % ((5 + k * step,) * 4) for k in range(n + 1)
    )
    return "密格.pdf", one_page(
        rules
        + b"".join(
            show(str(k % 10), 6 + k % n * step, 590 - step * (k // n), 3) for k in range(2 * n)
        )
    )


def odd_matrix(rng: Rng) -> Made:
    numbers = [b"0", b"1e30", b"-1", b"1e-30", b"99999999999", b"1", b"0.5", b"-1e9", b"nan"]
    pick = [rng.choice(numbers) for _ in range(6)]
    matrix = b" ".join(pick)
    size = rng.choice(numbers)
    content = (
        b"q " + matrix + b" cm " + show(seeds.TITLE) + b" 0 0 m 100 100 l S 0 0 500 500 re f Q BT /F " + size
        + b" Tf " + matrix + b" Tm <653f5e9c> Tj " + pick[0] + b" Tc " + pick[1] + b" Tw " + pick[2]
        + b" Tz " + pick[3] + b" TL " + pick[4] + b" Ts T* <653f> Tj ET"
    )  # fmt: skip
    return "矩阵.pdf", one_page(
        content, box=rng.choice([b"0 0 595 842", b"0 0 1e9 1e9", b"-1e5 -1e5 1e5 1e5"])
    )


def cmaps(rng: Rng) -> Made:
    """A Unicode map that claims thousands of millions of characters, or circles."""
    kind = rng.randrange(4)
    if kind == 0:
        body = b"1 beginbfrange <0000> <ffffffff> <0041> endbfrange"
    elif kind == 1:
        body = (
            b"1 begincodespacerange <00> <ffffffffffffffff> endcodespacerange 1 beginbfrange <0000> <ffff> ["
            + b"<0041>" * 5000
            + b"] endbfrange"
        )
    elif kind == 2:
        body = b"/Adobe-GB1-UCS2 usecmap 1 begincidrange <0000> <ffffff> 0 endcidrange"
    else:
        body = b"1 beginbfchar <653f> <" + b"D800" * 30_000 + b"> endbfchar"
    cmap = stream(
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap "
        + body
        + b" endcmap end end"
    )
    font = FONT.replace(b"/UniGB-UCS2-H", rng.choice([b"/UniGB-UCS2-H", b"/Identity-H", b"6 0 R"]))
    whole = one_page(show(seeds.TITLE), more=(cmap,))
    return "字符表.pdf", whole.replace(FONT, font[:-2] + b"/ToUnicode 6 0 R>>")


def object_streams(rng: Rng) -> Made:
    """Compressed objects that hold themselves, or claim to be thousands of millions."""
    count = rng.choice([b"1", b"99999999", b"-1"])
    inner = stream(
        b"2 0 3 5 <</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"/Type/ObjStm/N %s/First 8/Extends 4 0 R" % count,
        pack=True,
    )
    size = rng.choice([b"6", b"999999999", b"-1"])
    widths = rng.choice([b"[1 2 1]", b"[0 0 0]", b"[9 9 9]", b"[-1 2 1]", b"[99999999 1 1]"])
    head = (
        b"%PDF-1.5\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n4 0 obj\n"
        + inner
        + b"\nendobj\n"
    )
    table = stream(
        rng.randbytes(40),
        b"/Type/XRef/W%s/Index[0 %s]/Size %s/Root 1 0 R/Prev %d" % (widths, size, size, len(head)),
        pack=True,
    )
    return "对象流.pdf", head + b"5 0 obj\n" + table + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(
        head
    )


def pictures(rng: Rng) -> Made:
    magic = rng.choice(
        [
            b"\xff\xd8\xff",
            b"\x89PNG\r\n\x1a\n",
            b"GIF89a",
            b"II*\x00",
            b"MM\x00*",
            b"RIFF\x00\x00\x00\x00WEBP",
            b"BM",
        ]
    )
    return rng.choice(["图.png", "图.pdf", "图.jpg"]), magic + rng.randbytes(
        rng.choice([0, 20, 5000])
    )


def old_word(rng: Rng) -> Made:
    kind = rng.randrange(3)
    if kind == 0:
        return "旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + rng.randbytes(
            2000
        ) + "WordDocument".encode("utf-16-le")
    if kind == 1:
        body = rng.choice(
            [
                b"{" * 50_000,
                rb"\'b9\'ab" * 3000,
                rb"\u-10179?" * 2000,
                rb"\bin999999999 x",
                rb"{\field{\*\fldinst INCLUDEPICTURE http://127.0.0.1:47611/p.png}}",
            ]
        )
        return "旧.rtf", rb"{\rtf1\ansi\ansicpg936 " + body + b"}"
    return "旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") * 50


# Kinds with small files, and kinds that cost a second or more each.
LIGHT: tuple[Callable[[Rng], Made], ...] = (
    long_run, long_run, long_run, many_lines, random_units, random_units, tiny, tiny, garbage, deep_tags,
    spans, nested_tables, entities, attributes, declared, mhtml, mhtml, deep_word, word_spans, word_symbols,
    zip_odd, page_tree, deep_pdf, forms, odd_matrix, odd_matrix, cmaps, object_streams, pictures, old_word,
)  # fmt: skip
HEAVY: tuple[Callable[[Rng], Made], ...] = (
    long_line, wide_tags, million_nodes, nested_chrome, wide_word, word_bomb, pdf_bomb, many_pages, many_marks,
    grid_marks,
)  # fmt: skip
