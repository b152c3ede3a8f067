"""Fifth stage: which matter a number speaks of, by the topics of ``nlp/form/claims.toml``."""

from __future__ import annotations

import re

from nlp.claims.context import Context
from nlp.documents import ClaimKind
from nlp.form.claims import ClaimTopic, load_claim_topics

_RULES_OUT_COUNTS = frozenset({"share", "points", "ratio", "duration"})
_LINK = re.compile("^[\\s其中有为共约已均各分别包括含的并也和及与达到]*$")


def find_topic(
    context: Context, unit: str | None, kind: ClaimKind, edition: str | None
) -> ClaimTopic | None:
    """Give the topic of a number; None where no pattern is found.

    The stretch nearest to the number is asked first: what stands there outweighs what the
    sentence said before.
    """
    if kind in _RULES_OUT_COUNTS:
        return None
    stretches = [context.near]
    if context.clause != context.near:
        stretches.append(context.clause)
    if _LINK.match(context.near) or not context.near:
        parts = re.split("[，；]", context.sentence)
        stretches.extend("，".join(parts[-n:]) for n in (2, 3) if len(parts) >= n)
    for stretch in stretches:
        said = f"{stretch}#{context.after[:30]}"
        for topic in load_claim_topics():
            if _fits(topic, said, context, unit, edition):
                return topic
    return None


def _fits(
    topic: ClaimTopic, said: str, context: Context, unit: str | None, edition: str | None
) -> bool:
    if topic.editions and edition not in topic.editions:
        return False
    if topic.units is not None and not topic.units.fullmatch(unit or ""):
        return False
    if not any(form.search(said) for form in topic.say):
        return False
    if topic.about is not None and not topic.about.search(context.paragraph):
        return False
    if topic.within is not None and not topic.within.search(f"{context.sentence}{said}"):
        return False
    return not any(form.search(said) for form in topic.unless)
