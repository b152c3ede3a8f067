"""PDF files: what is drawn on a page becomes lines and ruled grids."""

from nlp.read.pdf.document import read_pdf
from nlp.read.pdf.source import MAX_PAGES

__all__ = ["MAX_PAGES", "read_pdf"]
