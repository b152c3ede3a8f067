"""PDFium by its C interface, called in bulk.

The calls for one character cost less than a microsecond; what costs is Python around
them.  So the functions are bound once, with addresses as plain integers, and called over
whole pages by ``map``, their results written into one array that is read at the end.

PDFium is not thread-safe: one process, one thread.  The interpreter lock is held over each
call (``PyDLL``), so that two threads of one process are never inside it together.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from ctypes import c_char_p, c_double, c_float, c_int, c_size_t, c_uint, c_ulong, c_void_p
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from itertools import repeat
from pathlib import Path
from typing import Any

_NAMES = ("libpdfium.so", "libpdfium.dylib", "pdfium.dll")
# Name: result and arguments.  A rectangle, a matrix and an output number are addresses.
_SIGNATURES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "FPDF_InitLibrary": (None, ()),
    "FPDF_LoadMemDocument64": (c_void_p, (c_char_p, c_size_t, c_char_p)),
    "FPDF_CloseDocument": (None, (c_void_p,)),
    "FPDF_GetPageCount": (c_int, (c_void_p,)),
    "FPDF_GetFormType": (c_int, (c_void_p,)),
    "FPDF_GetMetaText": (c_ulong, (c_void_p, c_char_p, c_void_p, c_ulong)),
    "FPDF_LoadPage": (c_void_p, (c_void_p, c_int)),
    "FPDF_ClosePage": (None, (c_void_p,)),
    "FPDF_GetPageBoundingBox": (c_int, (c_void_p, c_void_p)),
    "FPDFPage_GetRotation": (c_int, (c_void_p,)),
    "FPDFPage_CountObjects": (c_int, (c_void_p,)),
    "FPDFPage_GetObject": (c_void_p, (c_void_p, c_int)),
    "FPDFFormObj_CountObjects": (c_int, (c_void_p,)),
    "FPDFFormObj_GetObject": (c_void_p, (c_void_p, c_ulong)),
    "FPDFPageObj_GetType": (c_int, (c_void_p,)),
    "FPDFPageObj_GetBounds": (c_int, (c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)),
    "FPDFPageObj_GetMatrix": (c_int, (c_void_p, c_void_p)),
    "FPDFPageObj_GetFillColor": (c_int, (c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)),
    "FPDFPageObj_GetStrokeColor": (c_int, (c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)),
    "FPDFPageObj_GetStrokeWidth": (c_int, (c_void_p, c_void_p)),
    "FPDFPath_GetDrawMode": (c_int, (c_void_p, c_void_p, c_void_p)),
    "FPDFPath_CountSegments": (c_int, (c_void_p,)),
    "FPDFPath_GetPathSegment": (c_void_p, (c_void_p, c_int)),
    "FPDFPathSegment_GetType": (c_int, (c_void_p,)),
    "FPDFPathSegment_GetPoint": (c_int, (c_void_p, c_void_p, c_void_p)),
    "FPDFPathSegment_GetClose": (c_int, (c_void_p,)),
    "FPDFText_LoadPage": (c_void_p, (c_void_p,)),
    "FPDFText_ClosePage": (None, (c_void_p,)),
    "FPDFText_CountChars": (c_int, (c_void_p,)),
    "FPDFText_GetUnicode": (c_uint, (c_void_p, c_int)),
    "FPDFText_HasUnicodeMapError": (c_int, (c_void_p, c_int)),
    "FPDFText_GetFontSize": (c_double, (c_void_p, c_int)),
    "FPDFText_GetMatrix": (c_int, (c_void_p, c_int, c_void_p)),
    "FPDFText_GetLooseCharBox": (c_int, (c_void_p, c_int, c_void_p)),
    "FPDFText_GetCharBox": (c_int, (c_void_p, c_int, c_void_p, c_void_p, c_void_p, c_void_p)),
    "FPDFText_GetCharOrigin": (c_int, (c_void_p, c_int, c_void_p, c_void_p)),
    "FPDFText_GetTextObject": (c_void_p, (c_void_p, c_int)),
    "FPDFTextObj_GetTextRenderMode": (c_int, (c_void_p,)),
    "FPDFTextObj_GetFont": (c_void_p, (c_void_p,)),
    "FPDFFont_GetBaseFontName": (c_size_t, (c_void_p, c_void_p, c_size_t)),
}


@cache
def pdfium() -> Any:
    """Load the library that pypdfium2 brings; raises OSError where it cannot be loaded."""
    spec = find_spec("pypdfium2_raw")
    if spec is None or not spec.submodule_search_locations:
        raise OSError("pypdfium2 is not installed")
    folder = Path(next(iter(spec.submodule_search_locations)))
    file = next((folder / name for name in _NAMES if (folder / name).exists()), None)
    if file is None:
        raise OSError(f"no PDFium library in {folder.name}")
    library = ctypes.PyDLL(str(file))
    for name, (result, arguments) in _SIGNATURES.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    # Does nothing where pypdfium2 has initialised it already.
    library.FPDF_InitLibrary()
    return library


@cache
def reader_name() -> str:
    """Name the library and its version, as ``Pages.reader`` has it."""
    return f"pdfium (pypdfium2 {version('pypdfium2')})"


def each(function: Callable[..., Any], *columns: Iterable[Any]) -> None:
    """Call a function over columns of arguments, for what it writes."""
    deque(map(function, *columns), maxlen=0)


def read_floats(
    function: Callable[..., Any], *columns: Iterable[Any], count: int, width: int
) -> list[float]:
    """Call ``function(..., address)``, which writes ``width`` floats, ``count`` times.

    Returns
    -------
    list of float
        ``count * width`` numbers.
    """
    buffer = (c_float * (count * width))()
    start = ctypes.addressof(buffer)
    each(function, *columns, range(start, start + 4 * width * count, 4 * width))
    return buffer[:]


def read_values(
    function: Callable[..., Any], things: Sequence[int], width: int, kind: Any = c_float
) -> tuple[list[Any], list[int]]:
    """Call ``function(thing, address, address, …)`` with ``width`` outputs for each thing.

    Returns
    -------
    values : list
        ``len(things) * width`` numbers.
    told : list of int
        What the function returned for each thing: 0 where it could not tell.
    """
    size = ctypes.sizeof(kind)
    buffer = (kind * (len(things) * width))()
    start = ctypes.addressof(buffer)
    step = size * width
    stop = start + step * len(things)
    outputs = [range(start + size * k, stop + size * k, step) for k in range(width)]
    told = list(map(function, things, *outputs))
    return buffer[:], told


def same(value: int) -> Iterable[int]:
    """Give one argument for every call."""
    return repeat(value)
