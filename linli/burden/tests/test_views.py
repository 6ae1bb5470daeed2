"""The ledger's pages, and what is counted of real forms. Policy rules: G04, G11."""

from datetime import timedelta
from typing import Any

import pytest
from django import forms
from django.core import signing
from django.db import DatabaseError
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from linli.burden import actions, middleware, rules
from linli.burden.middleware import SALT, read_filled_in
from linli.burden.models import Errand, Load
from linli.burden.templatetags.burden import filled_in
from linli.organisations import actions as organisations
from linli.organisations.rules import Role
from linli.people import actions as people
from linli.people.models import Person
from linli.places.models import Place
from tests.cast import LONG_AGO, Willow
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db


def last_month() -> Any:
    return timezone.now().replace(day=1) - timedelta(days=3)


def more_workers(willow: Willow, number: int, place: Place | None = None) -> list[Person]:
    made = []
    for count in range(number):
        worker = people.register(f"王{count}", "", at=timezone.now())
        organisations.appoint(
            worker, willow.desk, Role.GRID_WORKER, place or willow.community, LONG_AGO, by=willow.wang,
            at=timezone.now(),
        )  # fmt: skip
        made.append(worker)
    return made


def test_a_form_that_a_worker_sends_is_counted_and_a_refused_one_is_not(willow: Willow) -> None:
    browser = signed_in(willow.sun)
    address = reverse("places:add", args=[willow.building.token]) + "?kind=home"
    assert browser.post(address, {"names": ""}).status_code == 422
    assert not Load.objects.exists()
    assert browser.get(address).status_code == 200
    assert not Load.objects.exists()
    assert browser.post(address, {"names": "801室", "floor_area": "80"}).status_code == 302
    row = Load.objects.get()
    assert (row.person, row.organisation, row.form) == (willow.sun, willow.desk, "places:add")
    assert (row.times, row.typed, row.filled) == (1, 2, 0)


def test_what_staff_and_residents_do_for_themselves_is_not_counted(willow: Willow) -> None:
    for person in (willow.zhang, willow.sun):
        signed_in(person).post("/cases/say/", {"text": "路灯不亮", "place": willow.lamp.token, "once": "1"})
    assert not Load.objects.exists()


