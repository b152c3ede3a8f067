"""The workers of a Dask cluster (extra ``cluster``).

Each Dask worker keeps one process of its own for each of its threads, so that a file can be
ended there as it is on one machine.  A worker that is lost has its files done again by others.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from itertools import islice
from typing import Any, TypeVar

from nlp.engine.limits import Limits, WorkerLostError, call_limited
from nlp.engine.local import make_pool, settle

Item = TypeVar("Item")
Result = TypeVar("Result")

_AHEAD = 3  # items for each thread of the cluster
_PATIENCE = 30.0  # seconds to reach the scheduler
_kept = threading.local()


def run_cluster(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    address: str,
    limits: Limits,
    same: Callable[[], str] | None = None,
) -> Iterator[tuple[Item, Result | Exception]]:
    """Apply a function on the workers of a cluster; see ``run_many``."""
    distributed = _import_distributed()
    try:
        client = distributed.Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ConnectionError(f"连不上 Dask 调度器 {address}：{error}") from error
    try:
        _check_workers(client, same)
        waiting = iter(items)
        running: dict[Any, Item] = {}
        queue = distributed.as_completed([], loop=client.loop)
        while True:
            room = _AHEAD * max(1, sum(client.nthreads().values())) - len(running)
            for item in islice(waiting, max(0, room)):
                future = client.submit(_run_limited, function, item, limits, pure=False)
                running[future] = item
                queue.add(future)
            if not running:
                return
            future = next(queue)
            yield running.pop(future), _settle(future, distributed, address)
            future.release()
    finally:
        client.close()


def _import_distributed() -> Any:
    try:
        import distributed
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "用集群需要附加组件 cluster；请先安装：pip install 'nianbao[cluster]'"
        ) from error
    return distributed


def _check_workers(client: Any, same: Callable[[], str] | None) -> None:
    if not client.scheduler_info().get("workers"):
        raise ConnectionError("Dask 调度器上没有工作进程；请先启动 dask worker")
    if same is None:
        return
    try:
        answers = set(client.run(same).values())
    except ImportError as error:
        raise ConnectionError(f"集群的工作进程没有安装 nianbao 或缺少组件：{error}") from error
    if answers != {same()}:
        raise ConnectionError("集群的工作进程与本机的 nianbao 版本不同；请装成同一版本再用")


def _settle(future: Any, distributed: Any, address: str) -> Any:
    try:
        return future.result()
    except distributed.scheduler.KilledWorker as error:
        return WorkerLostError(f"读取该文件的进程几次意外结束（{error}）")
    except distributed.client.FutureCancelledError as error:
        raise ConnectionError(f"与 Dask 调度器 {address} 的连接中断：{error}") from error
    except Exception as error:
        return error


def _run_limited(function: Callable[[Item], Result], item: Item, limits: Limits) -> Result:
    """Run on a Dask worker: in a process beside it that can be ended."""
    pool = getattr(_kept, "pool", None)
    if pool is None or not pool.active:
        pool = _kept.pool = make_pool(1)
    with _Unbound():
        future: Future[Result] = pool.schedule(
            call_limited, args=(function, item, limits.memory), timeout=limits.seconds
        )
        found: Any = settle(future, limits)
    if isinstance(found, Exception):
        raise found
    answer: Result = found
    return answer


class _Unbound:
    """Lets a Dask worker start processes although it is itself a daemonic process.

    Python forbids children to daemonic processes because they would be orphaned; ours end
    when the pipe to the worker closes.
    """

    _lock = threading.Lock()
    _inside = 0

    def __enter__(self) -> None:
        with self._lock:
            config = self._config()
            if config.get("daemon"):
                config["daemon"] = False
                type(self)._was = True
            type(self)._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            type(self)._inside -= 1
            if not self._inside and self._was:
                self._config()["daemon"] = True
                type(self)._was = False

    _was = False

    @staticmethod
    def _config() -> dict[str, Any]:
        config: dict[str, Any] = getattr(multiprocessing.current_process(), "_config", {})
        return config
