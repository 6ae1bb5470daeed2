"""Which columns a list may have, and how a value stands in it."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.people.rules import Tenure
from linli.register.rules import FIELDS, label_of, masked, shown

MOST_EXPORTED = 50_000  # people in one file
OTHERS = {
    "home": gettext_lazy("住处"),
    "tenure": gettext_lazy("居住身份"),
    "household": gettext_lazy("户号"),
    "relation": gettext_lazy("与户主关系"),
    "age": gettext_lazy("年龄"),
    "tags": gettext_lazy("人员标签"),
}
EXPORTED: tuple[str, ...] = (
    "name", "sex", "birth_date", "age", "identity_kind", "identity", "phone", "home", "tenure", "household", "relation",
    "ethnicity", "politics", "marriage", "schooling", "employment", "workplace", "health", "nationality",
    "registered_at", "lodging", "tags",
)  # fmt: skip
USUAL = ("name", "sex", "birth_date", "phone", "home", "tenure")


def header_of(field: str) -> str:
    """Return the heading of a column."""
    return str(FIELDS[field].label if field in FIELDS else OTHERS[field])


def cell_of(field: str, value: Any, *, is_clear: bool) -> str:
    """Return a held value as it stands in a list: masked as on a page unless `is_clear`.

    Masked, a home is known down to its building, and a tag not at all.
    """
    if value in ("", None, []):
        return ""
    if field in FIELDS:
        return shown(field, value) if is_clear else masked(field, value)
    if field == "tags":
        return "、".join(value) if is_clear else _("有 %(n)d 个") % {"n": len(value)}
    if field == "home":
        return str(value) if is_clear else _to_building(str(value))
    if field == "tenure":
        return str(Tenure(value).label)
    if field == "relation":
        return label_of("relation", value)
    if field == "household":
        return str(value) if is_clear else f"{'*' * max(len(str(value)) - 2, 0)}{str(value)[-2:]}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _to_building(full_name: str) -> str:
    """柳树社区 · 杨柳苑 · 3幢 · 502室 → 柳树社区 · 杨柳苑 · 3幢 (privacy-and-sharing: the address down to 幢)."""
    return " · ".join(full_name.split(" · ")[:3])


def told_apart(field: str, held: str, offered: str) -> tuple[str, str]:
    """Return two numbers of papers or telephones masked, and where the masks are alike, with the signs that differ."""
    hidden, other = masked(field, held), masked(field, offered)
    if hidden != other or len(held) != len(offered):
        return hidden, other
    return _with_differences(hidden, held, offered), _with_differences(other, offered, held)


def _with_differences(mask: str, own: str, other: str) -> str:
    return "".join(
        sign if sign != rival else cover for cover, sign, rival in zip(mask, own, other, strict=True)
    )
