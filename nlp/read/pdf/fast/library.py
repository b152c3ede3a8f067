"""PDFium by its C interface, called in bulk.

The calls for one character cost less than a microsecond; what costs is Python around
them.  So the functions are bound once and called over whole pages by ``map``, their results
written into one array that is read at the end.  Those that are called for every character
or object have no declared argument types, which halves the price of a call: to them a
handle is given as ``c_void_p`` (:func:`handles`), never as a bare number, which ctypes would
cut to 32 bits; an index may be a bare number.

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
# Name: result and arguments, None where they are given as they are (see above).  A rectangle,
# a matrix and an output number are addresses.
_SIGNATURES: dict[str, tuple[Any, tuple[Any, ...] | None]] = {
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
    "FPDFPage_GetObject": (c_void_p, None),
    "FPDFFormObj_CountObjects": (c_int, (c_void_p,)),
    "FPDFFormObj_GetObject": (c_void_p, (c_void_p, c_ulong)),
    "FPDFPageObj_GetType": (c_int, None),
    "FPDFPageObj_GetBounds": (c_int, None),
    "FPDFPageObj_GetMatrix": (c_int, None),
    "FPDFPageObj_GetFillColor": (c_int, None),
    "FPDFPageObj_GetStrokeColor": (c_int, None),
    "FPDFPageObj_GetStrokeWidth": (c_int, None),
    "FPDFPath_GetDrawMode": (c_int, None),
    "FPDFPath_CountSegments": (c_int, None),
    "FPDFPath_GetPathSegment": (c_void_p, None),
    "FPDFPathSegment_GetType": (c_int, None),
    "FPDFPathSegment_GetPoint": (c_int, None),
    "FPDFPathSegment_GetClose": (c_int, None),
    "FPDFText_LoadPage": (c_void_p, (c_void_p,)),
    "FPDFText_ClosePage": (None, (c_void_p,)),
    "FPDFText_CountChars": (c_int, (c_void_p,)),
    "FPDFText_GetText": (c_int, (c_void_p, c_int, c_int, c_void_p)),
    "FPDFText_GetUnicode": (c_uint, None),
    "FPDFText_HasUnicodeMapError": (c_int, None),
    "FPDFText_GetFontSize": (c_double, None),
    "FPDFText_GetMatrix": (c_int, None),
    "FPDFText_GetLooseCharBox": (c_int, None),
    "FPDFText_GetCharBox": (c_int, (c_void_p, c_int, c_void_p, c_void_p, c_void_p, c_void_p)),
    "FPDFText_GetCharOrigin": (c_int, (c_void_p, c_int, c_void_p, c_void_p)),
    "FPDFText_GetTextObject": (c_void_p, None),
    "FPDFTextObj_GetTextRenderMode": (c_int, None),
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


def handles(addresses: Iterable[int]) -> list[Any]:
    """Give addresses as what the functions without argument types take."""
    return list(map(c_void_p.from_param, addresses))


# So many calls share the scratch memory at once; a page has some 800 characters.
_BATCH = 2048
_WIDEST = 6


@cache
def _scratch() -> tuple[Any, list[Any]]:
    """Memory for results, and the address of each of its numbers (four bytes).

    It is cleared before each use: what an earlier call wrote must not pass for what a later
    one could not tell.
    """
    buffer = (c_float * (_BATCH * _WIDEST))()
    start = ctypes.addressof(buffer)
    return buffer, handles(range(start, start + 4 * len(buffer), 4))


def read_floats(
    function: Callable[..., Any], handle: Any, places: Sequence[int], width: int
) -> list[float]:
    """Call ``function(handle, place, address)``, which writes ``width`` floats, for each place.

    Parameters
    ----------
    function : callable
        Of the library, without argument types.
    handle : c_void_p
        Its first argument.
    places : sequence of int
        Its second arguments.
    width : int
        How many floats it writes, at most six.

    Returns
    -------
    list of float
        ``len(places) * width`` numbers.
    """
    buffer, addresses = _scratch()
    addresses = addresses[: width * min(len(places), _BATCH) : width]
    found: list[float] = []
    for start in range(0, len(places), _BATCH):
        some = places[start : start + _BATCH]
        ctypes.memset(buffer, 0, 4 * width * len(some))
        deque(map(function, repeat(handle), some, addresses), maxlen=0)
        found += buffer[: width * len(some)]
    return found


def read_matrices(things: Sequence[Any]) -> list[float]:
    """Give the matrix of each object, six numbers each."""
    function = pdfium().FPDFPageObj_GetMatrix
    buffer, addresses = _scratch()
    found: list[float] = []
    for start in range(0, len(things), _BATCH):
        some = things[start : start + _BATCH]
        ctypes.memset(buffer, 0, 24 * len(some))
        deque(map(function, some, addresses[: 6 * len(some) : 6]), maxlen=0)
        found += buffer[: 6 * len(some)]
    return found


def read_values(
    function: Callable[..., Any], things: Sequence[Any], width: int, kind: Any = c_float
) -> tuple[list[list[Any]], list[int]]:
    """Call ``function(thing, address, address, …)`` with ``width`` outputs for each thing.

    Parameters
    ----------
    function : callable
        Of the library, without argument types.
    things : sequence of c_void_p
    width : int
        At most six.
    kind : type
        ``c_float``, ``c_int`` or ``c_uint``: what it writes.

    Returns
    -------
    columns : list of list
        ``width`` lists of ``len(things)`` numbers.
    told : list of int
        What the function returned for each thing: 0 where it could not tell.
    """
    buffer, addresses = _scratch()
    if kind is not c_float:
        buffer = (kind * len(buffer)).from_buffer(buffer)
    columns: list[list[Any]] = [[] for _ in range(width)]
    told: list[int] = []
    for start in range(0, len(things), _BATCH):
        some = things[start : start + _BATCH]
        size = len(some)
        ctypes.memset(buffer, 0, 4 * width * size)
        outputs = [addresses[size * k : size * (k + 1)] for k in range(width)]
        told += map(function, some, *outputs)
        for k, column in enumerate(columns):
            column += buffer[size * k : size * (k + 1)]
    return columns, told


def same(value: Any) -> Iterable[Any]:
    """Give one argument for every call."""
    return repeat(value)
