"""How many statements each act of a lifecycle sends to the database, as ceilings: what creeps back is seen here."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.cases.models import Case
from linli.cases.tests.pages import SPEAK, form_for, newest
from linli.cases.tests.rows import DONE
from linli.duties.models import Category
from tests.cast import Willow
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db
TRANSACTIONS = re.compile("BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE")
# Of one request each, who is asking (session, account, person, roles, a running assisted session) included; each form
# that staff send adds the one statement by which their own ledger of burdens (减负账本) counts it, and a case that ends
# the one that shows its asker who looked.
CEILINGS = {"say": 24, "dispatch": 32, "sign": 14, "resolve": 27, "confirm": 15, "search": 6}


def lifecycle(willow: Willow, reached: Callable[[str, Callable[[], Any]], object]) -> Case:
    """Let one lamp be said, sent, signed for, repaired, confirmed and searched for, each through its page."""
    zhang, sun, zhao = signed_in(willow.zhang), signed_in(willow.sun), signed_in(willow.zhao)
    lamp = Category.objects.get(code="lighting.lamp_out")
    reached("say", lambda: zhang.post(SPEAK, form_for(willow.lamp, category=lamp.code)))
    case = newest()
    reached("dispatch", lambda: sun.post(f"{case.address}dispatch/", {"as_proposed": "1", "next": "/todos/"}))
    reached("sign", lambda: zhao.post(f"{case.address}sign/", {"next": "/todos/"}))
    reached("resolve", lambda: zhao.post(f"{case.address}resolve/", {"answer": DONE, "next": "/todos/"}))
    reached("confirm", lambda: zhang.post(f"{case.address}confirm/", {"outcome": "solved", "rating": "5"}))
    reached("search", lambda: sun.get(f"/cases/desk/?q={case.number}"))
    return case


def test_no_act_of_a_lifecycle_sends_more_statements_than_its_ceiling(willow: Willow) -> None:
    lifecycle(willow, lambda _act, send: send())  # what a process reads once it has read by now
    sent: dict[str, int] = {}

    def counted(act: str, send: Callable[[], Any]) -> None:
        with CaptureQueriesContext(connection) as seen:
            assert send().status_code in (200, 302), act
        sent[act] = sum(not TRANSACTIONS.match(query["sql"]) for query in seen)

    case = lifecycle(willow, counted)
    case.refresh_from_db()
    assert case.state == "confirmed"
    assert {act: n for act, n in sent.items() if n > CEILINGS[act]} == {}
