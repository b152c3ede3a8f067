"""Section 五 → its problems and measures, and which measure answers which problem.

The stages, each a module: ``view`` cleans the text and remembers where every character
came from, ``outline`` finds markers and nests them into lists, ``headings`` and
``roles`` tell what a stretch is about, ``prose`` and ``promises`` split sentences that
nobody numbered, ``walk`` finds where every list and item ends, ``drafting`` drafts the statements,
``trim`` gives them their ends, ``pairs`` ties measures to problems, with the themes where
the caller knows them.  What the words mean is data (``language``, ``titles``).
"""

from __future__ import annotations

from dataclasses import replace

from nlp.documents.records import Statement, StatementSplit
from nlp.statements.pairs import Answer, pair_answers
from nlp.statements.view import make_view
from nlp.statements.walk import draft_statements

__all__ = ["Answer", "pair_answers", "split_statements"]


def split_statements(text: str) -> StatementSplit:
    """Split a text of section 五 into its problems and measures.

    Parameters
    ----------
    text
        The section's body, with or without its headings: clean paragraphs or raw lines
        with hard wraps and page numbers, simplified or traditional characters.

    Returns
    -------
    StatementSplit
        Statements in the order of the text with half-open character offsets into it,
        and ``pairs`` of indices into them (problem, measure) as wording and order alone give
        them; ``pair_answers`` takes the themes too.  A text without statements (无) gives none.
        Statements do not overlap, but for a problem named inside the measure that answers
        it (针对…的实际，…).

    Notes
    -----
    Where a statement begins and ends is laid down in the project's codebook: without
    marker and closing mark, without lead-in, turning phrase, its subject and 将 or 要.

    Examples
    --------
    >>> split = split_statements("主要问题：一是更新不及时；二是形式单一。下一步，我局将加强巡查。")
    >>> [(s.role, s.text) for s in split.statements]
    [('problem', '更新不及时'), ('problem', '形式单一'), ('measure', '加强巡查')]
    """
    view = make_view(text)
    drafts = draft_statements(view)
    statements = []
    places = {}
    for number, draft in enumerate(drafts):
        start, end = view.locate(draft.start, draft.end)
        statements.append(Statement(draft.role, start, end, text[start:end]))
        if draft.role == "problem":
            places[draft.start, draft.end] = number
    explicit = [
        (places[draft.answers], number)
        for number, draft in enumerate(drafts)
        if draft.answers in places
    ]
    # Without line breaks and page numbers inside: as the text reads.
    clean = [
        replace(s, text=view.text[draft.start : draft.end])
        for s, draft in zip(statements, drafts, strict=True)
    ]
    pairs = {*explicit, *((a.problem, a.measure) for a in pair_answers(clean, explicit))}
    return StatementSplit(tuple(statements), tuple(sorted(pairs)))
