"""This process, or other processes of this machine that can be ended one by one."""

from __future__ import annotations

import gc
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


class UnguardedScriptError(RuntimeError):
    """A script that starts processes where these processes load it (no ``__main__`` guard)."""


_NO_PROCESS = (
    '子进程启动不了。若是在脚本里调用，请把调用放在 if __name__ == "__main__": 之下，'
    "或改用 jobs=1；原因见上面子进程的输出"
)
_AHEAD = 3  # items handed out for each process, so that none waits for the next
_NEW = 20_000  # objects made until the next look; a report makes some thousand in all
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
    return ProcessPool(
        max_workers=jobs, max_tasks=_TASKS, context=context, initializer=_look_seldom
    )


def _look_seldom() -> None:
    """Look for garbage in cycles less often than Python does, which costs a tenth of the time."""
    gc.set_threshold(_NEW, 10, 10)


def run_processes(
    function: Callable[[Item], Result], items: Iterable[Item], jobs: int, limits: Limits
) -> Iterator[tuple[Item, Result | Exception]]:
    """Apply a function in processes of this machine; see ``run_many``."""
    refuse_unguarded()
    waiting = iter(items)
    running: dict[Future[Result], Item] = {}
    pool = make_pool(jobs)
    try:
        # A task that nothing can be wrong with: where even it finds no process, none comes up,
        # and the files must not be blamed for it.
        probe = _schedule(pool, _answer, None, Limits())
        while True:
            for item in islice(waiting, jobs * _AHEAD - len(running)):
                running[_schedule(pool, function, item, limits)] = item
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                outcome = settle(future, limits)
                if isinstance(outcome, WorkerLostError) and _is_lost(probe):
                    raise UnguardedScriptError(_NO_PROCESS)
                yield running.pop(future), outcome
    finally:
        # Also where the caller stops midway: what still runs is ended, not waited for.
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def refuse_unguarded() -> None:
    """Refuse work in a process that is still loading the main script.

    spawn runs the main script again in each process: without the usual guard it would start
    its work there once more, and so on.

    Raises
    ------
    UnguardedScriptError
        If this process is one of those.
    """
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise UnguardedScriptError(
            '用多个进程（jobs 大于 1）时，脚本里的调用要放在 if __name__ == "__main__": 之下，'
            "否则每个子进程都会把整个脚本再跑一遍。请加上这一行，或改用 jobs=1；"
            "笔记本（Jupyter）和命令行不受影响"
        )


def _schedule(
    pool: ProcessPool, function: Callable[[Item], Result], item: Item, limits: Limits
) -> Future[Result]:
    try:
        future: Future[Result] = pool.schedule(
            call_limited, args=(function, item, limits.memory), timeout=limits.seconds
        )
    except RuntimeError as error:
        # pebble gives up a pool of which no process ever comes up; the usual reason is a
        # script without guard, whose own message stands above in the output of the processes.
        raise UnguardedScriptError(_NO_PROCESS) from error
    return future


def _answer(_: None) -> None:
    return None


def _is_lost(future: Future[Any]) -> bool:
    # It was handed out first, so its end is known, or will be at once.
    return isinstance(future.exception(), ProcessExpired)


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
