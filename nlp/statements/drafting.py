"""Fourth stage, the statements: draft them from items and from sentences of running prose."""

from __future__ import annotations

import re
from itertools import islice

from nlp.documents.records import Role
from nlp.statements import language as say
from nlp.statements import promises, prose, roles, titles
from nlp.statements.headings import Heading, Zone, find_headings, find_turns
from nlp.statements.outline import ItemList, build_lists, find_markers
from nlp.statements.trim import Draft, find_nested, trim
from nlp.statements.view import View

# How much a heading or lead-in outweighs the sound of the items (each item counts ±1).
_TOLD = 1.2
_HINTED = 0.5
# A sentence that explains a heading sentence has at least so many characters, or a comma.
_EXPLAINS = 18
# The issuer's name under a report is no longer than this.
_LONGEST_NAME = 30
# A heading sentence is no longer than this.
_HEADLINE = 22
# This many sentences of measures in a row are items, one a sentence; fewer may hold several
# measures in parallel clauses.
_SENTENCES_AS_ITEMS = 3
_INNER_TURN = re.compile("(?<=[。；，！\n])")


class Drafting:
    """What a walk knows at a place: what the text has announced, and the drafts so far."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.text = view.text
        markers = find_markers(view)
        self.headings = {h.start: h for h in find_headings(view, markers)}
        self.turns = frozenset(find_turns(view))
        self.cuts = sorted({*self.turns, *self.headings})
        self.lists = build_lists(markers, self.cuts, frozenset(self.headings))
        # Problems that are numbered by labels (问题一：) are items, and so are their measures.
        # So are those that stand behind 存在问题： again and again.
        self.labelled = (
            len(titles.LABEL_NUMBERED.findall(self.text)) > 1
            or len(titles.LABEL_AGAIN.findall(self.text)) > 1
        )
        self.zone: Zone = "both"
        self.told = False
        self.over = False
        self.drafts: list[Draft] = []
        self.first_draft: int | None = None
        self.one_a_sentence = False

    def announce(self, zone: Zone | None, told: bool = True) -> None:
        if zone is not None:
            self.zone, self.told = zone, told and zone != "both"
            self.over = zone == "other"

    def list_role(self, bodies: list[tuple[int, int]]) -> Role:
        scores = [roles.score_role(self.text[b:s]) for b, s in bodies if s > b]
        mean = sum(scores) / len(scores) if scores else 0.0
        weight = _TOLD if self.told else _HINTED
        prior = {"problem": weight, "measure": -weight}.get(self.zone, 0.2)
        return "problem" if mean + prior > 0 else "measure"

    # --- items ----------------------------------------------------------------------

    def inner_turn(self, start: int, end: int) -> int | None:
        """Find where a problem item turns to its own measure."""
        for match in _INNER_TURN.finditer(self.text, start + 4, end):
            at = match.start()
            turn = (
                say.TURN.match(self.text, at, end)
                or titles.LABEL_MEASURE.match(self.text, at, end)
                or say.DUTY.match(self.text, at, end)
            )
            # …不够及时。将建立更新提醒机制: 将 alone turns too.
            will = self.text[at : at + 1] in ("将", "拟") and say.is_future(self.text, at)
            if (turn or will) and say.DEFECT.search(self.text, start, at):
                rest = self.text[prose.strip_turn(self.text, at, end) : end]
                strong = say.STRONG_TURN.match(self.text, at, end)
                strict = not strong and (turn is None or turn.re is not titles.LABEL_MEASURE)
                turns = will or (turn is not None and turn.end() > at)
                if turns and roles.score_role(rest) < (0 if strict else 0.5):
                    return at
        return None

    def add(
        self,
        role: Role,
        start: int,
        end: int,
        answers: tuple[int, int] | None = None,
        marked: bool = False,
    ) -> bool:
        """Trim a stretch and keep it if anything is stated in it."""
        if self.over:
            return False
        start, end = trim(self.text, role, start, end)
        words = self.text[start:end]
        if (
            end - start < 3
            or (end - start <= _LONGEST_NAME and say.SIGNATURE.fullmatch(words))
            or say.ATTACHED.fullmatch(words)
            or roles.is_nothing(words)
            or (role == "problem" and roles.is_frame(words))
        ):
            return False
        if role == "measure" and not marked and roles.is_measure_frame(words):
            return False
        if role == "measure":
            nested = find_nested(self.text, start, end)
            if nested:
                self.drafts.append(Draft("problem", *nested))
                answers = nested
        self.drafts.append(Draft(role, start, end, answers))
        return True

    # --- prose ----------------------------------------------------------------------

    def take_prose(self, start: int, end: int, before: ItemList | None) -> None:
        spans = list(self.sentence_spans(start, end))
        self.one_a_sentence = self.count_measures(spans) >= _SENTENCES_AS_ITEMS
        skip = -1
        for number, (a, b) in enumerate(spans):
            if a < skip:
                continue
            final = before is not None and number + 1 == len(spans)
            if isinstance(heading := self.headings.get(a), Heading) and heading.end >= b - 1:
                self.announce(heading.zone)
                continue
            if final and before is not None:
                self.lead_in(a, b, before)
            elif stop := self.headed(spans, number, before is not None):
                self.add("measure" if self.zone == "measure" else "problem", a, stop)
                skip = stop
            else:
                self.take_sentence(a, b)

    def count_measures(self, spans: list[tuple[int, int]]) -> int:
        """Count the sentences from the first that turns to measures, or all in their zone."""
        if self.zone == "measure":
            return len(spans)
        for number, (a, b) in enumerate(spans):
            if say.TURN.match(self.text, a, b):
                return len(spans) - number
        return 0

    def sentence_spans(self, start: int, end: int) -> list[tuple[int, int]]:
        spans: list[tuple[int, int]] = []
        for a, b in prose.sentences(self.text, start, end):
            heading = self.headings.get(a)
            if heading and heading.end < b:
                spans += [(a, heading.end), (heading.end, b)]
            else:
                spans.append((a, b))
        return spans

    def headed(self, spans: list[tuple[int, int]], number: int, lead_follows: bool) -> int:
        """Give the end of a statement that opens with a short heading sentence, else 0.

        The heading sentence opens a paragraph whose further sentences explain it.
        """
        start, first = spans[number]
        opens = start == 0 or self.text[start - 1] == "\n"
        if not opens or self.zone not in ("problem", "measure") or start in self.turns:
            return 0
        if first - start > _HEADLINE:
            return 0
        rest: list[tuple[int, int]] = []
        end = first
        for a, b in islice(spans, number + 1, None):
            if ("\n" in self.text[end:a] and rest) or a in self.headings or a in self.turns:
                break
            rest.append((a, b))
            end = b
        if lead_follows and number + len(rest) + 1 == len(spans):
            rest = rest[:-1]
        if not rest or ("\n" in self.text[first : rest[0][0]] and self.text[first] in "。；"):
            # A closed sentence on a line of its own is no heading of the next line.
            return 0
        if not any(b - a >= _EXPLAINS or "，" in self.text[a:b] for a, b in rest):
            return 0
        words = self.text[start:first]
        if re.search("[，；：]", words):
            return 0
        score = roles.score_role(words)
        if roles.is_frame(words) or roles.is_measure_frame(words) or say.PRAISE.search(words):
            return 0
        return rest[-1][1] if (score > 0.5 if self.zone == "problem" else score < -0.5) else 0

    def lead_in(self, start: int, end: int, before: ItemList) -> None:
        """Take what stands right before a list: it announces, and may state something itself."""
        words = self.text[start:end]
        missing = before.items[0].marker.number == 2 and before.kind in ("shi", "yao", "di")
        turned = say.TURN.match(self.text, start, end)
        zone = "measure" if turned and turned.end() > start else roles.lead_role(words)
        closed = self.text[end : end + 1] in "。！？"
        if missing:
            colon = words.rfind("：")
            body = start + colon + 1 if colon >= 0 else start
            if colon >= 0 or not closed:
                self.announce(roles.lead_role(words[: colon + 1]) if colon >= 0 else zone)
                self.first_item(body, end, before)
                return
        drafts = len(self.drafts)
        if closed:
            self.take_sentence(start, end)
        # A sentence that states a problem itself says little of the list behind it.
        self.announce(zone, told=len(self.drafts) == drafts)

    def first_item(self, start: int, end: int, before: ItemList) -> None:
        bodies = [
            (i.marker.end, n.marker.start)
            for i, n in zip(before.items, before.items[1:], strict=False)
        ]
        role = self.list_role([*bodies, (start, end)])
        at = prose.strip_link(self.text, start, end)
        turns = list(say.CONTRAST.finditer(self.text, at, end))
        if turns and say.PRAISE.search(self.text, at, turns[-1].start()):
            at = turns[-1].end()
        flaw = say.GENERIC_FLAW.search(self.text, at, end)
        if flaw and roles.is_frame(self.text[at : flaw.end()]):
            at = prose.strip_link(self.text, flaw.end(), end)
        if role == "measure":
            at = prose.strip_turn(self.text, at, end)
        if self.add(role, at, end):
            self.first_draft = len(self.drafts) - 1

    def take_sentence(self, start: int, end: int) -> None:
        """Take a sentence of running prose."""
        text = self.text
        while end > start and text[end - 1] in "，；、：":
            end -= 1
        if titles.LABEL_CAUSE.match(text, start, end):
            return
        label = titles.LABEL_MEASURE.match(text, start, end) or titles.LABEL_PROBLEM.match(
            text, start, end
        )
        if label:
            self.announce("measure" if titles.LABEL_MEASURE.match(text, start, end) else "problem")
            start = label.end()
        if self.labelled and self.told and self.zone in ("problem", "measure"):
            self.add("measure" if self.zone == "measure" else "problem", start, end)
            return
        added = say.ADDED.match(text, start, end)
        if added:
            start = added.end()
        cut = self.clause_turn(start, end)
        if cut is not None:
            self.take_sentence(start, cut)
            self.take_sentence(cut, end)
            return
        turn = say.TURN.match(text, start, end)
        if turn and turn.end() > start and not say.NESTED.match(text, start, end):
            self.announce("measure")
        colon = text.find("：", start, end)
        if colon >= 0 and roles.lead_role(text[start:colon]):
            self.announce(roles.lead_role(text[start:colon]))
            start = colon + 1
        role: Role | None
        heard = prose.sentence_role(text, start, end)
        if self.zone in ("problem", "measure") and self.told:
            role = "problem" if self.zone == "problem" else "measure"
        else:
            role = heard or (
                None if self.zone == "both" else "measure" if self.zone == "measure" else "problem"
            )
        if say.REQUEST.match(text, start, end):
            role = "measure"
        elif say.CONTRAST.search(text, start, end) and say.GENERIC_FLAW.search(text, start, end):
            role = "problem"
        if role == "problem":
            for a, b in prose.split_problems(
                text,
                start,
                end,
                self.told and self.zone == "problem" and not say.PRAISE.search(text, start, end),
            ):
                self.add("problem", a, b)
            if say.GENERIC_FLAW.search(text, start, end) and self.zone == "both":
                self.announce("problem", told=False)
        elif role == "measure":
            if say.PRAISE.search(text, start, end) and self.zone != "measure":
                return
            if say.NESTED.match(text, start, end):
                parts = prose.items(text, start, end)
                if not all(say.NESTED.match(text, *part) for part in parts):
                    parts = [(start, end)]
                for a, b in parts:
                    self.add("measure", a, b)
                return
            if self.one_a_sentence and "；" not in text[start:end]:
                at = prose.strip_turn(text, prose.strip_link(text, start, end), end)
                if at < end and promises.keep_measure(text, at, end):
                    self.add("measure", at, end)
                return
            for a, b in promises.split_measures(text, start, end):
                if promises.keep_measure(text, a, b):
                    self.add("measure", a, b)

    def clause_turn(self, start: int, end: int) -> int | None:
        """Find a clause inside a sentence that turns to what will be done."""
        for match in re.finditer("(?<=[，；])", self.text[start:end]):
            at = start + match.start()
            turn = say.TURN.match(self.text, at, end)
            if not turn or say.NESTED.match(self.text, start, end):
                continue
            if say.DEFECT.search(self.text, start, at) and not say.TURN.match(
                self.text, start, end
            ):
                return at
        return None
