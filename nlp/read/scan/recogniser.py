"""The recognition library behind a narrow door: lines of print in, text and score out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np

from nlp.documents import ReadError
from nlp.read.scan.picture import Grey

# Recognisers are trained on lines with some paper around them.
_PAPER = 6
# Sides of a picture in which lines are looked for; a strip of a page has some 1 : 3.
_MOST_SLENDER = 4
# Pixels; an icon, of which a file may have hundreds.  A page at 72 dpi has 842.
_LEAST_PAGE = 300


class Recogniser:
    """RapidOCR with the models inside its wheel (PP-OCRv4, Apache-2.0), on one thread."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self.name = f"rapidocr-onnxruntime {version('rapidocr-onnxruntime')}"

    def read_lines(self, crops: Sequence[Grey], *, scale: float = 1.0) -> list[tuple[str, float]]:
        """Give text and score (0–1) of each picture of one line of print."""
        if not crops:
            return []
        results, _ = self._engine.text_rec([_prepare(crop, scale) for crop in crops])
        return [(str(text).strip(), float(score)) for text, score in results]

    def find_lines(self, grey: Grey) -> list[tuple[int, int, int, int]]:
        """Give the boxes (x0, top, x1, bottom; pixels) of the lines of print on a page."""
        height, width = grey.shape
        if max(height, width) < _LEAST_PAGE:
            return []
        # The detector wants sides of a few thousand pixels at most.
        step = max(1.0, max(height, width) / 1800)
        small = _widen(grey if step == 1.0 else _resize(grey, 1 / step))
        boxes, _ = self._engine.auto_text_det(_colour(small))
        found = []
        for box in boxes if boxes is not None else ():
            corners = np.asarray(box, dtype=np.float64) * step
            x0, top = corners.min(axis=0)
            x1, bottom = corners.max(axis=0)
            found.append(
                (
                    max(0, int(x0)),
                    max(0, int(top)),
                    min(width, int(x1) + 1),
                    min(height, int(bottom) + 1),
                )
            )
        # A box that is found at the very edge may have nothing of the page in it.
        shown = [box for box in found if box[0] < box[2] and box[1] < box[3]]
        return sorted(shown, key=lambda b: (b[1], b[0]))


@cache
def _load() -> Recogniser:
    from rapidocr_onnxruntime import RapidOCR

    # One thread: reports run side by side in processes, and sums come out the same.
    return Recogniser(RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1))


def load_recogniser(name: str) -> Recogniser:
    """Load the recogniser once a process.

    Raises
    ------
    ReadError
        ``scan``, where the extra is not installed.
    """
    try:
        return _load()
    except ImportError as error:
        raise ReadError(
            "scan",
            name,
            expected="含有文字的报告，或已安装文字识别组件",
            found="扫描件，而文字识别组件没有安装",
            advice='请先安装：pip install "nianbao[ocr]"，再加 --ocr 重新读取。',
        ) from error


def _prepare(crop: Grey, scale: float) -> Grey:
    padded = np.pad(crop, _PAPER, mode="constant", constant_values=int(np.percentile(crop, 90)))
    return _colour(padded if scale == 1.0 else _resize(padded, scale))


def _widen(grey: Grey) -> Grey:
    """Set a strip on paper: the detector makes short sides larger, and long ones with them."""
    least = max(grey.shape) // _MOST_SLENDER
    missing = [max(0, least - side) for side in grey.shape]
    return np.pad(grey, [(0, missing[0]), (0, missing[1])], mode="constant", constant_values=255)


def _resize(grey: Grey, scale: float) -> Grey:
    from PIL import Image

    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    return np.asarray(
        Image.fromarray(np.ascontiguousarray(grey)).resize(size, Image.Resampling.LANCZOS)
    )


def _colour(grey: Grey) -> Grey:
    return np.repeat(np.ascontiguousarray(grey)[:, :, None], 3, axis=2)
