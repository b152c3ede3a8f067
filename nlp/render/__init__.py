"""Frames → pages and workbooks."""

from nlp.render.page import write_page
from nlp.render.theme_summary import ThemeEntry
from nlp.render.workbook import write_csv, write_workbook

__all__ = ["ThemeEntry", "write_csv", "write_page", "write_workbook"]
