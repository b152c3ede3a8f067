"""Fourth stage: walk through headings, lists and prose and draft the statements."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import islice

from nlp.documents.records import Role
from nlp.statements import language as say
from nlp.statements import prose, roles
from nlp.statements.headings import Heading, Zone, find_headings, find_turns
from nlp.statements.outline import Item, ItemList, build_lists, find_markers
from nlp.statements.trim import EDGE, Draft, cut_slogan, find_nested, settle_drafts, trim
from nlp.statements.view import View

# How much a heading or lead-in outweighs the sound of the items (each item counts ±1).
_TOLD = 1.2
_HINTED = 0.5
# A sentence that explains a heading sentence has at least so many characters, or a comma.
_EXPLAINS = 18
# A heading sentence is no longer than this.
_HEADLINE = 22
_INNER_TURN = re.compile("(?<=[。；，！\n])")


class _Walk:
    """The state of one walk: where it stands and what the text has announced so far."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.text = view.text
        markers = find_markers(view)
        self.headings = {h.start: h for h in find_headings(view, markers)}
        self.turns = frozenset(find_turns(view))
        self.cuts = sorted({*self.turns, *self.headings})
        self.lists = build_lists(markers, self.cuts, frozenset(self.headings))
        # Problems that are numbered by labels (问题一：) are items, and so are their measures.
        self.labelled = len(say.LABEL_NUMBERED.findall(self.text)) > 1
        self.zone: Zone = "both"
        self.told = False
        self.over = False
        self.drafts: list[Draft] = []
        self.first_draft: int | None = None

    # --- announcing -----------------------------------------------------------------

    def announce(self, zone: Zone | None, told: bool = True) -> None:
        if zone is not None:
            self.zone, self.told = zone, told and zone != "both"
            self.over = zone == "other"

    # --- structure ------------------------------------------------------------------

    def process(self, start: int, end: int, lists: list[ItemList]) -> None:
        for i, items in enumerate(lists):
            if items.start < start:
                continue
            following = lists[i + 1].start if i + 1 < len(lists) else end
            before = len(self.drafts)
            self.take_prose(start, items.start, items)
            start = self.take_list(items, following, end, range(before, len(self.drafts)))
        self.take_prose(start, end, None)

    def take_list(self, items: ItemList, limit: int, end: int, led: range) -> int:
        """Process one list; gives the place where it ends.

        ``led`` are the drafts made of the prose right before the list: where they have
        the list's role they were its lead-in, for an enumerated part states its items.
        """
        starts = [item.marker.start for item in items.items]
        # Earlier items show whether a heading line is followed by lines that explain it.
        explained = len(starts) == 1 or any(
            "\n" in self.text[item.marker.end : after].strip(EDGE)
            for item, after in zip(items.items, starts[1:], strict=False)
        )
        whole = self.keeps_turns(items, limit)
        # The marks in and behind the items before the last, each mark once.
        others = [
            self.text[item.marker.end : after]
            for item, after in zip(items.items, starts[1:], strict=False)
        ]
        plain = "".join(re.sub("[^。；]", "", other)[:-1] for other in others) + (
            "；" if others and all(other.endswith("；") for other in others) else ""
        )
        tail = self.tail(items.items[-1], limit, limit == end, (explained, whole, plain))
        stops = [item.marker.start for item in items.items[1:]] + [tail]
        bodies = [
            (item, self.body(item), stop) for item, stop in zip(items.items, stops, strict=True)
        ]
        stated = [(b, s) for item, b, s in bodies if item.marker.start not in self.headings]
        role = self.list_role(stated)
        if role == "measure" and sum(self.inner_turn(*s) is not None for s in stated) * 2 > len(
            stated
        ):
            # What was done, but what falls short; what will be done: all in one item.
            role = "problem"
        if items.items[0].marker.start not in self.headings and self.first_draft is None:
            self.drafts[led.start : led.stop] = [
                d for d in self.drafts[led.start : led.stop] if d.role != role
            ]
        self.first_draft = None
        for number, (item, body, stop) in enumerate(bodies):
            heading = self.headings.get(item.marker.start)
            if heading:
                self.announce(heading.zone)
                self.process(heading.end, stop, item.children)
            elif item.children and self.holds_items(item, body, stop):
                self.announce_header(body, item.children[0].start, role)
                self.process(item.children[0].start, stop, item.children)
            else:
                self.take_item(body, stop, role, closing=number + 1 == len(bodies))
        return tail

    def body(self, item: Item) -> int:
        return item.marker.end

    def keeps_turns(self, items: ItemList, limit: int) -> bool:
        """Tell whether turning phrases belong inside the items of a list.

        They do in measures (…。我局将…) and where every item answers its own problem.
        """
        starts = [item.marker.start for item in items.items]
        bodies = [
            (item.marker.end, after) for item, after in zip(items.items, starts[1:], strict=False)
        ]
        if any(self.inner_turn(*body) is not None for body in bodies):
            return True
        if not bodies:
            return self.zone == "measure" and self.told
        return self.list_role(bodies) == "measure"

    def tail(
        self, item: Item, limit: int, is_end: bool, habits: tuple[bool, bool, str]
    ) -> int:
        """Give the end of a list's last item: a turn, a heading, a lead-in, or the paragraph's.

        ``habits`` of the items before it: whether a heading line is explained by further
        lines, whether items are kept whole over turning phrases (then only one that opens
        a paragraph ends them), and their marks.
        """
        explained, whole, plain = habits
        if item.marker.start in self.headings:
            return limit
        inner = item.children[-1].items[-1].marker.end if item.children else item.marker.end
        cut = self.next_cut(inner, limit)
        while cut is not None and whole and cut in self.turns and self.text[cut - 1] != "\n":
            cut = self.next_cut(cut + 1, limit)
        if cut is not None:
            limit = cut
        elif not is_end:
            # Another list follows: the sentence before it may be its lead-in.
            lead = max(self.text.rfind(mark, inner, limit - 1) for mark in "。\n！？；") + 1
            if (
                lead > inner
                and roles.lead_role(self.text[lead:limit])
                and (self.text[limit - 1 : limit] in "：:\n" or self.is_lead(lead, limit))
            ):
                limit = lead
        newline = self.text.find("\n", inner, limit)
        while newline >= 0:
            # A line that ends without a mark is an odd wrap, unless it is a heading.
            closed = self.text[newline - 1] in "。；！？："
            if closed and not (explained and self.goes_on(item, newline)):
                return newline
            newline = self.text.find("\n", newline + 1, limit)
        return self.before_addition(item, inner, self.before_slogan(inner, limit), plain)

    def before_addition(self, item: Item, inner: int, limit: int, plain: str) -> int:
        """Cut off what is added behind the last item of a list of plain items.

        Where no other item holds a sentence mark, 。同时，… goes beyond the last; where the
        others end with semicolons and hold none, so does what follows one.
        """
        if "。" not in plain:
            for a, _ in islice(prose.sentences(self.text, inner, limit), 1, None):
                if say.ADDED.match(self.text, a, limit):
                    return a
        if plain.endswith("；") and "；" not in plain[:-1]:
            at = self.text.find("；", inner, limit - 1)
            stop = min((p for p in (self.text.find("。", inner, limit),) if p >= 0), default=limit)
            if inner < at < stop and at + 1 not in self.turns:
                return at + 1
        return limit

    def is_lead(self, start: int, end: int) -> bool:
        words = self.text[start:end].strip(EDGE)
        return roles.is_frame(words) or roles.is_measure_frame(words)

    def before_slogan(self, start: int, limit: int) -> int:
        """Cut closing sentences that promise nothing off the last item."""
        spans = list(prose.sentences(self.text, start, limit))
        while len(spans) > 1 and self.is_closing(*spans[-1]):
            limit = spans.pop()[0]
        return limit

    def is_closing(self, start: int, end: int) -> bool:
        clauses = re.split("[，；：]", self.text[start:end].strip(EDGE))
        return (say.SLOGAN.search(self.text, start, end) is not None or len(clauses) == 1) and all(
            say.SLOGAN.search(c) or roles.is_measure_frame(c) or say.CLOSING_AIM.match(c)
            for c in clauses
        )

    def goes_on(self, item: Item, newline: int) -> bool:
        """Tell whether the paragraph behind an item's first line still belongs to it."""
        head = self.text[item.marker.end : newline].strip(EDGE)
        return len(head) <= 24 and not re.search("[，；]", head)

    def next_cut(self, start: int, end: int) -> int | None:
        """Give the first heading or turning sentence behind a place."""
        for cut in self.cuts[(first := bisect_left(self.cuts, start)) : first + 2]:
            if cut < end and (cut > start or cut in self.headings):
                return cut
        return None

    def holds_items(self, item: Item, body: int, stop: int) -> bool:
        """Tell whether an item with a list inside is only the heading of that list."""
        first = item.children[0].start
        header = self.text[body:first].strip(EDGE)
        topic = re.search("(?:方面|情况|问题|工作)$", header)
        if not header or (topic and len(header) <= 20):
            return True
        if item.children[0].kind in ("xian", "fang", "yao"):
            return False
        own_lines = all(
            child.marker.start == 0 or self.text[child.marker.start - 1] == "\n"
            for child in item.children[0].items
        )
        states = abs(roles.score_role(header)) > 0.3
        return own_lines or not states

    def announce_header(self, start: int, end: int, role: Role) -> None:
        if self.text[start - 1] in "、." and self.zone != "both":
            # A top heading that says nothing of problems or measures: the items tell.
            self.announce(roles.lead_role(self.text[start:end]) or "both", told=False)
        elif self.zone == "both":
            self.announce(roles.lead_role(self.text[start:end]) or role, told=False)

    # --- roles ----------------------------------------------------------------------

    def list_role(self, bodies: list[tuple[int, int]]) -> Role:
        scores = [roles.score_role(self.text[b:s]) for b, s in bodies if s > b]
        mean = sum(scores) / len(scores) if scores else 0.0
        weight = _TOLD if self.told else _HINTED
        prior = {"problem": weight, "measure": -weight}.get(self.zone, 0.2)
        return "problem" if mean + prior > 0 else "measure"

    # --- items ----------------------------------------------------------------------

    def take_item(self, start: int, end: int, role: Role, closing: bool) -> None:
        if role == "problem":
            cut = self.inner_turn(start, end)
            if cut is not None:
                self.add(role, prose.skip_praise(self.text, start, cut), cut)
                answered = (self.drafts[-1].start, self.drafts[-1].end) if self.drafts else None
                self.add("measure", prose.strip_turn(self.text, cut, end), end, answered)
                return
        self.add(role, start, end, marked=True)

    def inner_turn(self, start: int, end: int) -> int | None:
        """Find where a problem item turns to its own measure."""
        for match in _INNER_TURN.finditer(self.text, start + 4, end):
            at = match.start()
            turn = (
                say.TURN.match(self.text, at, end)
                or say.LABEL_MEASURE.match(self.text, at, end)
                or say.DUTY.match(self.text, at, end)
            )
            if turn and say.DEFECT.search(self.text, start, at):
                rest = self.text[prose.strip_turn(self.text, at, end) : end]
                strict = not (say.STRONG_TURN.match(self.text, at, end) or turn.re is say.LABEL_MEASURE)
                if turn.end() > at and roles.score_role(rest) < (0 if strict else 0.5):
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
            or say.SIGNATURE.fullmatch(words)
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
        if not rest:
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
        label = say.LABEL_MEASURE.match(text, start, end) or say.LABEL_PROBLEM.match(
            text, start, end
        )
        if label:
            self.announce("measure" if say.LABEL_MEASURE.match(text, start, end) else "problem")
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
                self.add("measure", start, end)
                return
            for a, b in prose.split_measures(text, start, end):
                if prose.keep_measure(text, a, b):
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


def draft_statements(view: View) -> list[Draft]:
    """Draft the statements of a view, in the order of the text."""
    walk = _Walk(view)
    walk.process(0, len(view.text), walk.lists)
    return cut_slogan(settle_drafts(walk.drafts), view.text)
