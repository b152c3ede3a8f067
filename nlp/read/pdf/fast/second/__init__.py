"""A second route to the statutory cells, by the places of words alone.

The grid says where a number stands by the ruling lines around it; this route does not look
at them.  It finds the form's labels in the order in which the page prints its characters,
and gives a number to the row whose label is beside it and to the column whose label is
above it.  Where it finds a row's label and all the columns, its word on that row can be
laid beside the grid's; table two, whose arithmetic proves nothing, is accepted only so.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from nlp.form import load_form
from nlp.read.pdf.fast.pieces import Mark
from nlp.read.pdf.fast.second.columns import Columns
from nlp.read.pdf.fast.second.review import read_table_four
from nlp.read.pdf.fast.second.rows import find_table_three, find_table_two, read_row, with_bands
from nlp.read.pdf.fast.second.stream import Place, Stream, Word

__all__ = ["read_second"]


def read_second(pages: Sequence[Sequence[Mark]]) -> dict[str, str]:
    """Read the cells of the statutory tables by the places of words.

    Parameters
    ----------
    pages : sequence of sequence of Mark
        The marks of each page, in the order of its content stream.

    Returns
    -------
    dict of str to str
        Raw text by cell key, "" where nothing is printed; whole rows only, and only those
        whose labels and columns were all found.
    """
    stream = Stream(pages)
    made = {"2019": "本年新制作数量", "2021": "本年制发件数"}
    edition = "2019" if stream.text.find(made["2019"]) >= 0 else "2021"
    form = load_form("2019" if edition == "2019" else "2021")
    rows = [*find_table_two(stream, form), *find_table_three(stream, form)]
    words = [word for word in stream.words() if word.at not in stream.used]
    found: dict[str, str] = {}
    lines: dict[int, list[Word]] = {}
    for word in sorted(words, key=lambda word: word.y):
        lines.setdefault(word.page, []).append(word)
    heights = {page: [word.y for word in own] for page, own in lines.items()}
    header: list[Place] = []
    for own in with_bands(rows):
        page = own.place.page
        spots = [spot for _, spot in own.columns]
        if spots != header:
            header, table = spots, Columns(spots)
        if page in lines:
            begin = bisect_left(heights[page], own.top)
            end = bisect_right(heights[page], own.bottom)
            found.update(read_row(own, table, lines[page][begin:end]))
    found.update(read_table_four(stream, form, words))
    return found
