"""A newcomer registers by the code of a home; those of the home, or a worker, answer."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.base.errors import Refused
from linli.lettings import actions
from linli.lettings.models import Newcomer
from linli.lettings.rules import NewcomerState, Refusal
from linli.lettings.tests.rows import GOOD_NUMBER, NEW_PHONE, Flat, arrive, flat
from linli.notices.models import Notice
from linli.people import actions as people
from linli.people.models import Person, Residency, Tenure
from linli.places import actions as places
from linli.places.models import Kind, PlaceCode
from linli.register.models import Profile
from linli.todos.models import Todo
from linli.trail.models import Seen, subjects_of
from tests.cast import MONDAY, Willow

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=2)


@pytest.fixture
def door(willow: Willow) -> Flat:
    return flat(willow)


def test_until_somebody_agreed_nothing_is_in_the_register(willow: Willow, door: Flat) -> None:
    before = Person.objects.count(), Residency.objects.count(), Profile.objects.count()
    row = arrive(door.code, identity=GOOD_NUMBER)
    assert (Person.objects.count(), Residency.objects.count(), Profile.objects.count()) == before
    assert row.phone == NEW_PHONE
    assert row.identity == GOOD_NUMBER
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM lettings_newcomer")
        stored = repr(cursor.fetchall())
    assert NEW_PHONE not in stored
    assert GOOD_NUMBER not in stored


def test_those_of_the_home_and_the_desk_learn_that_somebody_waits(willow: Willow, door: Flat) -> None:
    row = arrive(door.code)
    for _twice in range(2):
        actions.tell_home(row.token, LATER)
    told = Notice.objects.get(person=door.owner)
    assert "鲁新来" not in told.title + told.body
    assert row.token in told.address
    todo = Todo.objects.open().get(key=row.subject)
    assert (todo.organisation, todo.power) == (willow.desk, "intake")
    assert "鲁新来" not in todo.title


def test_the_answer_takes_the_same_work_whoever_lives_in_the_home(willow: Willow, door: Flat) -> None:
    empty = places.plant(Kind.HOME, "801室", willow.building)
    asked = []
    for number, home in enumerate((empty, willow.home, door.home)):
        code = PlaceCode.objects.get(pk=places.issue_code(home, by=willow.sun, at=MONDAY).pk)
        with CaptureQueriesContext(connection) as queries:
            arrive(code, phone=f"1390000008{number}")
        asked.append(len(queries))
    assert len(set(asked)) == 1


def test_the_same_again_is_the_registration_that_waits(door: Flat) -> None:
    assert arrive(door.code) == arrive(door.code, LATER)
    assert Newcomer.objects.count() == 1


def test_an_owner_agrees_and_the_newcomer_lives_there_verified_by_family(willow: Willow, door: Flat) -> None:
    row = arrive(door.code, identity=GOOD_NUMBER, tenure="family")
    for _twice in range(2):
        row = actions.agree_at_home(row, by=door.owner, at=LATER)
    person = row.person
    assert person is not None
    assert (person.name, person.phone) == ("鲁新来", NEW_PHONE)
    residency = Residency.objects.get(person=person)
    assert (residency.home, residency.tenure, residency.source) == (door.home, "family", "family")
    assert residency.verified_by == door.owner
    assert Profile.objects.get(person=person).value("identity") == GOOD_NUMBER
    row.refresh_from_db()
    assert (row.state, row.phone, row.identity, row.device_index) == ("agreed", "", "", "")
    assert not Todo.objects.open().filter(key=row.subject).exists()
    assert Notice.objects.filter(person=person).exists() or person.pending_notices.exists()


def test_a_worker_at_the_door_agrees_and_who_lived_elsewhere_moves(willow: Willow, door: Flat) -> None:
    other = places.plant("home", "801室", willow.building)
    known = people.register("鲁新来", NEW_PHONE, MONDAY)
    before = people.settle(known, other, Tenure.TENANT, MONDAY.date() - timedelta(days=9), "self", MONDAY)
    row = actions.agree_as_worker(arrive(door.code), by=willow.li, at=LATER)
    assert row.person == known
    before.refresh_from_db()
    assert before.until == MONDAY.date()
    now = Residency.objects.get(person=known, until=None)
    assert (now.home, now.source, now.verified_by) == (door.home, "counter", willow.li)


def test_an_occupant_cannot_move_somebody_who_is_known_elsewhere(willow: Willow, door: Flat) -> None:
    """Anybody can write 张秀英's name and number: her residency is a worker's to change."""
    row = arrive(door.code, name="张秀英", phone="13800000001")
    with pytest.raises(Refused, match="工作人员"):
        actions.agree_at_home(row, by=door.owner, at=LATER)
    assert Residency.objects.get(person=willow.zhang, until=None).home == willow.home
    row.refresh_from_db()
    assert row.state == NewcomerState.WAITING


def test_only_who_is_verified_in_the_home_answers_and_nobody_for_themselves(
    willow: Willow, door: Flat
) -> None:
    row = arrive(door.code, person=willow.daughter, phone="13800000003", name="陈小梅")
    with pytest.raises(Refused, match="这一户"):
        actions.agree_at_home(row, by=willow.zhang, at=LATER)
    with pytest.raises(Refused, match="这一户"):
        actions.refuse(row, Refusal.NOT_HERE, by=willow.zhang, at=LATER)
    with pytest.raises(Refused, match="自己的登记"):
        actions.agree_at_home(row, by=willow.daughter, at=LATER)
    unverified = people.register("钱七", "13900000090", MONDAY)
    people.settle(unverified, door.home, Tenure.TENANT, MONDAY.date(), "self", MONDAY)
    with pytest.raises(Refused, match="这一户"):
        actions.agree_at_home(row, by=unverified, at=LATER)
    assert actions.agree_at_home(row, by=door.owner, at=LATER).person == willow.daughter


def test_a_refusal_has_a_reason_and_leaves_no_number(willow: Willow, door: Flat) -> None:
    row = arrive(door.code, identity=GOOD_NUMBER)
    with pytest.raises(Refused, match="为什么"):
        actions.refuse(row, "", by=door.owner, at=LATER)
    with pytest.raises(Refused, match="原因"):
        actions.refuse(row, Refusal.NOT_HERE, by=door.owner, at=LATER, words="我是何美玲")
    row = actions.refuse(row, Refusal.NOT_HERE, by=door.owner, at=LATER)
    row.refresh_from_db()
    assert (row.state, row.phone, row.identity, row.name) == ("refused", "", "", "鲁**")
    with pytest.raises(Refused, match="已经有结果"):
        actions.agree_at_home(row, by=door.owner, at=LATER)
    assert not Person.objects.filter(name="鲁新来").exists()


def test_what_nobody_answers_lapses_and_is_removed_a_month_later(willow: Willow, door: Flat) -> None:
    row = arrive(door.code)
    over = row.ends_at
    with pytest.raises(Refused, match="过期"):
        actions.agree_as_worker(row, by=willow.li, at=over)
    assert actions.run_clocks(over)["lapsed"] == 1
    assert not Todo.objects.open().filter(key=row.subject).exists()
    assert Newcomer.objects.count() == 1
    assert actions.run_clocks(over + timedelta(days=30))["removed"] == 1
    assert Newcomer.objects.count() == 0
    assert actions.run_clocks(over + timedelta(days=30))["removed"] == 0


def test_a_phone_a_device_a_home_and_a_network_have_limits(willow: Willow, door: Flat) -> None:
    homes = [places.plant("home", f"{n}01室", willow.building) for n in range(11, 18)]
    codes = places.issue_codes(homes, by=willow.sun, at=MONDAY) or [home.codes.get() for home in homes]
    codes = [home.codes.get() for home in homes]
    for code in codes[:3]:
        arrive(code, device=code.token)
    with pytest.raises(Refused, match="手机号"):
        arrive(codes[3], device="another")
    for number, code in enumerate(codes[:5]):
        arrive(code, phone=f"1390000010{number}", name="别的人", device="one")
    with pytest.raises(Refused, match="次数太多"):
        arrive(codes[5], phone="13900000109", name="别的人", device="one")
    arrive(codes[5], MONDAY + timedelta(days=1, minutes=1), phone="13900000109", name="别的人", device="one")


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"identity": "110105194912310021"}, "校验|最后一位|不对"),
        ({"identity": "1101051949123100"}, "位"),
        ({"phone": "1390000"}, "11 位|手机"),
        ({"phone": ""}, "手机号"),
        ({"name": "王5"}, "姓名|名字"),
        ({"tenure": "owner"}, "产权证"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(door: Flat, more: dict[str, str], word: str) -> None:
    with pytest.raises(Refused, match=word):
        arrive(door.code, **more)
    assert not Newcomer.objects.exists()


def test_full_width_digits_fifteen_digits_a_passport_and_rare_names_are_read(door: Flat) -> None:
    one = arrive(
        door.code,
        name="𬱖䶮",
        phone="１３９０００００１２１",
        identity="１１０１０５１９４９１２３１００２ｘ",
    )
    assert (one.phone, one.identity, one.masked) == ("13900000121", GOOD_NUMBER, "𬱖*")
    two = arrive(
        door.code, name="Anna Müller", phone="13900000122", identity="C01X00T47", identity_kind="passport",
        device="b",
    )  # fmt: skip
    assert two.identity == "C01X00T47"


def test_an_old_code_and_the_code_of_something_else_register_nobody(willow: Willow, door: Flat) -> None:
    lamp = places.issue_code(willow.lamp, by=willow.sun, at=MONDAY)
    with pytest.raises(Refused, match="住的那一户"):
        arrive(lamp)
    places.replace_code(door.home, by=willow.sun, at=MONDAY)
    door.code.refresh_from_db()
    with pytest.raises(Refused, match="作废"):
        arrive(door.code)


def test_a_newcomer_takes_it_back(door: Flat) -> None:
    row = arrive(door.code)
    for _twice in range(2):
        row = actions.withdraw_newcomer(row, LATER)
    assert (row.state, row.phone) == ("withdrawn", "")


def test_looks_at_a_registration_are_read_by_the_person_it_became(willow: Willow, door: Flat) -> None:
    row = arrive(door.code)
    actions.shown_to_occupant([row], door.owner, MONDAY)
    row = actions.agree_at_home(row, by=door.owner, at=LATER)
    assert row.person is not None
    seen = Seen.objects.about(subjects_of(row.person.subject)).get()
    assert seen.look.fields == "姓名、哪天住进来"
    assert door.owner.name not in seen.look.looker_words
