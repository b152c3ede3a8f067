"""All frames, in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Mapping

from nlp.documents.frames.claims import CLAIM_FRAMES
from nlp.documents.frames.columns import FrameSpec
from nlp.documents.frames.notes import NOTE_FRAMES
from nlp.documents.frames.report import REPORT_FRAMES
from nlp.documents.frames.reuse import WORDING_FRAMES

# Frames of all reports compared with each other: made by ``nianbao reuse report``, not by a
# build, so that a result without them never looks like one in which nothing was found.
REUSE_FRAMES = (
    *("reuse_shares", "reuse_years", "dyads", "families", "passages", "family_slots"),
    *("issuer_links", "residue", "formula_cuts"),
)

FRAMES: Mapping[str, FrameSpec] = {
    spec.key: spec for spec in (*REPORT_FRAMES, *CLAIM_FRAMES, *WORDING_FRAMES, *NOTE_FRAMES)
}
