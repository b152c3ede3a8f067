"""What one item may take, and what is said of one that took more."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

MEMORY_EXIT = 77  # how a process ends that found itself over its limit
_PAUSE = 0.1  # seconds between two looks at a process's own memory


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes of memory that one item may take; None is no limit."""

    seconds: float | None = None
    memory: int | None = None


class FileTimeoutError(TimeoutError):
    """A file that was not done within its time limit."""


class FileMemoryError(MemoryError):
    """A file that needed more memory than its limit."""


class WorkerLostError(RuntimeError):
    """A file whose process ended without an answer (killed, crash of a library)."""


def call_limited(function: Callable[[Item], Result], item: Item, memory: int | None) -> Result:
    """Call a function within a limit of memory; runs in a process that can be ended.

    Raises
    ------
    FileMemoryError
        If the memory did not suffice.
    """
    if memory is None:
        return function(item)
    with _limit_memory(memory):
        try:
            return function(item)
        except MemoryError:
            raise over_memory(memory) from None


def over_time(seconds: float | None) -> FileTimeoutError:
    """Make the error of an item that took too long."""
    return FileTimeoutError(f"超过每个文件的时限 {seconds or 0:g} 秒")


def over_memory(memory: int | None) -> FileMemoryError:
    """Make the error of an item that needed too much memory."""
    return FileMemoryError(f"超过每个文件的内存上限 {(memory or 0) / 2**20:.0f} MB")


@contextmanager
def _limit_memory(amount: int) -> Iterator[None]:
    if sys.platform == "linux":
        with _limit_data(amount):
            yield
    else:
        with watch_memory(amount):
            yield


@contextmanager
def _limit_data(amount: int) -> Iterator[None]:
    # The kernel refuses what goes over, at once; C code that cannot go on ends the process.
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = _data_now() + amount
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _data_now() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii", errors="ignore").splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    return 0


@contextmanager
def watch_memory(amount: int) -> Iterator[None]:
    """End this process (exit code ``MEMORY_EXIT``) when it grows by more than ``amount`` bytes.

    For systems where the kernel enforces no limit (Windows, macOS).
    """
    import psutil

    process = psutil.Process()
    most = process.memory_info().rss + amount
    done = threading.Event()

    def watch() -> None:
        while not done.wait(_PAUSE):
            if process.memory_info().rss > most:
                os._exit(MEMORY_EXIT)

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        done.set()
