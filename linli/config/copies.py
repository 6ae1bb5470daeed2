"""How a copy of everything about somebody (linli/privacy/actions/rights.py) says what its columns hold in codes.

The law's copy is one that can be read (个人信息保护法 第四十五条): 女, not 2; the old number itself, not its cipher.
What an act or a merge keeps so that it can be taken back are rows of everybody whom it touched, in the form of the
database: the person's own values stand in the other chapters, those of others are not theirs to read.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from linli.imports.models import OTHERS
from linli.places.models import Place
from linli.register.rules import FIELDS, Likeness, Source, label_of, shown

Words = Callable[[Any], str]


def _fact(code: str) -> Words:
    return lambda row: shown(code, row.value(code)) if row.value(code) else ""


def _label(code: str) -> str:
    """Return what a field of the register, or of an import beside it, is called."""
    return str(FIELDS[code].label if code in FIELDS else OTHERS.get(code, code))


def _value(code: str, value: str) -> str:
    if code == "relation":
        return label_of("relation", value)
    return shown(code, value) if code in FIELDS and value else value


def _sources(row: Any) -> str:
    """From whom each fact comes that did not come with the row."""
    parts = []
    for code, said in row.facts.items():
        source = said.get("source", "")
        words = [str(Source(source).label) if source in Source.values else "", said.get("words", "")]
        words += [said.get("stated_on", ""), said.get("confirmed_on", "")]
        parts.append(f"{_label(code)}：{' '.join(filter(None, words))}")
    return "；".join(parts)


def _proposed(row: Any) -> str:
    return "；".join(f"{_label(code)}：{_value(code, value)}" for code, value in row.values.items())


def _differing(side: str) -> Words:
    def words(row: Any) -> str:
        value = getattr(row, side)
        if row.field in FIELDS:
            return _value(row.field, value)
        key, _space, rest = value.partition(" ")
        home = Place.objects.filter(pk=int(key)).first() if key.isdecimal() else None
        return f"{home.full_name if home else key} {rest}".strip()

    return words


def _kept_to_undo(row: Any) -> str:
    return _("有，加密保存，只用来撤销；您的内容在其他各项里") if row.undo else ""


IN_WORDS: Mapping[str, Words] = {
    **{f"register.Profile.{code}": _fact(code) for code in FIELDS if FIELDS[code].holder == "profile"},
    "register.Profile.facts": _sources,
    "register.FactChange.field": lambda row: _label(row.field),
    "register.FactChange.value": lambda row: _value(row.field, row.before),
    "register.HouseholdMember.household": lambda row: (
        f"{row.household.home.full_name} {row.household.number}".strip()
    ),
    "register.HouseholdMember.relation": lambda row: str(row.relation_words),
    "register.Correction.fields": lambda row: "、".join(_label(code) for code in row.fields),
    "register.Correction.values": _proposed,
    "register.Duplicate.reasons": lambda row: "、".join(str(Likeness(code).label) for code in row.reasons),
    "register.Event.undo": _kept_to_undo,
    "register.Merge.undo": _kept_to_undo,
    "people.PhoneChange.phone": lambda row: str(row.old_phone),
    "imports.Conflict.field": lambda row: str(row.label),
    "imports.Conflict.held": _differing("held"),
    "imports.Conflict.offered": _differing("offered"),
    "reports.Wanted.fact": lambda row: str(row.column or _label(row.fact)),
}
