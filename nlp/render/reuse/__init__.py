"""The frames of reuse → one page, and two reports side by side."""

from nlp.render.reuse.choice import Choice, choose_shown
from nlp.render.reuse.page import Drawing, PagePart, draw_figure, write_reuse_page
from nlp.render.reuse.sides import write_sides

__all__ = [
    "Choice",
    "Drawing",
    "PagePart",
    "choose_shown",
    "draw_figure",
    "write_reuse_page",
    "write_sides",
]
