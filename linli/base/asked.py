"""What a view gets: a request that knows who asks, and a form whose action may be refused."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.forms import BaseForm
from django.http import HttpRequest

from linli.base.errors import Refused

Result = TypeVar("Result")


class Asked(HttpRequest):
    """A request as the middlewares leave it; only for the types, nothing is ever made of this class.

    Floors forbid naming the models here: `person` and `acting_for` are people.Person, `memberships` are
    organisations.Membership, `assisting` is organisations.AssistedSession.
    """

    user: Any  # people.Account, or AnonymousUser
    elder: bool
    text_size: int | None
    persons: list[Any]
    person: Any
    acting_for: Any
    acting_scope: str
    acting_until: datetime | None
    memberships: list[Any]
    powers: frozenset[str]
    assisting: Any


def tried(form: BaseForm, action: Callable[[], Result]) -> Result | None:
    """Return what `action` gives; where a rule refuses, the form carries the sentence and the answer is None.

    So the page can be shown again with everything that was typed, status 422.
    """
    try:
        return action()
    except Refused as refused:
        reason = f"{refused.reason}（{refused.rule}）" if refused.rule else str(refused.reason)
        form.add_error(None, reason)
        return None
