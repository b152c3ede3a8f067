"""Run the same function over many files in processes that can be ended one by one.

A file that takes too long or kills its process costs that file, never the batch; results
come in the order of the files, whatever finished first.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

Item = TypeVar("Item")
Result = TypeVar("Result")


class FileTimeoutError(TimeoutError):
    """A file that was not done within its time limit."""


class WorkerLostError(RuntimeError):
    """A file whose process ended without an answer (out of memory, crash of a library)."""


def run_many(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    *,
    jobs: int = 1,
    timeout: float | None = None,
) -> Iterator[tuple[Item, Result | Exception]]:
    """Apply ``function`` to every item and give (item, result or exception) in order.

    Parameters
    ----------
    function : callable
        A function of a module (it is sent to other processes when ``jobs`` > 1).
    items : sequence
    jobs : int
        Processes to use; 1 runs everything in this process, without a time limit.
    timeout : float, optional
        Seconds for one item, with ``jobs`` > 1.

    Yields
    ------
    item, result
        ``FileTimeoutError`` or ``WorkerLostError`` in place of a result that never came.
    """
    if jobs <= 1:
        for item in items:
            try:
                yield item, function(item)
            except Exception as error:
                yield item, error
        return
    # spawn, not fork: the parent may hold threads (progress bar, notebooks) and locks.
    context = multiprocessing.get_context("spawn")
    with ProcessPool(max_workers=jobs, context=context) as pool:
        futures = [pool.schedule(function, args=(item,), timeout=timeout) for item in items]
        for item, future in zip(items, futures, strict=True):
            try:
                yield item, future.result()
            except FutureTimeoutError:
                yield item, FileTimeoutError(f"超过每个文件的时限 {timeout:g} 秒")
            except ProcessExpired as error:
                yield item, WorkerLostError(f"读取该文件的进程意外结束（{error}）")
            except Exception as error:
                yield item, error
