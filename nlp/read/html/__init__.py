"""Web pages: the report without the site around it, as lines and tables."""

from nlp.read.html.page import MAX_HTML_BYTES, read_html
from nlp.read.html.tables import table_grid

__all__ = ["MAX_HTML_BYTES", "read_html", "table_grid"]
