"""Measure finding pairs of reused sentences beside other methods, each at its best setting.

    python tests/benchmarks/reuse/run.py 300 3000 --repeats 3      # all methods
    python tests/benchmarks/reuse/run.py 30000 --methods nianbao nianbao-file
    python tests/benchmarks/reuse/run.py held-out adversarial      # the hand-made manners
    python tests/benchmarks/reuse/run.py 300 --tune --methods rensa

Every method gets the same masked or raw text, whichever serves it better, and the setting
of its grid that was best for it by F1 (``--tune`` tries the grid again).  Each runs in a
process of its own, which reads the sentences from a file and has no truth in it, so that
peak memory is its own.  Times leave out reading that file and compiling: our loops are
compiled (or fetched from the cache) on 500 sentences before, which is said in ``warm``.
Runs are added to ``measured.jsonl``; the methods take turns, so that each repeat sees the
machine as the others see it.  ``cpu`` is the time of all threads.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from itertools import combinations, product
from pathlib import Path

from generate import MANNERS, Sentence, make_sentences, true_pairs
from words import FORMULAE

HERE = Path(__file__).parent

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


def by_nianbao(sentences: list[Sentence], workers: int | None = None) -> Pairs:
    from nlp.reuse import Source, find_pairs

    found = find_pairs((Source(s.id, s.text, s.issuer, s.year) for s in sentences), workers=workers)
    columns, ids = found.columns, found.ids
    return set(
        zip(
            map(ids.__getitem__, columns.a.tolist()),
            map(ids.__getitem__, columns.b.tolist()),
            strict=True,
        )
    )


def by_nianbao_file(sentences: list[Sentence], file: str = "") -> Pairs:
    """``nianbao reuse pairs FILE -o OUT``: reading, names of places and writing as well."""
    from nlp.pipeline.reuse import pair_file

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "pairs.jsonl"
        pair_file(Path(file), out)
        by_nianbao_file.stop = time.perf_counter()  # type: ignore[attr-defined]
        with out.open(encoding="utf-8") as lines:
            return {(row["a"], row["b"]) for row in map(json.loads, lines)}


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
    sentences: list[Sentence], n: int = 2, threshold: float = 0.3, bands: int = 32
) -> Pairs:
    from rensa import RMinHash, RMinHashLSH

    permutations = 128
    lsh = RMinHashLSH(threshold=threshold, num_perm=permutations, num_bands=bands)
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


METHODS: dict[str, Callable[..., Pairs]] = {
    "nianbao": by_nianbao,
    "nianbao-1": by_nianbao,
    "nianbao-file": by_nianbao_file,
    "hash": by_hash,
    "datasketch": by_datasketch,
    "rensa": by_rensa,
    "rensa-fast": by_rensa,
    "tfidf": by_tfidf,
}
_HASHED = [{"n": n, "threshold": t} for n, t in product((2, 3), (0.15, 0.2, 0.25, 0.3, 0.4, 0.5))]
GRID = {
    "datasketch": _HASHED,
    "rensa": [{**g, "bands": b} for g in _HASHED for b in (32, 64)],
    "tfidf": [{"n": n, "threshold": t} for n, t in product((3, 4), (0.15, 0.2, 0.3, 0.4))],
}
# The best of the grid; rensa-fast is the best of those with 32 bands.
BEST: dict[str, dict[str, float]] = json.loads((HERE / "settings.json").read_text(encoding="utf-8"))


def judge(found: Pairs, sentences: list[Sentence]) -> dict[str, object]:
    """Precision, recall and recall by manner; unclear pairs count neither way.

    ``formula`` is the share of found pairs that are no copies and have a formula in common;
    ``boilerplate`` the mean difference, in points, between a report's share of sentences
    that have a copy anywhere and the share found, and ``boilerplate_worst`` its 95th
    percentile.
    """
    truth = {(a, b): manner for a, b, manner in true_pairs(sentences)}
    unclear = {pair for pair, manner in truth.items() if manner == "unclear"}
    wanted = truth.keys() - unclear
    shares = _boilerplate(found, truth.keys(), sentences)
    found = found - unclear
    hit = found & wanted
    precision = len(hit) / max(1, len(found))
    recall = len(hit) / max(1, len(wanted))
    total = Counter(truth[pair] for pair in wanted)
    got = Counter(truth[pair] for pair in hit)
    texts = {s.id: s.text for s in sentences}
    formula = sum(any(f in texts[a] and f in texts[b] for f in FORMULAE) for a, b in found - wanted)
    return {
        "f1": round(2 * precision * recall / max(1e-9, precision + recall), 4),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "by_manner": {m: round(got[m] / total[m], 3) for m in MANNERS if total[m]},
        "formula": round(formula / max(1, len(found)), 5),
        "boilerplate": round(100 * statistics.fmean(shares), 2),
        "boilerplate_worst": round(100 * sorted(shares)[int(0.95 * len(shares))], 2),
        "true": len(wanted),
        "found": len(found),
    }


def _boilerplate(
    found: Pairs, truth: Iterable[tuple[str, str]], sentences: list[Sentence]
) -> list[float]:
    """Give, for each report, how far the share of its sentences with a copy is off."""
    mine = {i for pair in found for i in pair}
    theirs = {i for pair in truth for i in pair}
    reports: dict[tuple[str, int], list[str]] = defaultdict(list)
    for s in sentences:
        reports[s.issuer, s.year].append(s.id)
    return [
        abs(sum(i in mine for i in ids) - sum(i in theirs for i in ids)) / len(ids)
        for ids in reports.values()
    ]


def make(kind: str) -> list[Sentence]:
    if kind.isdigit():
        return make_sentences(int(kind))
    from adversarial import make_adversarial
    from held_out import make_held_out

    name, _, seed = kind.partition(":")
    makers = {"held-out": make_held_out, "adversarial": make_adversarial}
    return makers[name](int(seed or 0))


def run_one(method: str, file: str, target: str, settings: dict[str, float]) -> dict[str, object]:
    """Run one method on a file of sentences; write the pairs and give what it took."""
    lines = Path(file).read_text(encoding="utf-8").splitlines()
    rows = map(json.loads, lines)
    sentences = [Sentence(r["id"], r["text"], r["issuer"], r["year"]) for r in rows]
    del lines
    call = METHODS[method]
    extra: dict[str, object] = {}
    if method.startswith("nianbao"):
        start = time.perf_counter()
        by_nianbao(sentences[:500])
        extra["warm"] = round(time.perf_counter() - start, 2)
    if method == "nianbao-1":
        extra["settings"] = settings = {"workers": 1}
    if method == "nianbao-file":
        sentences, settings = [], {"file": file}  # type: ignore[dict-item]
    cpu, start = time.process_time(), time.perf_counter()
    found = call(sentences, **settings)
    seconds = getattr(call, "stop", time.perf_counter()) - start
    cpu = time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    with Path(target).open("w", encoding="utf-8") as out:
        for a, b in found:
            out.write(f"{a}\t{b}\n")
    return {
        "method": method, "settings": settings if method != "nianbao-file" else {},
        "seconds": round(seconds, 2), "cpu": round(cpu, 2), "peak_gb": round(peak, 2), **extra,
    }  # fmt: skip


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        method, file, target, given = sys.argv[2:]
        print(json.dumps(run_one(method, file, target, json.loads(given))))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", help="reports, held-out:SEED, adversarial:SEED")
    parser.add_argument("--methods", nargs="*", default=list(METHODS))
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--tune", action="store_true")
    chosen = parser.parse_args()
    for kind in chosen.sets:
        with tempfile.TemporaryDirectory() as folder:
            _measure(kind, Path(folder), chosen.methods, chosen.repeats, chosen.tune)


def _measure(kind: str, folder: Path, methods: list[str], repeats: int, tune: bool) -> None:
    sentences = make(kind)
    file, target = folder / "sentences.jsonl", folder / "pairs.tsv"
    with file.open("w", encoding="utf-8") as out:
        for s in sentences:
            row = {"id": s.id, "text": s.text, "issuer": s.issuer, "year": s.year}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    for _ in range(repeats):
        for method in methods:
            for settings in GRID.get(method, [{}]) if tune else [BEST.get(method, {})]:
                command = [sys.executable, __file__, "--one", method, str(file), str(target)]
                done = subprocess.run(
                    [*command, json.dumps(settings)], capture_output=True, text=True, check=False
                )
                if done.returncode:
                    print(method, kind, done.stderr.strip()[-600:], flush=True)
                    continue
                with target.open(encoding="utf-8") as lines:
                    found = {(a, b) for a, b in (line.rstrip("\n").split("\t") for line in lines)}
                row = {"set": kind, **json.loads(done.stdout), **judge(found, sentences)}
                print(json.dumps(row, ensure_ascii=False), flush=True)
                if not tune:
                    with (HERE / "measured.jsonl").open("a", encoding="utf-8") as out:
                        out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[3])]
    main()
