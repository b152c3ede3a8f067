"""The pictures of a page, each cut out once: kept in the library, cut in several processes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from nlp.engine import Limits, run_many
from nlp.library import Record, RecordStore, is_disk_full
from nlp.pipeline.versions import find_version, hash_json
from nlp.render.pictures import Clip, Cutter, Picture, cut_file

# So few are drawn before another process has started.
_FEW = 40
_LIMITS = Limits(seconds=60.0, memory=2 * 2**30)


@dataclass(frozen=True, slots=True)
class _FileTask:
    file: Path
    clips: tuple[Clip, ...]


def make_cutter(folder: Path, jobs: int) -> Cutter:
    """Give a cutter that keeps its pictures in a folder of the library.

    Pictures that the folder has are not cut again; those that were not asked for are dropped
    once all that were have been given.
    """
    return partial(_cut, RecordStore(folder), jobs)


def _cut(store: RecordStore, jobs: int, clips: Sequence[Clip]) -> Iterator[Picture]:
    keys = [_name(clip) for clip in clips]
    missing: dict[Path, list[Clip]] = {}
    for key, clip in zip(keys, clips, strict=True):
        if store.find_head(key) is None:
            missing.setdefault(clip.file, []).append(clip)
    tasks = [_FileTask(file, tuple(own)) for file, own in missing.items()]
    few = sum(map(len, missing.values())) <= _FEW
    for _, outcome in run_many(cut_records, tasks, jobs=1 if few else jobs, limits=_LIMITS):
        if isinstance(outcome, Exception):
            if is_disk_full(outcome):
                raise outcome
            continue  # the page says how many pictures there are not
        for key, record in outcome:
            store.put(key, record)
    given = set()
    for key, clip in zip(keys, clips, strict=True):
        try:
            record = Record.from_bytes(store.path_of(key).read_bytes())
            (x0, y0, x1, y1), (width, height) = record.head["box"], record.head["size"]
            box = (x0, y0, x1, y1)
            picture = Picture(clip.report, clip.page, box, width, height, record.body)
        except (OSError, ValueError, KeyError, TypeError):
            store.drop_damaged(key)
            continue
        given.add(key)
        yield picture
    store.keep_only(given)


def cut_records(task: _FileTask) -> list[tuple[str, Record]]:
    """Cut the pictures of one file as records by their names; none of a file that changed."""
    try:
        data = task.file.read_bytes()
    except OSError:
        return []
    report = hashlib.sha256(data).hexdigest()
    clips = {clip.page: clip for clip in task.clips if report.startswith(clip.report)}
    return [
        (
            _name(clips[picture.page]),
            Record({"box": picture.box, "size": [picture.width, picture.height]}, picture.png),
        )
        for picture in cut_file(data, clips.values())
    ]


def _name(clip: Clip) -> str:
    return hash_json([clip.report, clip.page, clip.top, clip.bottom, _version()])


@cache
def _version() -> str:
    """What a picture depends on besides its clip."""
    code = Path(cut_file.__code__.co_filename).read_bytes()
    libraries = [find_version(name) for name in ("pypdfium2", "pillow")]
    return hash_json([hashlib.sha256(code).hexdigest(), libraries])
