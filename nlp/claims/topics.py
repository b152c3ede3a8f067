"""Fifth stage: which matter a number speaks of, by the topics of ``nlp/form/claims.toml``."""

from __future__ import annotations

import re

from nlp.claims.context import Context
from nlp.documents import ClaimKind
from nlp.form.claims import ClaimTopic, load_claim_topics

_RULES_OUT_COUNTS = frozenset({"share", "points", "ratio", "duration"})
# 其中 3 件予以公开，2 件属于内部事务信息: the number stands before what is said of it.
_SAID_AFTER = re.compile(
    "^(?:申请)?(?:均|都|全部)?(?:属于?|为|因|由于|系|是|作|作出|被|予以|不予|部分公开|无法|本机关不|尚未|正在|仍在|维持|纠正|撤回)"
)
_LEADS = re.compile("^[\\s，、；：其中有另还共计的和及]*$")
_AFTERWARDS = ("outcome_", "dispute_", "requests_withdrawn", "requests_pending")
# Without a unit (数量为 15) a number is a count where its words say so.
_COUNTED = re.compile("(?:数量|总数|总量|件数|数|总计|合计|办理|共计|共)(?:为|是|共|计|[:：])?$")
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
    if _LEADS.match(context.near) and _SAID_AFTER.match(context.after):
        turned = f"{context.after[:40]}#"
        for topic in load_claim_topics():
            if topic.id.startswith(_AFTERWARDS) and _fits(topic, turned, context, unit, edition):
                return topic
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
    counted = unit is None and bool(topic.cells) and bool(_COUNTED.search(context.near))
    if topic.units is not None and not topic.units.fullmatch(unit or "") and not counted:
        return False
    if not any(form.search(said) for form in topic.say):
        return False
    if topic.about is not None and not topic.about.search(context.paragraph):
        return False
    if topic.within is not None and not topic.within.search(f"{context.sentence}{said}"):
        return False
    return not any(form.search(said) for form in topic.unless)
