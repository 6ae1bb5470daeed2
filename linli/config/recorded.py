"""What the record needs to know of the domains above it, told from the top of the house.

`linli verify-log` asks the domains whether their rows still say what was recorded: for each subject prefix,
COMPARERS has the dotted path of a function that takes subjects (["cases.Case:7", …], at most 500) and returns what
the business rows say now: {"cases.Case:7": {recorded field: value, …}, …}. A field is compared with the value that
was recorded of it last; one that is left out is not compared; "ref" is compared with the entry's public number.
A subject whose row is gone is left out, and is then named as missing.

TYPES and `codes` are the words for recorded acts and codes; `titles_of` names the logs.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.cases.record import recorded_cases
from linli.cases.rules import State, Tier, Verb
from linli.config.held import FEATURES
from linli.duties.models import Category, Matter
from linli.duties.record import recorded_lists
from linli.organisations.models import Organisation
from linli.partners.rules import Kind as PartnerKind
from linli.partners.rules import State as PartnerState
from linli.partners.rules import Verb as PartnerVerb
from linli.places.models import Place
from linli.privacy.rules import Outcome, Right, Severity

PRIVACY = "privacy"  # the log of what concerns no single community
COMPARERS: dict[str, str] = {
    "cases.Case": "linli.config.recorded.cases_now",
    "duties.DutyList": "linli.config.recorded.lists_now",
}

# What the subject of an act begins with, by the first word of its type.
SUBJECTS = {
    "case": "cases.Case:",
    "duties": "duties.DutyList:",
    "partner": "partners.Partner:",
    "privacy": "privacy.",
}

TYPES: dict[str, Any] = {f"case.{verb}": label for verb, label in Verb.choices} | {
    "privacy.field_changed": _("改了字段目录"),
    "privacy.notice": _("发布同意书"),
    "privacy.assessed": _("批准影响评估"),
    "privacy.assessment_ended": _("停用影响评估"),
    "privacy.purged": _("清除到期信息"),
    "privacy.answered": _("答复个人信息请求"),
    "privacy.incident": _("信息安全事件"),
    "privacy.misuse": _("认定违规使用个人信息"),
}
TYPES |= {f"partner.{verb}": label for verb, label in PartnerVerb.choices}


def codes() -> dict[str, dict[str, Any]]:
    """Return the words for coded values, by recorded field."""
    categories = dict(Category.objects.values_list("code", "name"))
    bodies = dict(Organisation.objects.values_list("token", "name"))  # recorded by token: names change
    return {
        "act": dict(Verb.choices),
        "partner_kind": dict(PartnerKind.choices),
        "partner_state": dict(PartnerState.choices),
        "state": dict(State.choices),
        "matter": dict(Matter.choices),
        "tier": dict(Tier.choices),
        "category": categories,
        "lead": bodies,
        "severity": dict(Severity.choices),
        "kind": dict(Right.choices),
        "outcome": dict(Outcome.choices),
        "feature": FEATURES,
    }


def cases_now(subjects: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return what the rows of these cases say now, field by field as it is recorded."""
    ids = _ids_in(subjects)
    return {f"cases.Case:{key}": {**facts, "ref": number} for key, number, facts in recorded_cases(ids)}


def lists_now(subjects: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return what the rows of these published duty lists say now."""
    ids = _ids_in(subjects)
    return {f"duties.DutyList:{key}": {**facts, "ref": ref} for key, ref, facts in recorded_lists(ids)}


def _ids_in(subjects: Sequence[str]) -> list[int]:
    """The row numbers; a subject that is none is nobody's row, and so named as missing."""
    tails = [subject.rpartition(":")[2] for subject in subjects]
    return [int(tail) for tail in tails if tail.isascii() and tail.isdecimal() and len(tail) < 19]


def titles_of(logs: list[str]) -> dict[str, str]:
    """Return the names of the communities whose division codes name the logs; a log without one is left out."""
    named = Place.objects.filter(code__in=logs).values_list("code", "name")
    titles = {code: name for code, name in named if code}
    return titles | ({PRIVACY: gettext("个人信息保护")} if PRIVACY in logs else {})