def test_the_work_is_done_where_the_ledger_cannot_be_written(
    willow: Willow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_all: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(middleware.actions, "note", broken)
    address = reverse("places:add", args=[willow.building.token]) + "?kind=home"
    assert signed_in(willow.sun).post(address, {"names": "801室"}).status_code == 302
    assert Place.objects.filter(parent=willow.building, name="801室").exists()


class LeaseForm(forms.Form):
    since = forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    rooms = forms.MultipleChoiceField(choices=[("a", "甲"), ("b", "乙")])
    words = forms.CharField(required=False)
    agrees = forms.BooleanField(required=False)
    secret = forms.CharField(widget=forms.HiddenInput, initial="x")


@pytest.mark.once
def test_a_form_says_what_it_arrived_filled_in_with_and_only_the_unchanged_counts_as_filled() -> None:
    form = LeaseForm(initial={"since": timezone.localdate(), "rooms": ["a", "b"], "agrees": True})
    tag = str(filled_in(form))
    held = read_filled_in(tag.split('value="')[1].rstrip('">'))
    assert set(held) == {"since", "rooms", "agrees"}
    today = timezone.localdate().isoformat()
    sent = {"since": [today], "rooms": ["a", "b"], "agrees": ["on"], "words": ["新写的"], "filled_in": ["…"]}
    assert rules.count(sent, [], held) == (1, 3)
    assert rules.count(sent | {"since": ["2020-01-01"]}, [], held) == (2, 2)
    assert filled_in(LeaseForm()) == ""
    assert today not in tag


@pytest.mark.once
def test_a_mark_that_somebody_changed_is_not_believed() -> None:
    assert read_filled_in(signing.dumps({"a": "b"}, salt="another")) == {}
    assert read_filled_in("nonsense") == {}
    assert read_filled_in(signing.dumps({"a": "b"}, salt=SALT)) == {"a": "b"}
    assert RequestFactory().post("/", {"a": "b"}).POST.get("filled_in", "") == ""


def test_a_worker_reads_their_own_and_nobody_elses(willow: Willow) -> None:
    actions.note(willow.sun, willow.desk, "cases:dispatch", 41, 3, timezone.now())
    actions.note(willow.li, willow.desk, "cases:sign", 977, 0, timezone.now())
    page = signed_in(willow.sun).get(reverse("burden:mine")).content.decode()
    assert "派单" in page
    assert "41" in page
    assert "977" not in page
    assert "977" not in signed_in(willow.wang).get(reverse("burden:mine")).content.decode()


def test_every_errand_is_counted_where_not_all_are_listed(
    willow: Willow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linli.burden.views.MOST_ERRANDS", 2)
    today = timezone.localdate()
    Errand.objects.bulk_create(
        Errand(
            key=f"t:{n}", organisation=willow.desk, task="表", demanded_by="区", came_on=today, due_on=today
        )
        for n in range(3)
    )
    context = signed_in(willow.sun).get(reverse("burden:mine")).context
    assert (len(context["errands"]), context["errand_count"]) == (2, 3)


def test_ledgers_of_others_cannot_be_asked_for(willow: Willow) -> None:
    actions.note(willow.li, willow.desk, "cases:sign", 977, 0, last_month())
    for query in (f"?person={willow.li.token}", f"?person={willow.li.pk}", "?month=all", "?form=csv"):
        for name in ("burden:mine", "burden:sums"):
            assert "977" not in signed_in(willow.wang).get(reverse(name) + query).content.decode()


def test_sums_are_shown_over_at_least_ten_workers_and_only_of_months_that_are_over(willow: Willow) -> None:
    workers = more_workers(willow, 10)
    month = last_month().strftime("%Y-%m")
    for worker in workers[:9]:
        actions.note(worker, willow.desk, "cases:sign", 111, 0, last_month())
    wang = signed_in(willow.wang)
    page = wang.get(reverse("burden:sums"), {"month": month}).content.decode()
    assert "999" not in page
    assert "人太少" in page
    actions.note(workers[9], willow.desk, "cases:sign", 112, 0, last_month())
    actions.note(workers[9], willow.desk, "cases:sign", 5000, 0, timezone.now())
    page = wang.get(reverse("burden:sums"), {"month": month}).content.decode()
    assert "1111" in page
    for worker in workers:
        assert worker.name not in page
    today = timezone.localdate().strftime("%Y-%m")
    assert "5000" not in wang.get(reverse("burden:sums"), {"month": today}).content.decode()


def test_the_street_cannot_subtract_its_way_to_a_small_office(willow: Willow) -> None:
    for worker in more_workers(willow, 11):
        actions.note(worker, willow.desk, "cases:sign", 100, 0, last_month())
    actions.note(willow.qian, willow.street_office, "cases:rule", 7, 0, last_month())
    month = last_month().strftime("%Y-%m")
    page = signed_in(willow.qian).get(reverse("burden:sums"), {"month": month}).content.decode()
    assert "1107" in page  # of the street
    assert "1100" not in page  # 1107 - 1100 would be the one officer's
    assert "1100" not in signed_in(willow.wang).get(reverse("burden:sums"), {"month": month}).content.decode()


def test_pages_cost_the_same_however_many_workers_there_are(
    willow: Willow, django_assert_max_num_queries: Any
) -> None:
    for worker in more_workers(willow, 12):
        actions.note(worker, willow.desk, "cases:sign", 1, 0, last_month())
    wang = signed_in(willow.wang)
    wang.get(reverse("burden:sums"))
    with django_assert_max_num_queries(12):
        wang.get(reverse("burden:sums"), {"month": last_month().strftime("%Y-%m")})
    with django_assert_max_num_queries(8):
        wang.get(reverse("burden:mine"))


def test_a_resident_and_a_stranger_get_no_ledger(willow: Willow) -> None:
    for name in ("burden:mine", "burden:sums"):
        assert signed_in(willow.zhang).get(reverse(name)).status_code == 404
    assert signed_in(willow.zhao).get(reverse("burden:sums")).status_code == 404
