"""Which of the two PDF readers speaks: the fast one, unless it declines."""

from __future__ import annotations

from dataclasses import replace

from nlp.documents import Pages
from nlp.read.pdf.fast import DeclinedError, read_fast


def read_pdf(data: bytes, name: str, digest: str, *, reference: bool = False) -> Pages:
    """Read a PDF into pages of printed lines and ruled grids.

    Parameters
    ----------
    data : bytes
        The file.
    name, digest : str
        Its name for messages, and the SHA-256 of its bytes.
    reference : bool
        Ask the reference reader (pdfplumber), some twenty times slower, at once.

    Returns
    -------
    Pages
        ``reader`` says which reader spoke, ``fallback`` why the fast one did not.

    Raises
    ------
    ReadError
        ``encrypted``, ``damaged``, ``scan``, ``empty`` or ``too_large``.
    """
    reason = ""
    if not reference:
        try:
            return read_fast(data, name, digest)
        except DeclinedError as declined:
            reason = str(declined)
        except OSError:
            reason = "没有装好 PDFium"
    # Imported here: a process that never falls back does without its memory and time.
    from nlp.read.pdf.document import read_pdf as read_by_reference

    return replace(read_by_reference(data, name, digest), fallback=reason)
