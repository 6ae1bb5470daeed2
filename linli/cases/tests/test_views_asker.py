"""What the person who asked can do on their page, what the public reads, and what nobody else finds."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from linli.attachments import actions as attachments
from linli.attachments.models import Attachment
from linli.cases import actions
from linli.cases.models import Answer, Case
from linli.cases.rules import Outcome, State, Visibility
from linli.cases.tests.pages import count_queries, newest, photo, say, text_of
from linli.cases.tests.rows import DAY, HOUR, dispatched, filed, resolved
from linli.people import actions as people
from linli.people.models import Proxy
from tests.cast import Willow
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db


def resolved_now(willow: Willow, **more: object) -> Case:
    return resolved(willow, at=timezone.now() - 6 * HOUR, **more)


def shown(willow: Willow, **more: object) -> Case:
    case = filed(willow, at=timezone.now() - HOUR, **more)
    return actions.moderate(case, by=willow.sun, at=timezone.now())


def test_the_asker_confirms_with_one_tap_that_is_a_rating_too(willow: Willow) -> None:
    """E03: only who asked says whether it is solved."""
    case = resolved_now(willow)
    zhang = signed_in(willow.zhang)
    page = text_of(zhang.get(case.address))
    assert "解决了吗？" in page
    assert 'name="rating" value="5"' in page
    assert zhang.post(f"{case.address}confirm/", {"rating": "5", "words": ""}).status_code == 302
    case.refresh_from_db()
    answer = Answer.objects.get()
    assert (case.state, answer.outcome, answer.rating) == (State.CONFIRMED, Outcome.SOLVED, 5)
    again = text_of(zhang.get(case.address))
    assert "您说的是：解决了" in again
    assert 'name="rating"' not in again


def test_not_solved_tapped_in_a_list_opens_the_page_for_the_words_and_starts_another_round(
    willow: Willow,
) -> None:
    case = resolved_now(willow)
    zhang = signed_in(willow.zhang)
    tapped = zhang.post(f"{case.address}confirm/", {"outcome": "not_solved"})
    assert tapped["Location"] == f"{case.address}?not=1#verdict"
    assert '<details class="explain" open>' in text_of(zhang.get(f"{case.address}?not=1"))
    empty = zhang.post(f"{case.address}confirm/", {"outcome": "not_solved", "words": " "})
    assert empty.status_code == 409
    assert "哪里没解决" in text_of(empty)
    said = {"outcome": "not_solved", "words": "晚上又灭了"}
    assert zhang.post(f"{case.address}confirm/", said).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.round) == (State.ASSIGNED, 2)
    assert "晚上又灭了" not in text_of(Client().get(case.address))


def test_being_urged_goes_along_and_no_handler_ever_reads_it(willow: Willow) -> None:
    case = resolved_now(willow)
    signed_in(willow.zhang).post(
        f"{case.address}confirm/", {"rating": "3", "was_urged": "1", "words": "催了"}
    )
    assert Answer.objects.get().was_urged
    for worker in (willow.zhao, willow.sun, willow.wang):
        page = text_of(signed_in(worker).get(case.address))
        assert "催我点" not in page
        assert "被催" not in page


def test_who_tapped_in_a_list_rates_later_and_says_in_one_tap_that_somebody_urged(willow: Willow) -> None:
    case, zhang = resolved_now(willow), signed_in(willow.zhang)
    zhang.post(f"{case.address}confirm/", {"outcome": "solved"})
    page = text_of(zhang.get(case.address))
    assert "您满意不满意" in page
    zhang.post(f"{case.address}confirm/", {"outcome": "solved", "rating": "4"})
    assert "您满意不满意" not in text_of(zhang.get(case.address))
    before = text_of(zhang.get(case.address))
    zhang.post(f"{case.address}confirm/", {"outcome": "solved", "was_urged": "1"})
    answer = Answer.objects.get()
    assert (answer.rating, answer.was_urged) == (4, True)
    # Whoever looks over the asker's shoulder reads on their page what stood there before.
    assert before.count("有人催我点") == text_of(zhang.get(case.address)).count("有人催我点") == 1


def test_who_did_the_work_cannot_answer_for_the_asker(willow: Willow) -> None:
    case = resolved_now(willow)
    for worker in (willow.zhao, willow.sun, willow.neighbour):
        answer = signed_in(worker).post(f"{case.address}confirm/", {"rating": "5"})
        assert answer.status_code == 404
    assert Answer.objects.get().outcome == ""


def test_a_neighbour_whose_matter_was_merged_is_asked_on_their_own_page(willow: Willow) -> None:
    now = timezone.now()
    standing, _order = dispatched(willow, at=now - 6 * HOUR)
    theirs = filed(willow, by=willow.neighbour, at=now - 5 * HOUR)
    actions.merge(theirs, standing, by=willow.sun, at=now - 4 * HOUR)
    actions.resolve(standing, "换了灯泡，晚上亮。", by=willow.zhao, at=now - HOUR)
    neighbour = signed_in(willow.neighbour)
    there = neighbour.get(standing.address)
    assert there["Location"] == theirs.address
    page = text_of(neighbour.get(theirs.address))
    assert "解决了吗？" in page
    assert "换了灯泡" in page
    todo_tap = neighbour.post(f"{standing.address}confirm/", {"rating": "4"})
    assert todo_tap.status_code == 302
    assert standing.verdicts.get(person=willow.neighbour).rating == 4
    assert standing.verdicts.get(person=willow.zhang).outcome == ""
    for reader in (signed_in(willow.zhao), signed_in(willow.zhang)):
        assert "提出人回答" not in text_of(reader.get(standing.address)), (
            "one of two answered: who has not is told"
        )
    signed_in(willow.zhang).post(f"{standing.address}confirm/", {"rating": "4"})
    assert f"{theirs.address}reopen/" in text_of(neighbour.get(theirs.address))
    assert neighbour.post(f"{theirs.address}reopen/", {"words": "又灭了"}).status_code == 302
    standing.refresh_from_db()
    assert standing.round == 2
    assert f"{theirs.address}tell-more/" in text_of(neighbour.get(theirs.address))


def test_telling_more_withdrawing_reopening_and_keeping_private(willow: Willow) -> None:
    case = filed(willow, at=timezone.now() - HOUR)
    zhang = signed_in(willow.zhang)
    more = {"words": "北边那盏也灭了", "photos": photo()}
    assert zhang.post(f"{case.address}tell-more/", more).status_code == 302
    assert case.events.filter(words="北边那盏也灭了").exists()
    assert attachments.of(case.subject).count() == 1
    assert zhang.post(f"{case.address}keep-private/").status_code == 302
    case.refresh_from_db()
    assert case.visibility == Visibility.PRIVATE
    assert zhang.post(f"{case.address}withdraw/", {"words": "自己修好了"}).status_code == 302
    case.refresh_from_db()
    assert case.state == State.WITHDRAWN
    assert f"{case.address}withdraw/" not in text_of(zhang.get(case.address))
    done = resolved_now(willow)
    actions.confirm(done, willow.zhang, actions.Verdict("solved"), by=willow.zhang, at=timezone.now())
    assert "请重新办" in text_of(zhang.get(done.address))
    assert zhang.post(f"{done.address}reopen/", {"words": "又灭了"}).status_code == 302
    done.refresh_from_db()
    assert done.round == 2


def test_words_that_are_too_long_are_refused_whole_never_cut(willow: Willow) -> None:
    case = filed(willow, at=timezone.now() - HOUR)
    long = "很" * 2001
    answer = signed_in(willow.zhang).post(f"{case.address}tell-more/", {"words": long})
    assert answer.status_code == 409
    assert long in text_of(answer)


def test_whoever_holds_the_slip_of_a_case_they_filed_themselves_can_confirm(
    willow: Willow, client: Client
) -> None:
    say(client, willow.estate, name="老周", phone="13900000009")
    case, now = newest(), timezone.now()
    actions.dispatch(case, willow.property, by=willow.sun, at=now)
    actions.resolve(case, "换了灯泡，晚上亮。", by=willow.zhao, at=now)
    other = Client()
    page = text_of(other.get(f"/cases/r/{case.receipt}/"))
    assert 'name="rating" value="5"' in page
    form = {"rating": "5", "key": case.receipt}
    done = other.post(f"{case.address}confirm/", form)
    assert done["Location"] == f"/cases/r/{case.receipt}/"
    assert Answer.objects.get().rating == 5


def test_the_slip_of_a_case_that_a_worker_wrote_down_reads_on_but_does_not_confirm(
    willow: Willow, client: Client
) -> None:
    """The worker saw the slip too: nobody confirms their own body's work with it."""
    now = timezone.now()
    said = actions.Said(text="3幢门前灯坏了", place=willow.lamp, channel="telephone")
    case = actions.file_for(said, resident=willow.chen, by=willow.li, at=now - 6 * HOUR)
    actions.dispatch(case, willow.property, by=willow.sun, at=now - 5 * HOUR)
    actions.resolve(case, "换了灯泡，晚上亮。", by=willow.zhao, at=now - HOUR)
    page = text_of(client.get(f"/cases/r/{case.receipt}/"))
    assert 'name="rating"' not in page
    assert "会有人打电话问您" in page
    answer = client.post(f"{case.address}confirm/", {"rating": "5", "key": case.receipt})
    assert answer.status_code == 409
    assert case.verdicts.get().outcome == ""


