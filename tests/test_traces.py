"""Whoever is shown the personal data of somebody else leaves a trace that this person can read (tests/personal.py
says what counts). Every address is asked by everyone who gets an answer, every form by somebody who may send it.
"""

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone

from linli.organisations.models import AssistedSession
from linli.people.models import Person
from linli.trail.models import Reveal, Seen
from tests.access import VIEWERS, Row, rows
from tests.personal import Fact, Personal, news, words_of
from tests.test_access import FORM
from tests.world import LivedIn

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def personal(lived_in: LivedIn) -> Personal:
    return Personal(timezone.localdate(lived_in.now))


def traced(response: HttpResponse, viewer: Person | None) -> set[str]:
    """Return whose data the viewer was written down for: in this request, or for a time that is not over
    (a field opened for 60 seconds, a resident assisted for 30 minutes).
    """
    if viewer is None:
        return set()
    here = Seen.objects.filter(look__request_id=response["X-Request-Id"], look__looker=viewer.subject)
    now = timezone.now()
    open_now = Reveal.objects.filter(looker=viewer.subject, ends_at__gt=now)
    assisted = AssistedSession.objects.running(now).filter(worker=viewer)
    named = Seen.objects.filter(
        look__under__in=[f"organisations.AssistedSession:{row.pk}" for row in assisted]
    )
    return {subject for rows in (here, open_now, named) for subject in rows.values_list("subject", flat=True)}


def untraced(response: HttpResponse, viewer: Person | None, personal: Personal) -> list[Fact]:
    """Return what this answer shows of others without a trace."""
    shown = news(personal.shown(words_of(response)), viewer, timezone.now())
    held = traced(response, viewer) if shown else set()
    masked = {
        personal.masked[subject] for subject in held if subject in personal.masked
    }  # 陈** may be either
    return [
        fact
        for fact in shown
        if fact.subject not in held and not (fact.with_name and personal.masked[fact.subject] in masked)
    ]


def complaint(row: Row, viewer: str, facts: list[Fact]) -> str:
    return f"{row.name} as {viewer}: " + ", ".join(f"{fact.kind} {fact.value}" for fact in facts)


def test_whoever_reads_personal_data_leaves_a_trace(lived_in: LivedIn, personal: Personal) -> None:
    wrong, found = [], 0
    for row in rows():
        for viewer in VIEWERS:
            if row.expected[viewer] != "200":
                continue
            response = lived_in.browser(viewer).get(row.address(lived_in))
            person = lived_in.viewers[viewer]
            if missing := untraced(response, person, personal):
                wrong.append(complaint(row, viewer, missing))
            found += bool(traced(response, person))
    assert found > 0, "nobody was shown anything: the test looks for the wrong values"
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("viewer", ["agent", "assisting"])
def test_whoever_acts_for_another_leaves_a_trace(lived_in: LivedIn, personal: Personal, viewer: str) -> None:
    """A daughter for her father, a worker at the counter: 陈伯 reads that they read."""
    browser = lived_in.browser(viewer)
    if viewer == "agent":
        session = browser.session
        session["acting_for"] = lived_in.names["proxy"]
        session.save()
    wrong = []
    for row in rows():
        if "GET" not in row.methods or row.mark.startswith("staff"):
            continue
        response = browser.get(row.address(lived_in))
        if response.status_code == 200:
            person = getattr(response.wsgi_request, "person", None)
            if missing := untraced(response, person, personal):
                wrong.append(complaint(row, viewer, missing))
    assert not wrong, "\n".join(wrong)


def test_what_a_form_answers_leaves_a_trace_too(lived_in: LivedIn, personal: Personal) -> None:
    wrong = []
    for row in rows():
        if not row.poster or row.poster not in lived_in.viewers:
            continue
        with transaction.atomic():
            typed = FORM | lived_in.arguments(row.body)
            response = lived_in.browser(row.poster).post(row.address(lived_in), typed)
            if response.status_code < 300 or response.status_code in {409, 422}:
                missing = untraced(response, lived_in.viewers[row.poster], personal)
                if missing:
                    wrong.append(complaint(row, row.poster, missing))
            transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)


def test_no_browser_keeps_a_page_with_personal_data(lived_in: LivedIn, personal: Personal) -> None:
    """After signing out, and after the minute of an opened field, the back button shows nothing of it."""
    kept = []
    for row in rows():
        for viewer in ("asker", "community_worker", "data_officer"):
            if row.expected[viewer] == "200":
                response = lived_in.browser(viewer).get(row.address(lived_in))
                found = personal.shown(words_of(response))
                if found and "no-store" not in response.get("Cache-Control", ""):
                    kept.append(complaint(row, viewer, sorted(found, key=str)))
    assert not kept, "\n".join(kept)


def test_the_test_sees_what_it_looks_for(lived_in: LivedIn, personal: Personal) -> None:
    """A name, a number, a door beside a masked name are found; a door or a masked name alone, a worker's name not."""
    w = lived_in.willow

    def kinds(text: str) -> set[tuple[str, str]]:
        return {(fact.subject, fact.kind) for fact in personal.shown(text)}

    assert kinds("联系人张秀英") == {(w.zhang.subject, "name")}
    assert kinds("电话 13800000001") == {(w.zhang.subject, "phone")}
    assert kinds("张**，502室") == {(w.zhang.subject, "home")}
    assert kinds("杨柳苑 3幢 502室") == set()
    assert kinds("张** 138****0001") == set()
    assert kinds("经办人 孙丽") == set()
