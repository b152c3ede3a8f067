"""The frames of reuse → one page, and two reports side by side."""

from nlp.render.reuse.page import Drawing, PagePart, draw_figure, write_reuse_page
from nlp.render.reuse.sides import write_sides

__all__ = ["Drawing", "PagePart", "draw_figure", "write_reuse_page", "write_sides"]
