"""One matter, several people: me-too, merge and split with their undo; who may open what."""

import pytest

from linli.base.errors import Refused
from linli.cases import actions
from linli.cases.actions import Portion, Verdict
from linli.cases.models import Case, Check
from linli.cases.rules import State
from linli.cases.tests.rows import DAY, DONE, HOUR, dispatched, filed, resolved, said
from linli.duties.models import Category
from linli.notices.models import Notice
from linli.organisations.models import Membership
from linli.people.models import Person
from linli.todos.models import Todo
from tests.cast import MONDAY, Willow

pytestmark = pytest.mark.django_db


def roles(person: Person) -> list[Membership]:
    return list(Membership.objects.current(person, MONDAY.date()))


def test_me_too_counts_once_and_neighbours_hear_when_it_is_done(willow: Willow) -> None:
    case, _order = dispatched(willow)
    with pytest.raises(Refused):
        actions.support(case, willow.neighbour, at=MONDAY)  # nobody has looked over what is public yet
    actions.moderate(case, by=willow.sun, at=MONDAY)
    with pytest.raises(Refused):
        actions.support(case, willow.zhang, at=MONDAY)
    for _n in range(2):
        actions.support(case, willow.neighbour, at=MONDAY)
    actions.follow(case, willow.daughter, at=MONDAY)
    assert case.supports == 1
    actions.resolve(case, DONE, by=willow.zhao, at=MONDAY + HOUR)
    assert Notice.objects.filter(person=willow.neighbour, key__contains=":resolved:").exists()
    assert Notice.objects.filter(person=willow.daughter, key__contains=":resolved:").exists()
    actions.unfollow(case, willow.neighbour, at=MONDAY + HOUR)
    assert case.supports == 0


def test_who_only_follows_and_who_stood_by_a_merged_case_hear_it_too(willow: Willow) -> None:
    mine, theirs = filed(willow), filed(willow, by=willow.neighbour)
    for case in (mine, theirs):
        actions.moderate(case, by=willow.sun, at=MONDAY)
    actions.follow(mine, willow.chen, at=MONDAY)
    actions.support(theirs, willow.daughter, at=MONDAY)
    actions.merge(theirs, mine, by=willow.sun, at=MONDAY)
    actions.dispatch(mine, willow.property, by=willow.sun, at=MONDAY)
    actions.resolve(mine, DONE, by=willow.zhao, at=MONDAY + HOUR)
    told = set(Notice.objects.filter(key__contains=":resolved:").values_list("person", flat=True))
    assert told == {willow.chen.pk, willow.daughter.pk}


def test_merged_reporters_are_each_told_and_asked_separately(willow: Willow) -> None:
    mine = filed(willow)
    theirs = filed(willow, by=willow.neighbour)
    with pytest.raises(Refused):
        actions.merge(theirs, mine, by=willow.zhao, at=MONDAY)
    actions.merge(theirs, mine, by=willow.sun, at=MONDAY)
    assert (theirs.state, theirs.parent, theirs.closed_at) == (State.MERGED, mine, MONDAY)
    assert Notice.objects.filter(person=willow.neighbour, key__contains=":merged:").exists()
    actions.dispatch(mine, willow.property, by=willow.sun, at=MONDAY)
    actions.resolve(mine, DONE, by=willow.zhao, at=MONDAY + HOUR)
    assert {answer.person for answer in mine.verdicts.all()} == {willow.zhang, willow.neighbour}
    actions.confirm(mine, willow.zhang, Verdict("solved", 5), by=willow.zhang, at=MONDAY + DAY)
    assert mine.state == State.RESOLVED  # the neighbour has not spoken yet
    actions.confirm(theirs, willow.neighbour, Verdict("partly", 3), by=willow.neighbour, at=MONDAY + DAY)
    mine.refresh_from_db()
    assert mine.state == State.PARTLY


def test_a_wrong_merge_is_undone_with_the_clock_the_case_always_had(willow: Willow) -> None:
    mine, theirs = filed(willow), filed(willow, by=willow.neighbour)
    due = theirs.due
    actions.merge(theirs, mine, by=willow.sun, at=MONDAY)
    with pytest.raises(Refused):
        actions.unmerge(theirs, by=willow.sun, at=MONDAY + HOUR, reason="")
    actions.unmerge(theirs, by=willow.sun, at=MONDAY + HOUR, reason="不是同一盏灯")
    assert (theirs.state, theirs.parent, theirs.closed_at, theirs.due) == (State.FILED, None, None, due)
    assert theirs.remind_at is not None
    waiting = Todo.objects.filter(key__startswith=f"{theirs.subject}:intake").open()
    assert waiting.count() == 1


