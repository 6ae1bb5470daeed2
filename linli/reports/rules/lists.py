"""The code lists behind coded facts, under one roof: {our code: our word}."""

from typing import Any

from django.utils.translation import gettext as _

from linli.cases.rules import Channel
from linli.people.rules import Tenure
from linli.places.rules import Occupancy
from linli.register.rules import IdentityKind, code_of, codes

CASE_OPEN, CASE_DONE = "open", "done"
TENS = frozenset({"relation", "schooling", "marriage"})  # GB/T lists whose codes 21 … 29 are kinds of 20


def code_list(name: str) -> dict[str, str]:
    """Return a code list by name: those of GB/T (register), and our own; {} for a name without one."""
    own: dict[str, dict[str, Any]] = {
        "identity_kind": dict(IdentityKind.choices),
        "tenure": dict(Tenure.choices),
        "occupancy": dict(Occupancy.choices),
        "channel": dict(Channel.choices),
        "case_state": {CASE_OPEN: _("整改中"), CASE_DONE: _("已整改")},
    }
    if not name:
        return {}
    found = own.get(name)
    return {code: str(word) for code, word in found.items()} if found is not None else codes(name)


def our_code(name: str, word: str) -> str:
    """Return our code for a superior's word (党员, 本科 …), "" where no list knows it."""
    ours = code_list(name)
    if name in {"identity_kind", "tenure", "occupancy", "channel", "case_state", ""}:
        return next((code for code, own in ours.items() if word in {own, code}), "")
    return code_of(name, word)
