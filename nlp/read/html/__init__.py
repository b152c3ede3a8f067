"""Web pages: the report without the site around it, as lines and tables."""

from nlp.read.html.page import MAX_HTML_BYTES, read_html
from nlp.read.html.tables import is_data_table, table_grid

__all__ = ["MAX_HTML_BYTES", "is_data_table", "read_html", "table_grid"]
