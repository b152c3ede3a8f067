"""The fast PDF reader: PDFium's characters and ruling lines, the grid built directly."""

from nlp.read.pdf.fast.document import read_fast
from nlp.read.pdf.fast.paths import DeclinedError

__all__ = ["DeclinedError", "read_fast"]
