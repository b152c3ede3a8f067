"""A bar that shows how far a build is; quiet where nobody looks at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

if TYPE_CHECKING:
    from nlp.pipeline.reading import Step


class _Speed(ProgressColumn):
    """Files a second, as the last seconds were."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:.1f} 份/秒")


@contextmanager
def show_progress(console: Console | None = None) -> Iterator[Callable[[Step], None]]:
    """Give a function that is told each ``Step``; a bar on stderr while it is a terminal."""
    console = console or Console(stderr=True)
    bar = Progress(
        TextColumn("{task.fields[stage]}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Speed(),
        TextColumn("剩"),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    tasks: dict[str, TaskID] = {}

    def advance(step: Step) -> None:
        if step.stage not in tasks:
            for old in tasks.values():
                bar.remove_task(old)
            tasks.clear()
            tasks[step.stage] = bar.add_task("", total=None, stage=step.stage)
        counts = [f"跳过 {step.skipped}"] if step.skipped else []
        counts += [f"已读过 {step.known}"] if step.known else []
        text = "，".join([*counts, step.name[-40:]])
        bar.update(
            tasks[step.stage], completed=step.done, total=step.total or None, description=text
        )

    with bar:
        yield advance
