"""Word files (.docx): paragraphs with their printed ordinals, and tables, in body order."""

from nlp.read.word.document import read_docx

__all__ = ["read_docx"]
