"""Measure finding pairs of reused sentences beside other methods, each at its best setting.

    python tests/benchmarks/reuse/run.py 300            # all methods
    python tests/benchmarks/reuse/run.py 3000 nianbao datasketch rensa
    python tests/benchmarks/reuse/run.py held-out       # the hand-made manner, five seeds

Every method gets the same masked or raw text, whichever serves it better, and the setting
that was best for it at 100 reports (``--tune`` tries the grid again).  Each runs in a
process of its own, so that peak memory is its own; times leave out loading and compiling.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import combinations, product
from pathlib import Path

from generate import MANNERS, Sentence, make_sentences, true_pairs

Pairs = set[tuple[str, str]]
_NAMES = re.compile(
    r"\d+|[\u4e00-\u9fff]{2}[县区](?:人民政府|[\u4e00-\u9fff]{2,6}局)?|我[局县区]|本机关|全县|我单位|年，"
)


def masked(text: str) -> str:
    """Mask what the generator fills in, and drop marks: what any method could do."""
    return re.sub(r"\W", "", _NAMES.sub("", text))


def ordered(pairs: Iterable[tuple[str, str]]) -> Pairs:
    return {(min(a, b), max(a, b)) for a, b in pairs if a != b}


def grams(text: str, n: int) -> set[str]:
    return {text[i : i + n] for i in range(max(1, len(text) - n + 1))}


def by_nianbao(sentences: list[Sentence]) -> Pairs:
    from nlp.reuse import Source, find_pairs

    find_pairs([Source(s.id, s.text, s.issuer, s.year) for s in sentences[:500]])
    start = time.perf_counter()
    found = find_pairs([Source(s.id, s.text, s.issuer, s.year) for s in sentences])
    by_nianbao.seconds = time.perf_counter() - start  # type: ignore[attr-defined]
    return {(p.a, p.b) for p in found}


def by_hash(sentences: list[Sentence]) -> Pairs:
    groups: dict[str, list[str]] = defaultdict(list)
    for s in sentences:
        groups[masked(s.text)].append(s.id)
    return ordered(p for ids in groups.values() for p in combinations(ids, 2))


def by_datasketch(
    sentences: list[Sentence], n: int = 2, threshold: float = 0.3, permutations: int = 128
) -> Pairs:
    from datasketch import MinHash, MinHashLSH

    lsh = MinHashLSH(threshold=threshold, num_perm=permutations)
    hashes = MinHash.bulk(
        [[g.encode() for g in grams(masked(s.text), n)] for s in sentences],
        num_perm=permutations,
    )
    found: list[tuple[str, str]] = []
    for s, h in zip(sentences, hashes, strict=True):
        found += [(s.id, other) for other in lsh.query(h)]
        lsh.insert(s.id, h, check_duplication=False)
    signature = dict(zip((s.id for s in sentences), hashes, strict=True))
    return ordered(p for p in found if signature[p[0]].jaccard(signature[p[1]]) >= threshold)


def by_rensa(
    sentences: list[Sentence], n: int = 2, threshold: float = 0.3, permutations: int = 128
) -> Pairs:
    from rensa import RMinHash, RMinHashLSH

    lsh = RMinHashLSH(threshold=threshold, num_perm=permutations, num_bands=permutations // 4)
    hashes = []
    found: list[tuple[str, str]] = []
    for k, s in enumerate(sentences):
        h = RMinHash(num_perm=permutations, seed=42)
        h.update(list(grams(masked(s.text), n)))
        for other in lsh.query(h):
            if hashes[other].jaccard(h) >= threshold:
                found.append((s.id, sentences[other].id))
        lsh.insert(k, h)
        hashes.append(h)
    return ordered(found)


def by_tfidf(
    sentences: list[Sentence], n: int = 3, threshold: float = 0.3, neighbours: int = 20
) -> Pairs:
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = [masked(s.text) for s in sentences]
    matrix = TfidfVectorizer(analyzer="char", ngram_range=(2, n), sublinear_tf=True).fit_transform(
        texts
    )
    found: list[tuple[str, str]] = []
    step = 500
    other = matrix.T.tocsr()
    for start in range(0, len(texts), step):
        block = (matrix[start : start + step] @ other).tocsr()
        for i in range(block.shape[0]):
            row = slice(block.indptr[i], block.indptr[i + 1])
            values, columns = block.data[row], block.indices[row]
            keep = values >= threshold
            best = sorted(zip(-values[keep], columns[keep], strict=True))[: neighbours + 1]
            found += [(sentences[start + i].id, sentences[j].id) for _, j in best]
    return ordered(found)


METHODS = {
    "nianbao": by_nianbao,
    "hash": by_hash,
    "datasketch": by_datasketch,
    "rensa": by_rensa,
    "tfidf": by_tfidf,
}
GRID = {
    "datasketch": [{"n": n, "threshold": t} for n, t in product((2, 3), (0.2, 0.3, 0.4, 0.5))],
    "rensa": [{"n": n, "threshold": t} for n, t in product((2, 3), (0.2, 0.3, 0.4, 0.5))],
    "tfidf": [{"n": n, "threshold": t} for n, t in product((3, 4), (0.15, 0.2, 0.3, 0.4))],
}
# The best of the grid at 300 reports.
BEST: dict[str, dict[str, float]] = json.loads(
    (Path(__file__).parent / "settings.json").read_text(encoding="utf-8")
)


def judge(found: Pairs, sentences: list[Sentence]) -> dict[str, object]:
    """Precision, recall and recall by manner; unclear pairs count neither way."""
    truth = {(a, b): manner for a, b, manner in true_pairs(sentences)}
    unclear = {pair for pair, manner in truth.items() if manner == "unclear"}
    wanted = truth.keys() - unclear
    found = found - unclear
    hit = found & wanted
    precision = len(hit) / max(1, len(found))
    recall = len(hit) / max(1, len(wanted))
    total = Counter(truth[pair] for pair in wanted)
    got = Counter(truth[pair] for pair in hit)
    return {
        "f1": round(2 * precision * recall / max(1e-9, precision + recall), 4),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "by_manner": {m: round(got[m] / total[m], 3) for m in MANNERS if total[m]},
        "true": len(wanted),
        "found": len(found),
    }


def run_one(method: str, reports: str, settings: dict[str, float]) -> dict[str, object]:
    if reports.startswith("held-out"):
        from held_out import make_held_out

        sentences = make_held_out(int(reports.partition(":")[2] or 0))
    else:
        sentences = make_sentences(int(reports))
    start = time.perf_counter()
    found = METHODS[method](sentences, **settings)
    seconds = getattr(METHODS[method], "seconds", time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return {
        "method": method, "reports": reports, "settings": settings,
        "seconds": round(seconds, 2), "peak_gb": round(peak, 2), **judge(found, sentences),
    }  # fmt: skip


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--one"]:
        method, reports, settings = arguments[1:]
        print(json.dumps(run_one(method, reports, json.loads(settings)), ensure_ascii=False))
        return
    tune = "--tune" in arguments
    arguments = [a for a in arguments if a != "--tune"]
    reports, methods = arguments[0], arguments[1:] or list(METHODS)
    for method in methods:
        grid = GRID.get(method, [{}]) if tune else [BEST.get(method, {})]
        for settings in grid:
            command = [sys.executable, __file__, "--one", method, reports, json.dumps(settings)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            print(done.stdout.strip() or done.stderr.strip()[-400:], flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[3]))
    main(sys.argv[1:])