def test_merging_stays_within_one_community_and_with_what_goes_on(willow: Willow) -> None:
    mine = filed(willow)
    elsewhere = actions.file(said(willow, place=willow.elsewhere), by=willow.neighbour, at=MONDAY)
    with pytest.raises(Refused, match="同一个社区"):
        actions.merge(mine, elsewhere, by=willow.sun, at=MONDAY)
    with pytest.raises(Refused):
        actions.merge(mine, mine, by=willow.sun, at=MONDAY)
    done = resolved(willow)
    actions.confirm(done, willow.zhang, Verdict("solved"), by=willow.zhang, at=MONDAY + DAY)
    with pytest.raises(Refused, match="已经结束"):
        actions.merge(mine, done, by=willow.sun, at=MONDAY + DAY)


def test_a_speaker_lets_theirs_join_an_earlier_one(willow: Willow) -> None:
    earlier, mine = filed(willow), filed(willow, by=willow.neighbour)
    with pytest.raises(Refused):
        actions.join(mine, earlier, by=willow.zhang, at=MONDAY)
    actions.join(mine, earlier, by=willow.neighbour, at=MONDAY)
    assert mine.parent == earlier
    with pytest.raises(Refused, match="邻居"):
        actions.withdraw(earlier, by=willow.zhang, at=MONDAY)


def test_a_mixed_case_is_split_into_linked_parts_each_with_its_own_duty_and_the_old_clock(
    willow: Willow,
) -> None:
    case = filed(willow, text="路灯不亮，门口垃圾也没人收")
    litter = Category.objects.get(code="sanitation.sorting")
    with pytest.raises(Refused):
        actions.split(case, [], by=willow.sun, at=MONDAY + HOUR)
    (part,) = actions.split(case, [Portion("门口垃圾没人收", litter)], by=willow.sun, at=MONDAY + DAY)
    assert (part.split_from, part.reporter, part.filed_at, part.category) == (
        case,
        willow.zhang,
        MONDAY,
        litter,
    )
    assert part.proposed_lead == willow.street_office
    assert part.number != case.number
    actions.unsplit(part, by=willow.sun, at=MONDAY + DAY, reason="一家就能办")
    assert (part.state, part.parent) == (State.MERGED, case)


def test_who_may_open_a_case(willow: Willow) -> None:
    case, _order = dispatched(willow)
    sees = {
        name: Case.objects.seen_by(person, roles(person), MONDAY).filter(pk=case.pk).exists()
        for name, person in willow.everyone().items()
    }
    assert {name for name, may in sees.items() if may} == {"zhang", "li", "sun", "wang", "zhao"}
    assert not Case.objects.seen_by(None, [], MONDAY).exists()
    assert not Case.objects.handled_by([]).exists()


def test_units_and_desks_have_lists_that_hold_theirs_alone(willow: Willow) -> None:
    case, order = dispatched(willow)
    assert list(Case.objects.in_scope_of(roles(willow.sun))) == [case]
    assert not Case.objects.in_scope_of(roles(willow.stranger)).exists()
    assert not Case.objects.in_scope_of(roles(willow.qian)).exists()  # above the community by orders alone
    assert list(order.__class__.objects.open_for(roles(willow.zhao))) == [order]
    assert not order.__class__.objects.open_for(roles(willow.auditor)).exists()


def test_cases_are_found_at_every_place_above_them_and_by_number_or_words(willow: Willow) -> None:
    case = filed(willow)
    for place in (willow.lamp, willow.estate, willow.community, willow.street, willow.district):
        assert case in Case.objects.within(place)
    assert case not in Case.objects.within(willow.elsewhere)
    assert list(Case.objects.all().matching(case.number)) == [case]
    assert list(Case.objects.all().matching("20260309")) == [case]
    assert list(Case.objects.all().matching("老人出门")) == [case]
    assert not Case.objects.all().matching("20260308").exists()


def test_words_are_looked_for_among_the_newest_and_numbers_among_all(
    willow: Willow, monkeypatch: pytest.MonkeyPatch
) -> None:
    older, newer = filed(willow), filed(willow, text="老人出门要过的台阶松了")
    both = Case.objects.in_scope_of(roles(willow.sun))
    assert {case.pk for case in both.matching("老人出门")} == {older.pk, newer.pk}
    monkeypatch.setattr("linli.cases.models.case.SEARCHED", 1)
    assert list(both.matching("老人出门")) == [newer]
    assert list(both.matching(older.number)) == [older]