def test_family_confirm_with_the_scope_and_not_without(willow: Willow) -> None:
    now = timezone.now()
    said = actions.Said(text="3幢门前灯坏了", place=willow.lamp)
    proxy = people.grant_proxy(willow.chen, willow.daughter, Proxy.Scope.CASES, willow.chen, now - DAY)
    case = actions.file(said, by=willow.daughter, reporter=willow.chen, at=now - 6 * HOUR)
    actions.dispatch(case, willow.property, by=willow.sun, at=now - 5 * HOUR)
    actions.resolve(case, "换了灯泡，晚上亮。", by=willow.zhao, at=now - HOUR)
    daughter = signed_in(willow.daughter)
    assert daughter.post(f"{case.address}confirm/", {"rating": "4"}).status_code == 302
    assert case.verdicts.get().taken_by == willow.daughter
    people.revoke_proxy(proxy, willow.chen, timezone.now())
    assert daughter.get(case.address).status_code == 404


def test_the_public_page_names_no_asker_no_number_and_no_room(willow: Willow, client: Client) -> None:
    text = "我是张秀英，住3幢502室，电话13800000001，楼下路灯不亮"
    case = shown(willow, text=text)
    page = text_of(client.get(case.address))
    assert "路灯不亮" in page
    for secret in ("张秀英", "13800000001", "502", willow.home.full_name):
        assert secret not in page, secret


