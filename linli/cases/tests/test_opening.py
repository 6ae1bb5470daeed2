"""Whom a case opens to: what its own columns show at a glance never says more than the database."""

import pytest

from linli.cases import actions
from linli.cases.models import Case, handled_case
from linli.cases.models.phrases import opens_at_a_glance
from linli.cases.tests.rows import dispatched, filed
from linli.organisations.models import Membership
from tests.cast import MONDAY, Willow

pytestmark = pytest.mark.django_db


def test_a_glance_opens_no_case_that_the_database_keeps_closed(willow: Willow) -> None:
    said, (sent, _order) = filed(willow), dispatched(willow)
    back, _order = dispatched(willow)
    actions.recall(back, by=willow.sun, at=MONDAY, reason="派错了")
    imported = filed(willow)
    Case.objects.filter(pk=imported.pk).update(is_history=True, lead=willow.property, owner=willow.desk)
    seen_at_a_glance = 0
    for membership in Membership.objects.select_related("place", "organisation"):
        for case in Case.objects.filter(pk__in=[said.pk, sent.pk, back.pk, imported.pk]):
            opens = Case.objects.handled_by([membership]).filter(pk=case.pk).exists()
            at_a_glance = opens_at_a_glance(case, [membership])
            assert opens or not at_a_glance, (membership.role, case.state)
            assert (handled_case(case.token, [membership]) is not None) == opens
            seen_at_a_glance += at_a_glance
    assert seen_at_a_glance


def test_an_act_takes_the_case_as_it_stands_though_the_request_read_it_before(willow: Willow) -> None:
    case, _order = dispatched(willow)
    roles = list(Membership.objects.current(willow.sun, MONDAY.date()))
    read = handled_case(case.token, roles)
    assert read is not None
    actions.recall(case, by=willow.sun, at=MONDAY, reason="派错了")
    order = actions.dispatch(read, willow.property, by=willow.sun, at=MONDAY)
    assert (read.version, read.lead) == (Case.objects.get(pk=case.pk).version, willow.property)
    assert order.ended_at is None