def test_overdue_is_computed_from_the_limit_and_a_time(willow: Willow) -> None:
    case, _order = dispatched(willow)
    assert case not in Case.objects.overdue(case.due)
    assert case in Case.objects.overdue(case.due + HOUR)
    assert case.is_overdue(case.due + HOUR)
    actions.resolve(case, DONE, by=willow.zhao, at=MONDAY + HOUR)
    assert case not in Case.objects.overdue(case.due + HOUR)


def test_undoing_a_merge_asks_no_more_and_lets_the_others_decide(willow: Willow) -> None:
    mine, theirs = filed(willow), filed(willow, by=willow.neighbour)
    actions.merge(theirs, mine, by=willow.sun, at=MONDAY)
    actions.dispatch(mine, willow.property, by=willow.sun, at=MONDAY)
    actions.resolve(mine, DONE, by=willow.zhao, at=MONDAY + HOUR)
    actions.confirm(mine, willow.zhang, Verdict("solved", 5), by=willow.zhang, at=MONDAY + DAY)
    actions.unmerge(theirs, by=willow.sun, at=MONDAY + DAY + HOUR, reason="不是同一盏灯")
    mine.refresh_from_db()
    assert (mine.state, mine.closed_at) == (State.CONFIRMED, MONDAY + DAY + HOUR)
    assert not Todo.objects.filter(key__startswith="cases.Answer:").open().exists()


def test_undoing_the_merge_of_two_cases_of_one_asker_still_asks_them_about_the_one(willow: Willow) -> None:
    mine, other = filed(willow), filed(willow, text="门口垃圾没人收")
    actions.merge(other, mine, by=willow.sun, at=MONDAY)
    actions.dispatch(mine, willow.property, by=willow.sun, at=MONDAY)
    actions.resolve(mine, DONE, by=willow.zhao, at=MONDAY + HOUR)
    actions.unmerge(other, by=willow.sun, at=MONDAY + HOUR, reason="不是一回事")
    assert [answer.person for answer in mine.verdicts.filter(outcome="")] == [willow.zhang]


def test_where_the_only_asker_leaves_another_body_looks(willow: Willow) -> None:
    found, theirs = actions.file(said(willow), by=None, at=MONDAY), filed(willow, by=willow.neighbour)
    actions.merge(theirs, found, by=willow.sun, at=MONDAY)
    actions.dispatch(found, willow.property, by=willow.sun, at=MONDAY)
    actions.resolve(found, DONE, by=willow.zhao, at=MONDAY + HOUR)
    assert not found.checks.exists()
    actions.unmerge(theirs, by=willow.sun, at=MONDAY + DAY, reason="不是同一盏灯")
    assert found.checks.get().organisation == willow.checkers


def test_nobody_is_sent_to_look_at_what_was_merged_elsewhere(willow: Willow) -> None:
    found, theirs = actions.file(said(willow), by=None, at=MONDAY), filed(willow, by=willow.neighbour)
    actions.dispatch(found, willow.property, by=willow.sun, at=MONDAY)
    actions.resolve(found, DONE, by=willow.zhao, at=MONDAY + HOUR)
    assert found.checks.get().checked_at is None
    actions.merge(found, theirs, by=willow.sun, at=MONDAY + DAY)
    assert not Check.objects.exists()
    assert not Todo.objects.filter(key__startswith="cases.Check:").open().exists()


def test_who_was_merged_adds_to_and_comes_back_to_the_case_in_which_it_goes_on(willow: Willow) -> None:
    mine, theirs = filed(willow), filed(willow, by=willow.neighbour)
    actions.merge(theirs, mine, by=willow.sun, at=MONDAY)
    actions.dispatch(mine, willow.property, by=willow.sun, at=MONDAY)
    actions.ask_more(mine, "哪一盏？", by=willow.sun, at=MONDAY)
    actions.tell_more(theirs, "我这边又摔了一个人", by=willow.neighbour, at=MONDAY + HOUR)
    mine.refresh_from_db()
    assert mine.events.get(verb="told_more").by == willow.neighbour
    assert mine.update_due is not None
    assert mine.asked_more_at == MONDAY  # what 张阿姨 was asked still waits for her
    actions.resolve(mine, DONE, by=willow.zhao, at=MONDAY + 2 * HOUR)
    for person in (willow.zhang, willow.neighbour):
        actions.confirm(mine, person, Verdict("solved"), by=person, at=MONDAY + DAY)
    actions.reopen(theirs, "又灭了", by=willow.neighbour, at=MONDAY + 2 * DAY)
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.state, mine.round, theirs.state) == (State.ASSIGNED, 2, State.MERGED)