def test_what_is_not_public_is_not_found_by_a_stranger(willow: Willow, client: Client) -> None:
    case = filed(willow, at=timezone.now())
    for reader in (client, signed_in(willow.neighbour), signed_in(willow.stranger)):
        assert reader.get(case.address).status_code == 404
        assert reader.get(f"{case.address}said/").status_code == 404
    assert client.get("/cases/222222222222/").status_code == 404


def test_me_too_and_following_count_once_and_are_taken_back(willow: Willow, client: Client) -> None:
    case = shown(willow)
    neighbour = signed_in(willow.neighbour)
    for _twice in range(2):
        assert neighbour.post(f"{case.address}support/").status_code == 302
    assert "有 1 位邻居也遇到" in text_of(client.get(case.address))
    followed = text_of(neighbour.get("/cases/mine/", {"show": "followed"}))
    assert case.shown_title in followed
    assert neighbour.post(f"{case.address}unfollow/").status_code == 302
    assert "有 1 位" not in text_of(client.get(case.address))
    assert client.post(f"{case.address}support/").status_code == 302  # to sign in first
    assert neighbour.post(f"{case.address}follow/").status_code == 302
    own = signed_in(willow.zhang).post(f"{case.address}support/")
    assert own.status_code == 409


def test_files_are_seen_as_far_as_their_page(willow: Willow, client: Client) -> None:
    """E09: nothing that shows a person or place is public before somebody looked at it."""
    mine = signed_in(willow.zhang)
    say(mine, willow.estate, photos=[photo()])
    case, row = newest(), Attachment.objects.get()
    address = f"/files/{row.token}/"
    assert mine.get(address).status_code == 200
    assert signed_in(willow.sun).get(address).status_code == 200
    assert client.get(address).status_code == 404
    assert signed_in(willow.stranger).get(address).status_code == 404
    assert client.get(address, {"key": case.receipt}).status_code == 200
    actions.moderate(case, by=willow.sun, at=timezone.now())
    assert client.get(address).status_code == 404
    attachments.release(row, timezone.now())
    assert client.get(address).status_code == 200
    draft = attachments.attach(photo("b.jpg", "red"), "cases.Draft:abc", "before", timezone.now(), "")
    for reader in (client, mine, signed_in(willow.sun)):
        assert reader.get(f"/files/{draft.token}/").status_code == 404


def test_my_list_is_paged_and_costs_the_same_for_two_and_for_twenty(willow: Willow) -> None:
    zhang = signed_in(willow.zhang)
    now = timezone.now()
    for number in range(2):
        filed(willow, at=now - timedelta(minutes=number), text=f"第{number}件事，路灯坏了")
    with_two = count_queries(zhang, "/cases/mine/")
    for number in range(2, 23):
        filed(willow, at=now - timedelta(minutes=number), text=f"第{number}件事，路灯坏了")
    assert count_queries(zhang, "/cases/mine/") == with_two
    first = zhang.get("/cases/mine/")
    assert len(first.context["lines"]) == 20
    rest = zhang.get("/cases/mine/", {"after": first.context["page"].after})
    assert len(rest.context["lines"]) == 3
    assert "说一件事" in text_of(signed_in(willow.neighbour).get("/cases/mine/"))


def test_reading_changes_nothing(willow: Willow, client: Client) -> None:
    case = shown(willow)
    version = case.version
    zhang, neighbour = signed_in(willow.zhang), signed_in(willow.neighbour)
    for reader, address in (
        (zhang, case.address), (neighbour, case.address), (client, case.address), (client, f"/cases/r/{case.receipt}/"),
    ):  # fmt: skip
        assert reader.get(address).status_code == 200
    assert "sessionid" not in client.cookies
    for verb in ("confirm", "withdraw", "tell-more", "reopen", "keep-private", "support", "follow", "same"):
        assert zhang.get(f"{case.address}{verb}/").status_code in {405, 404}, verb
    case.refresh_from_db()
    assert case.version == version
