"""A held-out set in the manner of researchers' hand-made ones: one passage a line.

Sentences of the shipped (fictional) reports, of which each is used once, are copied with
edits; look-alikes are other sentences of the same topics, half of them with the same
formulae put in.  Lines hold one passage each, with issuer and year.
"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import jieba
from generate import MANNERS, Sentence, Writer
from words import FORMULAE, PLACES, SYNONYMS, TRADES

ROOT = Path(__file__).parents[3]
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_OWN = re.compile(r"我[县区市局厅镇乡]|本机关|县政府|区政府|市政府|全[县区市镇乡]")


def narrative_sentences() -> list[tuple[str, str]]:
    """Give (issuer, sentence) of the shipped reports, planted reuse kept once only."""
    seen: set[str] = set()
    found: list[tuple[str, str]] = []
    for path in sorted((ROOT / "corpus" / "reports").glob("*.truth.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        reused = [r["text"] for r in data["reuse"]]
        families = {r["text"]: r["family"] for r in data["reuse"]}
        for part in data["narrative"]:
            if part["section"] not in ("一", "五"):
                continue
            for sentence in re.split(r"(?<=[。！？\n])", "\n".join(part["paragraphs"])):
                sentence = sentence.strip()
                if not 24 <= len(sentence) <= 130:
                    continue
                key = next((families[r] for r in reused if r in sentence or sentence in r), None)
                if key and key in seen:
                    continue
                # What an issuer says again, this year or elsewhere, is reuse: used once.
                folded = re.sub(r"[\d\W]", "", sentence)
                parts = {folded[i : i + 9] for i in range(max(1, len(folded) - 8))}
                if parts & seen:
                    continue
                seen |= parts | ({key} if key else set())
                found.append((data["issuer"] or "", sentence))
    return found


def _swap_slots(text: str, chance: random.Random) -> str:
    text = _NUMBER.sub(lambda m: str(max(1, int(float(m[0]) * chance.uniform(0.5, 1.8)))), text)
    return _OWN.sub(lambda m: chance.choice(["我局", "我县", "我镇", "全县", "本机关", m[0]]), text)


def _edit(text: str, share: float, writer: Writer) -> str:
    """Edit words of real prose: synonyms first, then other words, gone or added ones."""
    chance = writer.chance
    words = jieba.lcut(text)
    places = [i for i, w in enumerate(words) if re.match(r"[\u4e00-\u9fff]", w)]
    budget = share * sum(len(words[i]) for i in places)
    chance.shuffle(places)
    places.sort(key=lambda i: not any(words[i] in g for g in SYNONYMS))
    for i in places:
        word = words[i]
        if budget < len(word) / 2:
            break
        group = next((g for g in SYNONYMS if word in g), None)
        roll = chance.random()
        if group:
            words[i] = chance.choice([w for w in group if w != word])
        elif roll < 0.25:
            words[i] = ""
        elif roll < 0.5:
            words[i] = word + chance.choice(
                ["有关", "相关", "各类", "主要", "全部", "日常", "具体"]
            )
        else:
            words[i] = chance.choice(writer.words["nv"[chance.random() < 0.4]])
        budget -= len(word)
    return "".join(words)


def _clauses(text: str) -> list[str]:
    return [c for c in re.split(r"[，。；]", text) if c]


def make_held_out(seed: int = 11, clusters: int = 60) -> list[Sentence]:
    """Make the lines; ``true_pairs`` gives their truth."""
    writer = Writer(seed)
    chance = writer.chance
    base = narrative_sentences()
    chance.shuffle(base)
    sentences: list[Sentence] = []

    def add(text: str, family: int, manner: str, held: frozenset[int]) -> None:
        issuer = chance.choice(PLACES) + chance.choice(TRADES) + "局"
        year = chance.randint(2019, 2024)
        sentences.append(Sentence("", text, issuer, year, family, manner, held))

    rich = [s for _, s in base if len(_clauses(s)) >= 3 and len(s) >= 40]
    sources, others = rich[:clusters], [s for _, s in base if s not in set(rich[:clusters])]
    for f, source in enumerate(sources):
        clauses = _clauses(source)
        whole = frozenset(range(len(clauses)))
        add(source, f, "exact", whole)
        for _ in range(chance.choice((1, 1, 2, 3, 4, 6))):
            manner = chance.choice(MANNERS)
            text, held = _swap_slots(source, chance), whole
            if manner == "exact":
                text = source
            elif manner.startswith("edit"):
                text = _edit(text, int(manner[4:]) / 100, writer)
            elif manner == "reordered":
                moved = _clauses(text)
                while moved == _clauses(text):
                    chance.shuffle(moved)
                text = "，".join(moved) + "。"
            elif manner == "partial":
                best = max(whole, key=lambda i: len(clauses[i]))
                if len(clauses[best]) < 12:
                    continue
                # What stands around the copied clause is used up: it is no look-alike.
                other = _clauses(others.pop(chance.randrange(len(others))))
                text = "，".join([*other[:1], _clauses(text)[best], *other[1:2]]) + "。"
                held = frozenset([best])
            add(text, f, manner, held)
    for text in others:
        if chance.random() < 0.5:
            text = f"{chance.choice(FORMULAE)}，{text}"
        if chance.random() < 0.3:
            text = f"{text.rstrip('。')}，{chance.choice(FORMULAE)}。"
        add(text, -1, "own", frozenset())
    chance.shuffle(sentences)
    for n, s in enumerate(sentences):
        s.id = f"h{n:05d}"
    return sentences
