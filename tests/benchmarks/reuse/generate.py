"""Synthetic reports with planted reuse and exact truth, of any number.

Free words are drawn from a large general lexicon, so that two sentences have more than
formulae and patterns in common only if one was made from the other.  Each sentence knows
which clauses of which source it holds; two sentences are a true pair exactly if they hold
the same clause of the same source.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations
from pathlib import Path

import jieba
from words import FORMULAE, OWN, PATTERNS, PLACES, SYNONYMS, TRADES

MANNERS = (
    "exact", "slots", "edit05", "edit10", "edit20", "edit30", "reordered", "partial",
)  # fmt: skip
SENTENCES = 45


@dataclass
class Sentence:
    id: str
    text: str
    issuer: str
    year: int
    family: int = -1
    manner: str = "own"
    clauses: frozenset[int] = field(default_factory=frozenset)


@cache
def lexicon() -> dict[str, list[str]]:
    """Common two-character words of the general dictionary by part of speech."""
    words: dict[str, list[str]] = {"n": [], "v": [], "a": []}
    path = Path(jieba.__file__).parent / "dict.txt"
    for line in path.read_text(encoding="utf-8").splitlines():
        word, count, tag = line.split(" ")
        if len(word) in (2, 3) and int(count) >= (60 if len(word) == 2 else 150):
            for kind, tags in (("n", ("n", "vn")), ("v", ("v",)), ("a", ("a",))):
                if tag in tags:
                    words[kind].append(word)
    return words


class Writer:
    """Writes clauses, sentences and variants from one seeded source of chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.words = lexicon()
        # Formulae that no list knows, made of common words, used over and over.
        self.formulae = FORMULAE + [
            "".join(self.chance.choice(self.words[k]) for k in kinds)
            for kinds in ["vnv", "vnn", "avn", "nvnn"] * 10
        ]

    def slot(self, name: str, issuer: str, year: int) -> str:
        if name == "number":
            return str(self.chance.randint(2, 4000))
        if name == "year":
            return f"{year}年，"
        if name == "org":
            return self.chance.choice([*OWN, issuer])
        return self.chance.choice(self.words[name])

    def clause(self) -> list[str]:
        """Words of a clause; slots that an issuer fills in stay as {org}, {year}, {number}."""
        while True:
            parts: list[str] = []
            rest = self.chance.choice(PATTERNS)
            while rest:
                if rest[0] == "{":
                    name, rest = rest[1:].split("}", 1)
                    parts.append(
                        self.chance.choice(self.words[name]) if name in "nva" else f"{{{name}}}"
                    )
                else:
                    head = rest.split("{", 1)[0]
                    parts.append(head)
                    rest = rest[len(head) :]
            if self.chance.random() < 0.5:
                parts.insert(0, self.chance.choice(self.words["a"]) + "地")
            if sum(len(p) for p in parts if p[0] != "{") >= 11:
                return parts

    def sentence(self) -> list[list[str]]:
        """Clauses of a sentence, one or two formulae among them (marked by a leading None)."""
        clauses = [self.clause() for _ in range(self.chance.choice((2, 2, 3, 3, 4)))]
        for _ in range(self.chance.choice((0, 1, 1, 2))):
            clauses.insert(self.chance.randint(0, len(clauses)), ["", self.formula()])
        return clauses

    def formula(self) -> str:
        # A few formulae are everywhere, most are rarer.
        n = len(self.formulae)
        return self.formulae[min(int(n * self.chance.random() ** 2), n - 1)]

    def edit(self, clauses: list[list[str]], share: float) -> list[list[str]]:
        """Change about this share of the characters: other words, more, fewer, synonyms."""
        clauses = [list(c) for c in clauses]
        places = [(i, j) for i, c in enumerate(clauses) for j in range(len(c)) if c[j][:1] != "{"]
        budget = share * sum(len(clauses[i][j]) for i, j in places)
        self.chance.shuffle(places)
        for i, j in places:
            word = clauses[i][j]
            if not word:
                continue
            if budget < len(word) / 2:
                break
            group = next((g for g in SYNONYMS if word in g), None)
            roll = self.chance.random()
            if group:
                clauses[i][j] = self.chance.choice([w for w in group if w != word])
            elif roll < 0.2:
                clauses[i][j] = ""
            elif roll < 0.4:
                clauses[i][j] = word + self.chance.choice(self.words["n"])
            else:
                clauses[i][j] = self.chance.choice(self.words["nv"[self.chance.random() < 0.4]])
            budget -= len(word)
        return clauses

    def fill(self, clauses: list[list[str]], issuer: str, year: int) -> str:
        out = []
        for clause in clauses:
            out.append("".join(
                self.slot(w[1:-1], issuer, year) if w[:1] == "{" else w for w in clause
            ))  # fmt: skip
        return "，".join(out) + "。"


