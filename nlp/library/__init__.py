"""A result on disk: frames and a manifest, published whole or not at all, and what was read.

``OUT/library`` keeps a record of every file that was read, by the hash of its bytes, so that
the next build reads only what is new.
"""

from nlp.library.files import DiskFullError, is_disk_full, sync_folder, write_durably
from nlp.library.parts import (
    Part,
    PartStore,
    count_rows,
    link_parts,
    read_parts,
    sort_rows,
    take_rows,
)
from nlp.library.records import Record, RecordStore
from nlp.library.result import (
    MANIFEST,
    ResultFrames,
    load_manifest,
    load_result,
    write_frame,
    write_manifest,
    write_result,
)
from nlp.library.workspace import LibraryBusyError, Workspace, open_workspace, to_json

__all__ = [
    "MANIFEST",
    "DiskFullError",
    "LibraryBusyError",
    "Part",
    "PartStore",
    "Record",
    "RecordStore",
    "ResultFrames",
    "Workspace",
    "count_rows",
    "is_disk_full",
    "link_parts",
    "load_manifest",
    "load_result",
    "open_workspace",
    "read_parts",
    "sort_rows",
    "sync_folder",
    "take_rows",
    "to_json",
    "write_durably",
    "write_frame",
    "write_manifest",
    "write_result",
]
