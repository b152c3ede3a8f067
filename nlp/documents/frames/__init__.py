"""The tidy frames: every column listed once, with its type, Chinese label and meaning.

``empty_frame`` and ``check_frame`` hold every producer to this list; the workbook's
字段说明 sheet and the docs are written from it.
"""

from nlp.documents.frames.columns import Column, FrameSpec
from nlp.documents.frames.making import (
    check_frame,
    frame_schema,
    make_frame,
    make_frame_of_columns,
    make_table,
)
from nlp.documents.frames.specs import FRAMES, REUSE_FRAMES

__all__ = [
    "FRAMES",
    "REUSE_FRAMES",
    "Column",
    "FrameSpec",
    "check_frame",
    "frame_schema",
    "make_frame",
    "make_frame_of_columns",
    "make_table",
]
