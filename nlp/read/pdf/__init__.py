"""PDF files: what is drawn on a page becomes lines and ruled grids."""

from nlp.read.pdf.limits import MAX_PAGES
from nlp.read.pdf.reading import read_pdf

__all__ = ["MAX_PAGES", "read_pdf"]
