"""PDF files: what is drawn on a page becomes lines and ruled grids."""

from nlp.read.pdf.document import MAX_PAGES, read_pdf

__all__ = ["MAX_PAGES", "read_pdf"]