def make_sentences(reports: int, seed: int = 7) -> list[Sentence]:
    """Make the sentences of so many reports; about two in five are reused."""
    writer = Writer(seed)
    chance = writer.chance
    issuers = [
        chance.choice(PLACES) + chance.choice(["", *(t + "局" for t in TRADES)])
        for _ in range(max(1, reports // 3))
    ]
    issuers = [i if i.endswith("局") else i + "人民政府" for i in issuers]
    slots = [(issuers[r // 3 % len(issuers)], 2020 + r % 3) for r in range(reports)]
    total = reports * SENTENCES
    planned: list[tuple[int, str, list[list[str]], frozenset[int]]] = []
    family = 0
    while len(planned) < 0.4 * total:
        source = writer.sentence()
        size = chance.choice((2, 2, 2, 3, 3, 4, 5, 6, 8, 12, 20))
        own = [i for i, c in enumerate(source) if c[0] != ""]
        for n in range(size):
            manner = "exact" if n == 0 else chance.choice(MANNERS)
            clauses, held = source, frozenset(own)
            if manner.startswith("edit"):
                clauses = writer.edit(source, int(manner[4:]) / 100)
            elif manner == "reordered":
                clauses = source[:]
                while clauses == source:
                    chance.shuffle(clauses)
            elif manner == "partial":
                kept = chance.choice(own)
                others = [c for c in writer.sentence() if c[0] != ""]
                clauses = [*others[:1], source[kept], *others[1 : chance.randint(1, 3)]]
                held = frozenset([kept])
            planned.append((family, manner, clauses, held))
        family += 1
    chance.shuffle(planned)
    sentences: list[Sentence] = []
    for n in range(total):
        issuer, year = slots[n % reports]
        if n < len(planned):
            f, manner, clauses, held = planned[n]
            text = writer.fill(clauses, issuer, year)
            sentences.append(Sentence(f"s{n:07d}", text, issuer, year, f, manner, held))
        else:
            text = writer.fill(writer.sentence(), issuer, year)
            sentences.append(Sentence(f"s{n:07d}", text, issuer, year))
    return sentences


def true_pairs(sentences: list[Sentence]) -> Iterator[tuple[str, str, str]]:
    """Give (id, id, manner) of each true pair; the manner is the harder one of the two.

    ``unclear`` are pairs of which one holds a single clause and the other edited a fifth or
    more of it: they may be found or not, and count neither way.
    """
    families: dict[int, list[Sentence]] = {}
    for s in sentences:
        if s.family >= 0:
            families.setdefault(s.family, []).append(s)
    for members in families.values():
        for a, b in combinations(members, 2):
            manners = {a.manner, b.manner}
            if a.clauses & b.clauses:
                worst = max(manners, key=MANNERS.index)
                if "partial" in manners and manners & {"edit20", "edit30"}:
                    worst = "unclear"
                yield min(a.id, b.id), max(a.id, b.id), worst
