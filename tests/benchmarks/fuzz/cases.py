"""From a seed and a number to one file: always the same."""

from __future__ import annotations

import random
from dataclasses import dataclass

from tests.benchmarks.fuzz import hostile, office, scans, seeds
from tests.benchmarks.fuzz.markup import damage_docx, damage_markup
from tests.benchmarks.fuzz.mutate import damage, damage_text, encode_oddly
from tests.benchmarks.fuzz.pdf import damage_pdf

# Of a thousand files; what costs a second each is rare.
SHARES = {
    "text": 270, "markdown": 90, "html": 200, "mhtml": 50, "docx": 210, "pdf": 120, "shipped": 8,
    "light": 50, "heavy": 2,
}  # fmt: skip
# Only on request: what needs the recogniser, or LibreOffice, takes seconds a file.
ON_REQUEST = {"scan": scans.MAKERS, "office": office.MAKERS}
_NAMES = (
    "报告.pdf",
    "报告.docx",
    "报告.html",
    "报告.txt",
    "报告.md",
    "报告.mht",
    "报告.doc",
    "报告",
    "..txt",
)
_OWN = {
    "text": ".txt",
    "markdown": ".md",
    "html": ".html",
    "mhtml": ".mht",
    "docx": ".docx",
    "pdf": ".pdf",
}


@dataclass(frozen=True, slots=True)
class Case:
    """A hostile file: its kind, how it was made, what it is called, and its bytes."""

    kind: str
    made: str
    name: str
    data: bytes


def make_case(seed: int, number: int, kinds: tuple[str, ...] = ()) -> Case:
    """Build one file; ``kinds`` restricts to some of ``SHARES``, or asks for ``ON_REQUEST``."""
    rng = random.Random(f"{seed}-{number}")
    asked = [kind for kind in kinds if kind in ON_REQUEST]
    if asked:
        kind = rng.choice(asked)
        maker = rng.choice(ON_REQUEST[kind])
        name, data = maker(rng)
        return Case(kind, maker.__name__, name, data)
    shares = {kind: share for kind, share in SHARES.items() if not kinds or kind in kinds}
    kind = rng.choices(list(shares), list(shares.values()))[0]
    if kind in ("light", "heavy"):
        maker = rng.choice(hostile.LIGHT if kind == "light" else hostile.HEAVY)
        name, data = maker(rng)
        return Case(kind, maker.__name__, name, data)
    suffix = _OWN.get(kind, ".bin")
    if kind == "shipped":
        data, suffix = _damage_shipped(rng)
    else:
        data = _damage_own(rng, kind)
    # One in ten has the name of another kind.
    name = rng.choice(_NAMES) if rng.random() < 0.1 else f"报告{suffix}"
    return Case(kind, kind, name, data)


def _damage_own(rng: random.Random, kind: str) -> bytes:
    if kind in ("text", "markdown"):
        seed = seeds.text_seed() if kind == "text" else seeds.markdown_seed()
        if rng.random() < 0.2:
            return damage(rng, seed)
        return encode_oddly(rng, damage_text(rng, seed.decode()))
    if kind == "html":
        if rng.random() < 0.2:
            return damage(rng, seeds.html_seed())
        text = damage_markup(rng, seeds.html_seed().decode())
        if rng.random() < 0.7:
            return text.encode("utf-8", errors="surrogatepass")
        return encode_oddly(rng, text)
    if kind == "mhtml":
        return damage(rng, seeds.mhtml_seed())
    if kind == "docx":
        if rng.random() < 0.1:
            return damage(rng, seeds.docx_seed())
        return damage_docx(rng, seeds.docx_seed())
    return damage_pdf(rng, seeds.pdf_seed() if rng.random() < 0.4 else seeds.plain_pdf_seed())


def _damage_shipped(rng: random.Random) -> tuple[bytes, str]:
    suffix = rng.choice([".pdf", ".pdf", ".html", ".docx", ".txt"])
    data = rng.choice(seeds.shipped((suffix,), 300_000))
    if suffix == ".pdf":
        return damage_pdf(rng, data), suffix
    if suffix == ".docx":
        return damage_docx(rng, data), suffix
    if suffix == ".html":
        return damage_markup(rng, data.decode(errors="replace")).encode(
            "utf-8", errors="surrogatepass"
        ), suffix
    return encode_oddly(rng, damage_text(rng, data.decode(errors="replace"))), suffix
