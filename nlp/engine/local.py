"""This process, or other processes of this machine that can be ended one by one."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures import TimeoutError as FutureTimeoutError
from itertools import islice
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from nlp.engine.limits import (
    MEMORY_EXIT,
    Limits,
    WorkerLostError,
    call_limited,
    over_memory,
    over_time,
)

Item = TypeVar("Item")
Result = TypeVar("Result")

_AHEAD = 3  # items handed out for each process, so that none waits for the next
_TASKS = 2000  # of one process; libraries in C are not free of leaks


def run_here(
    function: Callable[[Item], Result], items: Iterable[Item]
) -> Iterator[tuple[Item, Result | Exception]]:
    """Apply a function in this process, in order, without limits."""
    for item in items:
        try:
            yield item, function(item)
        except Exception as error:
            yield item, error


def make_pool(jobs: int) -> ProcessPool:
    """Make a pool of processes that share nothing with this one."""
    # spawn, not fork: the parent may hold threads (progress bar, notebooks) and locks.
    context = multiprocessing.get_context("spawn")
    return ProcessPool(max_workers=jobs, max_tasks=_TASKS, context=context)


def run_processes(
    function: Callable[[Item], Result], items: Iterable[Item], jobs: int, limits: Limits
) -> Iterator[tuple[Item, Result | Exception]]:
    """Apply a function in processes of this machine; see ``run_many``."""
    waiting = iter(items)
    running: dict[Future[Result], Item] = {}
    pool = make_pool(jobs)
    try:
        while True:
            for item in islice(waiting, jobs * _AHEAD - len(running)):
                future: Future[Result] = pool.schedule(
                    call_limited, args=(function, item, limits.memory), timeout=limits.seconds
                )
                running[future] = item
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(future), settle(future, limits)
    finally:
        # Also where the caller stops midway: what still runs is ended, not waited for.
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def settle(future: Future[Any], limits: Limits) -> Any:
    """Give what came of an item, or the error that says why nothing did."""
    try:
        return future.result()
    except FutureTimeoutError:
        return over_time(limits.seconds)
    except ProcessExpired as error:
        if error.exitcode == MEMORY_EXIT:
            return over_memory(limits.memory)
        return WorkerLostError(f"读取该文件的进程意外结束（{error}）")
    except Exception as error:
        return error
