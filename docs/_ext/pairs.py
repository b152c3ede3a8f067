"""Search in Chinese: text is indexed, and a query split, by pairs of neighbouring characters.

The index of Sphinx itself needs words of jieba in the page and has none in the browser, where a
query is one unbroken run; and in version 9.0 its script names a stemmer that is not there.  A
page matches where all pairs of the query stand in it.
"""

from __future__ import annotations

import re

from sphinx.application import Sphinx
from sphinx.search import SearchLanguage

_RUN = re.compile(r"[\u3400-\u9fff]+|[A-Za-z0-9_]+")


class SearchPairs(SearchLanguage):
    """Pairs of Chinese characters; words of letters and digits as they are.

    Examples
    --------
    >>> SearchPairs({}).split("勾稽关系 carry_over_rate")
    ['勾稽', '稽关', '关系', 'carry_over_rate']
    """

    lang = "zh"
    language_name = "Chinese"
    js_splitter_code = r"""
function splitQuery(query) {
  const found = [];
  for (const run of query.match(/[\u3400-\u9fff]+|[A-Za-z0-9_]+/g) || []) {
    if (run.charCodeAt(0) >= 0x3400 ? run.length == 1 : true) { found.push(run); continue; }
    for (let at = 1; at != run.length; at++) found.push(run.slice(at - 1, at + 1));
  }
  return found;
}
"""

    def split(self, input: str) -> list[str]:
        found: list[str] = []
        for match in _RUN.finditer(input):
            run = match[0]
            if run[0] < "\u3400" or len(run) == 1:
                found.append(run)
            else:
                found.extend(run[at : at + 2] for at in range(len(run) - 1))
        return found


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_search_language(SearchPairs)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
