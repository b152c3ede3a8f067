"""Share compiled loops out to threads: they hold no lock, and each fills its own part."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import pairwise
from typing import TypeVar

T = TypeVar("T")
_WORKERS: ContextVar[int | None] = ContextVar("workers", default=None)
# Less than this is not worth a thread.
_SMALL = 20_000


def count_workers() -> int:
    """Give the number of threads in use: what ``using_workers`` set, else this machine's cores."""
    workers = _WORKERS.get()
    if workers is None:
        affinity = getattr(os, "sched_getaffinity", None)
        workers = len(affinity(0)) if affinity else os.cpu_count() or 1
    return max(1, workers)


@contextmanager
def using_workers(workers: int | None) -> Iterator[None]:
    """Use so many threads inside the block; None leaves the number as it is.

    Results do not depend on it.

    Examples
    --------
    >>> with using_workers(1):
    ...     count_workers()
    1
    """
    if workers is None:
        yield
        return
    token = _WORKERS.set(workers)
    try:
        yield
    finally:
        _WORKERS.reset(token)


def in_parts(size: int, work: Callable[[int, int], T], *, small: int = _SMALL) -> list[T]:
    """Call ``work(first, last)`` on parts of ``range(size)``; give the results in order.

    Examples
    --------
    >>> in_parts(5, lambda first, last: (first, last))
    [(0, 5)]
    """
    workers = count_workers()
    if workers == 1 or size < small:
        return [work(0, size)]
    # More parts than threads: the work is not spread evenly.
    parts = 4 * workers
    borders = [size * n // parts for n in range(parts + 1)]
    return run_all([lambda a=a, b=b: work(a, b) for a, b in pairwise(borders)])  # type: ignore[misc]


def run_all(calls: Sequence[Callable[[], T]]) -> list[T]:
    """Call functions side by side; give their results in order."""
    workers = count_workers()
    if workers == 1 or len(calls) < 2:
        return [call() for call in calls]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda call: call(), calls))
