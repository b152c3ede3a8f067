"""Damage to bytes and to text, whatever the format."""

# ruff: noqa: E501  (tables of odd pieces)
from __future__ import annotations

import random
from collections.abc import Callable

Rng = random.Random
ODD_BYTES = (b"\x00", b"\xff", b"\xfe", b"\x80", b"<", b">", b"%", b"(", b"[", b"&", b"\r", b"\x1a")
# Digits that are no digits to int(), numbers that are too long for it, and the usual traps.
ODD_NUMBERS = (
    "0", "-1", "1", "65536", "2147483647", "-2147483648", "4294967296", "9" * 20, "9" * 5000,
    "1e308", "1e999", "nan", "inf", "0.0000001", "²", "①", "٣", "１２", "〇", "一", "", " ", "1/0",
    "00", "+5", "1.2.3", "0x10",
)  # fmt: skip
# Characters that programs trip over.
ODD_CHARACTERS = (
    "\x00", "\x01", "\x0b", "\x0c", "\x1c", "\x1f", "\x7f", "\x85", "\xa0", "\xad", "\u2028",
    "\u2029", "\u200b", "\u202e", "\u3000", "\ufeff", "\ufffd", "\ufffe", "\uffff", "\ud800",
    "\udfff", "\U0001f600", "\U0010ffff", "\u0301", "⾏", "⺁", "²", "½", "Ⅻ", "㊀", "１", "٣",
    "＝", "=", "|", "\t", "\r", "\n", "{{", "<", "&", "</script>",
)  # fmt: skip
# What rules of language look for; runs of it make careless patterns slow.
UNITS = (
    " ", "\t", "\u3000", "\xa0", "0", "1", "9,", "一", "十", "百", "一、", "（一）", "(1)", "1.", "①",
    "一是", "。", "，", "、", "；", "：", "“", "《", "》", "《a", "（", "）", "-", "—", "/", "|", "| ",
    "|-", "**", "**a ", "__", "# ", "#", "\\", "`", "<", "<p", "<p>", "<table>", "</", "&", "&#", "年",
    "2023年", "月", "日", "件", "1件", "第", "条", "%", "0.", "..", "…", "无", "其中", "不", "未", "问题",
    "下一步", "县", "局", "人民政府", "报告", "年度报告", "政府信息公开", "比上年增长", "\u200b", "a", "ab ",
    "a1", "=", "+", "存在问题：", "一方面，", "规章", "总计", "0\n", "一、\n", " \n", "\x0c", "\r",
)  # fmt: skip


def place(rng: Rng, data: bytes) -> tuple[int, int]:
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + rng.choice([1, 2, 4, 16, 64, 256, 1024, 4096]))


def flip(rng: Rng, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 5, 20, 100])):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def flip_bit(rng: Rng, data: bytes) -> bytes:
    changed = bytearray(data)
    if changed:
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def drop(rng: Rng, data: bytes) -> bytes:
    start, end = place(rng, data)
    return data[:start] + data[end:]


def double(rng: Rng, data: bytes) -> bytes:
    start, end = place(rng, data)
    return data[:end] + data[start:end] * rng.choice([1, 1, 2, 10]) + data[end:]


def move(rng: Rng, data: bytes) -> bytes:
    start, end = place(rng, data)
    rest = data[:start] + data[end:]
    to = rng.randrange(len(rest) + 1)
    return rest[:to] + data[start:end] + rest[to:]


def truncate(rng: Rng, data: bytes) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def behead(rng: Rng, data: bytes) -> bytes:
    return data[rng.randrange(len(data) + 1) :]


def insert(rng: Rng, data: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    junk = rng.choice([rng.randbytes(rng.randrange(1, 64)), rng.choice(ODD_BYTES) * 50])
    return data[:at] + junk + data[at:]


def wipe(rng: Rng, data: bytes) -> bytes:
    start, end = place(rng, data)
    return data[:start] + rng.choice(ODD_BYTES)[:1] * (end - start) + data[end:]


def run(rng: Rng, data: bytes) -> bytes:
    start, end = place(rng, data)
    piece = data[start:end] or b"0"
    return data[:start] + piece * max(1, rng.choice([2000, 20_000]) // len(piece)) + data[end:]


BYTES: tuple[Callable[[Rng, bytes], bytes], ...] = (
    flip, flip, flip_bit, drop, double, move, truncate, behead, insert, wipe, run,
)  # fmt: skip


def damage(rng: Rng, data: bytes, times: int = 0) -> bytes:
    for _ in range(times or rng.choice([1, 1, 2, 4])):
        data = rng.choice(BYTES)(rng, data)
    return data


def damage_text(rng: Rng, text: str) -> str:
    """Change a text as text: lines, characters, numbers and long runs."""
    for _ in range(rng.choice([1, 1, 2, 4])):
        kind = rng.randrange(9)
        at = rng.randrange(len(text) + 1)
        lines = text.split("\n")
        if kind == 0:
            text = text[:at] + rng.choice(ODD_CHARACTERS) * rng.choice([1, 1, 3, 200]) + text[at:]
        elif kind == 1:
            digits = [i for i, c in enumerate(text) if c.isdigit()]
            if digits:
                i = rng.choice(digits)
                text = text[:i] + rng.choice(ODD_NUMBERS) + text[i + 1 :]
        elif kind == 2:
            text = text[:at] + rng.choice(UNITS) * rng.choice([3, 30, 300, 3000]) + text[at:]
        elif kind == 3:
            rng.shuffle(lines)
            text = "\n".join(lines)
        elif kind == 4:
            i = rng.randrange(len(lines))
            lines[i:i] = [lines[i]] * rng.choice([1, 2, 50])
            text = "\n".join(lines)
        elif kind == 5:
            del lines[rng.randrange(len(lines))]
            text = "\n".join(lines)
        elif kind == 6:
            text = text.replace("\n", rng.choice(["", "\r", "\r\n", "\n\n\n\n", "\x0c", "\u2028"]))
        elif kind == 7:
            end = min(len(text), at + rng.choice([1, 5, 50, 500]))
            text = text[:at] + text[end:]
        else:
            # What rules look for, in any order.
            text = text[:at] + "".join(rng.choices(UNITS, k=rng.choice([5, 50]))) + text[at:]
    return text


ENCODINGS = (
    "utf-8", "utf-8", "utf-8", "utf-8-sig", "gbk", "gb18030", "gb2312", "big5", "big5hkscs",
    "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-7", "hz", "shift_jis", "cp1252",
    "euc_kr", "iso2022_jp",
)  # fmt: skip


def encode_oddly(rng: Rng, text: str) -> bytes:
    """Encode in any encoding, whole, cut inside a character, or two encodings in one file."""
    encoding = rng.choice(ENCODINGS)
    try:
        data = text.encode(encoding, errors="surrogatepass" if "utf" in encoding else "ignore")
    except (UnicodeError, LookupError):
        data = text.encode("utf-8", errors="surrogatepass")
    kind = rng.randrange(12)
    if kind == 0:
        data = data[rng.randrange(4) : len(data) - rng.randrange(4)]
    elif kind == 1:
        at = rng.randrange(len(data) + 1)
        data = data[:at] + text[:200].encode(rng.choice(["gbk", "big5", "utf-16-le"]), "ignore")
    elif kind == 2:
        data = rng.choice([b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xff\xfe\x00\x00"]) + data
    return data
