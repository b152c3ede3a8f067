"""Many reports varied from the shipped ones: other issuers in text, page and Word files.

A PDF's glyphs cannot be exchanged so simply; its copies differ by a remark at the end, so that
each is a file of its own to the library while a few issuers have very many reports, which is
the worst case for the stage that compares an issuer's reports.
"""

from __future__ import annotations

import io
import json
import random
import zipfile
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[3] / "corpus" / "reports"
# Invented names of places, two characters each, from two lists of characters.
_FIRST, _SECOND = "青云岫白芷澄兰栖梧霁朔潼汀鹭蔚湛", "川溪浦屿陵岭原泽亭桥坪塘庄渡峪湾"


def make_reports(folder: Path, count: int, *, seed: int = 1, first: int = 0) -> None:
    """Write ``count`` reports into a folder, numbered from ``first``; the same seed, the same."""
    folder.mkdir(parents=True, exist_ok=True)
    shipped = sorted(
        p for p in CORPUS.iterdir() if p.suffix in (".pdf", ".html", ".docx", ".txt", ".md")
    )
    for number in range(first, first + count):
        source = shipped[number % len(shipped)]
        rng = random.Random(f"{seed}-{number}")
        data = vary(source.read_bytes(), source, rng, number)
        (folder / f"{number:07}{source.suffix}").write_bytes(data)


def vary(data: bytes, source: Path, rng: random.Random, number: int) -> bytes:
    """Give the bytes of a variant of one shipped report."""
    if source.suffix == ".pdf":
        return data + f"\n% {number}\n".encode()
    truth = source.with_name(f"{source.stem}.truth.json")
    old = str(json.loads(truth.read_text(encoding="utf-8"))["issuer"])[:2]
    new = rng.choice(_FIRST) + rng.choice(_SECOND) + rng.choice(_SECOND)
    if source.suffix == ".docx":
        buffer = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as word, zipfile.ZipFile(buffer, "w") as made:
            for entry in word.infolist():
                part = word.read(entry)
                if entry.filename == "word/document.xml":
                    part = _rename(part, "utf-8", old, new)
                made.writestr(entry, part)
            made.comment = str(number).encode()
        return buffer.getvalue()
    # The number in blanks, which no reader takes for text, makes every file another.
    blanks = "".join(" \n" if digit == "1" else "\n" for digit in f"{number:b}").encode()
    for charset in ("utf-8", "gb18030"):
        try:
            return _rename(data, charset, old, new) + blanks
        except UnicodeDecodeError:
            continue
    return data + blanks


def _rename(data: bytes, charset: str, old: str, new: str) -> bytes:
    return data.decode(charset).replace(old, new).encode(charset)
