"""Cells of sections two, three and four, by aligning what is printed with the form.

A ruled grid is read by position and label, linear text by label and count.  A value that
cannot be placed beyond doubt is ``unreadable`` with its candidates; it is never moved into
a neighbour's cell.  A table that is not in the file gives ``absent`` cells, not zeros.
"""

from nlp.tables.reading import TableReading, read_tables
from nlp.tables.values import ParsedValue, parse_value

__all__ = ["ParsedValue", "TableReading", "parse_value", "read_tables"]
