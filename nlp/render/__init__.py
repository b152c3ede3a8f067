"""Frames → pages and workbooks."""

from nlp.render.workbook import write_csv, write_workbook

__all__ = ["write_csv", "write_workbook"]
