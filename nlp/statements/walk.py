"""Fourth stage, the structure: walk through headings and lists, and find where each ends."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from itertools import islice

from nlp.documents.records import Role
from nlp.statements import language as say
from nlp.statements import prose, roles
from nlp.statements.drafting import Drafting
from nlp.statements.outline import Item, ItemList
from nlp.statements.trim import EDGE, Draft, cut_slogan, settle_drafts
from nlp.statements.view import View


class _Walk(Drafting):
    """A walk through the lists of a view and the prose around them."""

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
            (item, item.marker.end, stop) for item, stop in zip(items.items, stops, strict=True)
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
        for item, body, stop in bodies:
            heading = self.headings.get(item.marker.start)
            if heading:
                self.announce(heading.zone)
                self.process(heading.end, stop, item.children)
            elif item.children and self.holds_items(item, body, stop):
                self.announce_header(body, item.children[0].start, role)
                self.process(item.children[0].start, stop, item.children)
            elif self.is_labelled(body, stop):
                self.take_labelled(body, stop)
            else:
                self.take_item(body, stop, role)
        return tail

    def is_labelled(self, body: int, stop: int) -> bool:
        """Tell whether an item says 存在问题：… and 改进措施：… itself."""
        zones = [h.zone for at, h in self.headings.items() if body <= at and h.end < stop]
        return "problem" in zones and "measure" in zones

    def take_labelled(self, body: int, stop: int) -> None:
        before = len(self.drafts)
        first = min(at for at in self.headings if at >= body)
        self.take_prose(first, stop, None)
        new = self.drafts[before:]
        problems = [d for d in new if d.role == "problem"]
        if len(problems) == 1:
            answered = (problems[0].start, problems[0].end)
            self.drafts[before:] = [
                replace(d, answers=answered) if d.role == "measure" and d.answers is None else d
                for d in new
            ]

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

    def tail(self, item: Item, limit: int, is_end: bool, habits: tuple[bool, bool, str]) -> int:
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
        while cut is not None and whole and self.stays_inside(item, cut):
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
            if self.closes_report(newline + 1, limit):
                return newline
            closed = self.text[newline - 1] in "。；！？："
            if closed and not (explained and self.goes_on(item, newline)):
                return newline
            newline = self.text.find("\n", newline + 1, limit)
        return self.before_addition(item, inner, self.before_slogan(inner, limit), plain)

    def closes_report(self, start: int, limit: int) -> bool:
        """Tell whether a line is the issuer's name, the date or the name of a file."""
        stop = self.text.find("\n", start, limit)
        line = self.text[start : stop if stop >= 0 else limit]
        return bool(say.ATTACHED.fullmatch(line) or say.SIGNATURE.fullmatch(line))

    def stays_inside(self, item: Item, cut: int) -> bool:
        """Tell whether a turn or a label (改进措施：) is part of the item it stands in."""
        if self.text[cut - 1] == "\n":
            return False
        return cut in self.turns or self.text[self.headings[cut].end - 1] == "："

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

    def take_item(self, start: int, end: int, role: Role) -> None:
        if role == "problem":
            cut = self.inner_turn(start, end)
            if cut is not None:
                self.add(role, prose.skip_praise(self.text, start, cut), cut)
                answered = (self.drafts[-1].start, self.drafts[-1].end) if self.drafts else None
                self.add("measure", prose.strip_turn(self.text, cut, end), end, answered)
                return
        self.add(role, start, end, marked=True)


def draft_statements(view: View) -> list[Draft]:
    """Draft the statements of a view, in the order of the text."""
    walk = _Walk(view)
    walk.process(0, len(view.text), walk.lists)
    return cut_slogan(settle_drafts(walk.drafts), view.text)
