"""The same function over many items: in this process, in others of this machine, on a cluster.

An item that takes too long, needs too much memory or kills its process costs that item, never
the batch.  Results come as they are done: whoever needs an order puts them into one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from nlp.engine.limits import FileMemoryError, FileTimeoutError, Limits, WorkerLostError
from nlp.engine.local import (
    UnguardedScriptError,
    refuse_unguarded,
    run_here,
    run_processes,
)

__all__ = [
    "FileMemoryError",
    "FileTimeoutError",
    "Limits",
    "UnguardedScriptError",
    "WorkerLostError",
    "refuse_unguarded",
    "run_many",
]

Item = TypeVar("Item")
Result = TypeVar("Result")


def run_many(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    jobs: int = 1,
    limits: Limits | None = None,
    scheduler: str | None = None,
    same: Callable[[], str] | None = None,
) -> Iterator[tuple[Item, Result | Exception]]:
    """Apply ``function`` to every item and give (item, result or exception) as they are done.

    Parameters
    ----------
    function : callable
        A function of a module, or a partial of one (it is sent to other processes).
    items : iterable
        Taken a few at a time, so that they may be made as they are needed.
    jobs : int
        Processes to use; 1 runs everything in this process, without limits.
    limits : Limits, optional
        Time and memory of one item, in other processes; default none.
    scheduler : str, optional
        Address of a Dask scheduler (``tcp://host:8786``) whose workers do the work instead.
    same : callable, optional
        A function of a module whose answer must be the same on every worker of the cluster
        as here, such as a hash of the code.

    Yields
    ------
    item, result
        ``FileTimeoutError``, ``FileMemoryError`` or ``WorkerLostError`` in place of a result
        that never came.

    Raises
    ------
    ModuleNotFoundError
        With ``scheduler``, if the extra ``cluster`` is not installed.
    ConnectionError
        If the cluster cannot be reached, is lost, or its workers have another version.

    Examples
    --------
    >>> list(run_many(len, ["一", "二三"]))
    [('一', 1), ('二三', 2)]
    """
    limits = limits or Limits()
    if scheduler is not None:
        from nlp.engine.cluster import run_cluster

        return run_cluster(function, items, scheduler, limits, same)
    if jobs <= 1:
        return run_here(function, items)
    return run_processes(function, items, jobs, limits)
