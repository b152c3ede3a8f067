"""Whether two names are one issuer's: 淮安市洪泽区人民政府 and 洪泽区人民政府."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from nlp.documents import Issuer
from nlp.structure.clean import fold_text

_SHORT = re.compile(r"(?:特别行政区|自治[区州县旗]|地区|[省市区县州盟旗])$")


def identify_issuer(issuer: Issuer) -> str | None:
    """Give a text that is the same for the names of one issuer, and for no other issuer.

    The names of a region that stand before the name proper are left out; the code of the region
    says which region it is, so nothing is said where the code could not be told.

    Returns
    -------
    str or None
        Code, level, township and what is left of the name; None where the region is not settled.

    Examples
    --------
    >>> from nlp.documents import Region
    >>> region = Region("320813", "江苏省", "淮安市", "洪泽区")
    >>> short = Issuer("洪泽区教育体育局", "county", "department", region)
    >>> whole = Issuer("江苏省淮安市洪泽区教育体育局", "county", "department", region)
    >>> identify_issuer(short) == identify_issuer(whole)
    True
    >>> identify_issuer(Issuer("青梧县教育局", "county", "department", Region())) is None
    True
    """
    region = issuer.region
    if not issuer.name or region.code is None or issuer.level is None:
        return None
    rest = fold_text(issuer.name)
    for place in (region.province, region.city, region.county, region.township):
        if place is None:
            continue
        for name in (place, _SHORT.sub("", place)):
            # What is left must be more than the name of a place, or 吉林省 would be nothing.
            if len(name) > 1 and rest.startswith(name) and len(rest) > len(name) + 1:
                rest = rest[len(name) :]
                break
    rest = re.sub(r"^政府$", "人民政府", rest)
    return "|".join((region.code, issuer.level, region.township or "", rest))


def choose_names(found: Iterable[tuple[str | None, str | None]]) -> Mapping[str, str]:
    """Give the name under which the reports of each issuer of several names stand together.

    Parameters
    ----------
    found : iterable of (name, identity)
        The issuer of each report as the report names it, and what ``identify_issuer`` says.

    Returns
    -------
    mapping of str to str
        By identity, for those of more than one name: the fullest name, and of equally long
        ones the first in order of characters; so the order of the reports does not matter.

    Examples
    --------
    >>> choose_names([("洪泽区政府", "a"), ("淮安市洪泽区政府", "a"), ("青梧县政府", "b")])
    {'a': '淮安市洪泽区政府'}
    """
    names: dict[str, set[str]] = {}
    for name, identity in found:
        if name and identity:
            names.setdefault(identity, set()).add(name)
    return {
        identity: min(own, key=lambda name: (-len(name), name))
        for identity, own in sorted(names.items())
        if len(own) > 1
    }
