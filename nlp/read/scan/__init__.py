"""Scans: pictures of pages become ``Pages`` by character recognition (extra ``ocr``).

The table is found by its ruling lines and each cell is recognised by itself, numbers twice
at different sizes; what the two readings do not agree on carries a ``�`` and is never a
number.  Whether a number that was read is right is for the form's arithmetic to say
(``nlp.verify.confirm_scanned``).
"""

from nlp.read.scan.document import read_scan

__all__ = ["read_scan"]
