"""Tags → tags with the words that spoke for each theme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from nlp.documents import Role, ThemeTags
from nlp.themes import ThemeModel, explain_tags

Spans = list[tuple[int, int]]


def add_evidence(
    model: ThemeModel,
    texts: Sequence[str],
    roles: Sequence[Role | None],
    words: Sequence[Sequence[str]],
    tags: Sequence[ThemeTags],
) -> list[ThemeTags]:
    """Name the words that spoke for each theme that a statement was given.

    Parameters
    ----------
    model : ThemeModel
        The model that gave ``tags``.
    texts, roles : sequences
        The statements as given to ``model.tag``.
    words : sequence of sequence of str
        The words of each statement, in order.
    tags : sequence of ThemeTags

    Returns
    -------
    list of ThemeTags
        The same tags with ``evidence``: each word once, without white space, the heaviest
        first, none that stands within a heavier one; empty where no word spoke for a theme.

    Examples
    --------
    >>> from nlp.themes import load_model
    >>> model, texts = load_model(), ["政策解读形式单一"]
    >>> words = [["政策", "解读", "形式", "单一"]]
    >>> add_evidence(model, texts, ["problem"], words, model.tag(texts, ["problem"]))[0].evidence
    {'policy_interpretation': ('政策解读',)}
    """
    explained = []
    for text, role, own, tag in zip(texts, roles, words, tags, strict=True):
        spans = find_spans(text, own)
        found = explain_tags(model, text, role, themes=tag.themes, cut=partial(_give, spans))
        evidence = {
            theme: _list_once(["".join(part.text.split()) for part in parts])
            for theme, parts in found.items()
        }
        explained.append(replace(tag, evidence=evidence))
    return explained


def _give(spans: Spans, _: str) -> Spans:
    return spans


def _list_once(words: Sequence[str]) -> tuple[str, ...]:
    """Leave out a word that stands within a heavier one."""
    return tuple(w for n, w in enumerate(words) if not any(w in other for other in words[:n]))


def find_spans(text: str, words: Sequence[str]) -> Spans:
    """Give where words that follow each other stand in a text; one not found is left out.

    Examples
    --------
    >>> find_spans("公开 不及时", ["公开", "不", "及时"])
    [(0, 2), (3, 4), (4, 6)]
    """
    spans: Spans = []
    at = 0
    for word in words:
        start = text.find(word, at)
        if start >= 0:
            at = start + len(word)
            spans.append((start, at))
    return spans
