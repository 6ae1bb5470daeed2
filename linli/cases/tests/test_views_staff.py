"""The workbench: the desk, orders, rulings, checks and calls, each through its page and by whom it may be done."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from linli.attachments import actions as attachments
from linli.attachments.models import Attachment
from linli.cases import actions
from linli.cases.models import Asking, CallBack, Case, Check
from linli.cases.rules import State, Visibility
from linli.cases.tests.pages import count_queries, form_for, newest, once_in, photo, say, text_of
from linli.cases.tests.rows import DONE, HOUR, dispatched, filed, resolved
from linli.duties.models import DutyLine
from linli.todos.models import Todo
from linli.trail import actions as trail
from linli.trail.models import Look, Reveal
from tests.cast import Willow
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db
DESK = "/cases/desk/"


def filed_now(willow: Willow, **more: object) -> Case:
    return filed(willow, at=timezone.now() - HOUR, **more)


def test_staff_of_another_community_find_none_of_it(willow: Willow) -> None:
    case, order = dispatched(willow, at=timezone.now() - HOUR)
    stranger = signed_in(willow.stranger)
    assert stranger.get(case.address).status_code == 404
    assert case.title not in text_of(stranger.get(DESK))
    for verb in (
        "accept",
        "dispatch",
        "transfer",
        "moderate",
        "reveal",
        "sign",
        "resolve",
        "note",
        "decline",
        "merge",
    ):
        assert stranger.post(f"{case.address}{verb}/", {"order": order.pk}).status_code == 404, verb


def test_residents_and_strangers_find_no_workbench(willow: Willow, client: Client) -> None:
    zhang = signed_in(willow.zhang)
    for name in ("desk", "orders", "moderation", "checks", "rulings", "intake", "intake/chat"):
        address = f"/cases/{name}/"
        assert zhang.get(address).status_code == 404, name
        assert client.get(address).status_code == 302, name
    assert signed_in(willow.zhao).get(DESK).status_code == 404
    assert signed_in(willow.auditor).get("/cases/orders/").status_code == 404


def test_the_desk_lists_by_state_finds_words_and_numbers_and_turns_pages(willow: Willow) -> None:
    sun = signed_in(willow.sun)
    assert "先从上面记一件" in text_of(sun.get(DESK))
    for number in range(23):
        filed_now(willow, text=f"第{number}号楼道灯坏了")
    taken = newest()
    actions.accept(taken, by=willow.sun, at=timezone.now())
    first = sun.get(DESK)
    assert f"{willow.estate} · {taken.place}" in first.text  # every estate has a "3幢"
    assert len(first.context["rows"]) == 20
    assert len(sun.get(DESK, {"after": first.context["page"].after}).context["rows"]) == 3
    accepted = sun.get(DESK, {"state": "accepted"})
    assert [case.pk for case in accepted.context["page"].rows] == [taken.pk]
    assert [c.pk for c in sun.get(DESK, {"q": taken.number}).context["page"].rows] == [taken.pk]
    assert len(sun.get(DESK, {"q": "第7号楼道"}).context["rows"]) == 1
    assert "没有符合的" in text_of(sun.get(DESK, {"q": "没有人说过"}))
    assert sun.get(DESK, {"state": "'; drop"}).status_code == 200


def test_the_desk_costs_the_same_for_five_and_for_fifty(willow: Willow) -> None:
    sun = signed_in(willow.sun)
    for number in range(5):
        filed_now(willow, text=f"第{number}件")
    few = count_queries(sun, DESK)
    for number in range(45):
        filed_now(willow, text=f"另外第{number}件")
    assert count_queries(sun, DESK) == few
    assert few <= 7


def test_a_drawn_row_follows_its_case_and_the_readers_language(willow: Willow) -> None:
    case, sun = filed_now(willow), signed_in(willow.sun)
    assert "等社区受理" in text_of(sun.get(DESK))
    actions.accept(case, by=willow.sun, at=timezone.now())
    page = text_of(sun.get(DESK))
    assert "等社区受理" not in page
    assert "已受理" in page
    sun.cookies["language"] = "en"
    assert "已受理" not in text_of(sun.get(DESK))


def test_orders_stand_by_what_is_due_and_open_for_their_own_body_only(willow: Willow) -> None:
    case, _order = dispatched(willow, at=timezone.now() - HOUR)
    page = text_of(signed_in(willow.zhao).get("/cases/orders/"))
    assert case.title in page
    assert "等您单位签收" in page
    assert case.title not in text_of(signed_in(willow.urban).get("/cases/orders/"))


def test_a_worker_sees_what_where_by_when_and_the_one_next_tap(willow: Willow) -> None:
    case, _order = dispatched(willow, at=timezone.now() - HOUR)
    zhao = signed_in(willow.zhao)
    steps = [("sign", "签收"), ("start", "开始办"), ("resolve", "办好了，去答复")]
    for verb, words in steps:
        page = text_of(zhao.get(case.address))
        first = page[page.index("<h1>") : page.index("说了什么")]
        assert words in first
        assert willow.lamp.name in first
        assert first.count("btn-primary") == 1
        fields = {"words": "", "answer": DONE} if verb == "resolve" else {"words": ""}
        assert zhao.post(f"{case.address}{verb}/", fields).status_code == 302
    case.refresh_from_db()
    assert case.state == State.RESOLVED
    assert "btn-primary" not in text_of(zhao.get(case.address)).split('id="main"')[1].split("</main>")[0]


def test_resolving_from_a_list_opens_the_page_and_an_empty_word_is_no_answer(willow: Willow) -> None:
    case, _order = dispatched(willow, at=timezone.now() - HOUR)
    zhao = signed_in(willow.zhao)
    assert zhao.post(f"{case.address}resolve/")["Location"].endswith("#resolve")
    mere = zhao.post(f"{case.address}resolve/", {"answer": "您反映的问题已收悉。"})
    assert mere.status_code == 409
    assert "您反映的问题已收悉" in text_of(mere)
    after = {"answer": DONE, "photos": photo("after.jpg", "white")}
    assert zhao.post(f"{case.address}resolve/", after).status_code == 302
    assert attachments.of(case.subject).get().role == "after"
    zhang = text_of(signed_in(willow.zhang).get(case.address))
    assert DONE in zhang
    assert "办理后" in zhang


def test_one_tap_dispatches_as_the_duty_list_says_and_the_page_gives_its_reason(willow: Willow) -> None:
    """E05: every computed thing shows its rule and inputs."""
    case, sun = filed_now(willow), signed_in(willow.sun)
    page = text_of(sun.get(case.address))
    assert "派给" in page
    assert "为什么是这个单位" in page
    assert all(line in page for line in case.because)
    tap = {"lead": willow.property.token, "as_proposed": "1"}
    assert sun.post(f"{case.address}dispatch/", tap).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.lead) == (State.ASSIGNED, willow.property)


def test_dispatch_with_a_co_unit_transfer_recall_and_decline_each_say_why(willow: Willow) -> None:
    case, sun = filed_now(willow), signed_in(willow.sun)
    assert sun.post(f"{case.address}dispatch/", {"lead": ""}).status_code == 409
    both = {"lead": willow.property.token, "assists": [willow.urban_management.token]}
    assert sun.post(f"{case.address}dispatch/", both).status_code == 302
    assert case.orders.open().count() == 2
    assert sun.post(f"{case.address}transfer/", {"to": willow.desk.token, "reason": ""}).status_code == 409
    moved = {"to": willow.desk.token, "reason": "灯属社区自管"}
    assert sun.post(f"{case.address}transfer/", moved).status_code == 302
    case.refresh_from_db()
    assert case.lead == willow.desk
    assert sun.post(f"{case.address}recall/", {"reason": "先核实"}).status_code == 302
    half = sun.post(f"{case.address}decline/", {"reason": "不在本辖区", "channel": ""})
    assert half.status_code == 409
    assert "不在本辖区" in text_of(half)
    full = {"reason": "不在本辖区", "channel": "请打 12345"}
    assert sun.post(f"{case.address}decline/", full).status_code == 302
    told = text_of(signed_in(willow.zhang).get(case.address))
    assert "请打 12345" in told


def test_a_co_unit_answers_for_itself_and_the_lead_sees_who_is_missing(willow: Willow) -> None:
    case, now = filed_now(willow), timezone.now()
    actions.dispatch(case, willow.property, [willow.urban_management], by=willow.sun, at=now)
    zhao, urban = signed_in(willow.zhao), signed_in(willow.urban)
    page = text_of(zhao.get(case.address))
    assert f"{willow.urban_management.name}</span>还没答复" in page
    assert zhao.post(f"{case.address}resolve/", {"answer": DONE}).status_code == 409
    assert urban.post(f"{case.address}sign/").status_code == 302
    assert "请答复自己那一份" in text_of(urban.get(case.address))
    assert urban.post(f"{case.address}answer/", {"answer": "占道的摊已经劝离。"}).status_code == 302
    assert zhao.post(f"{case.address}resolve/", {"answer": DONE}).status_code == 302


def test_merging_by_number_and_undoing_it_and_splitting_and_undoing_it(willow: Willow) -> None:
    one, other = filed_now(willow), filed_now(willow, by=willow.neighbour)
    sun = signed_in(willow.sun)
    wrong = sun.post(f"{other.address}merge/", {"into": "20200101-000001"})
    assert wrong.status_code == 409
    assert "20200101-000001" in text_of(wrong)
    assert sun.post(f"{other.address}merge/", {"into": one.number}).status_code == 302
    assert other.number in text_of(sun.get(one.address))
    assert sun.post(f"{other.address}unmerge/", {"reason": "不是同一盏"}).status_code == 302
    other.refresh_from_db()
    assert other.parent is None
    part = {"text": "楼道里堆了杂物", "category": "lighting.lamp_out"}
    assert sun.post(f"{one.address}split/", part).status_code == 302
    portion = newest()
    assert portion.split_from == one
    assert sun.post(f"{portion.address}unsplit/", {"reason": "一起办"}).status_code == 302


def test_parking_needs_a_reason_and_a_day_that_exists(willow: Willow) -> None:
    case, _order = dispatched(willow, at=timezone.now() - HOUR)
    zhao = signed_in(willow.zhao)
    for day in ("", "2026-02-30", "明天"):
        assert zhao.post(f"{case.address}pause/", {"reason": "等配件", "review_on": day}).status_code == 409
    soon = (timezone.localdate() + timedelta(days=9)).isoformat()
    assert zhao.post(f"{case.address}pause/", {"reason": "等配件", "review_on": soon}).status_code == 302
    page = text_of(zhao.get(case.address))
    assert "等配件" in page
    assert "恢复办理" in page
    assert zhao.post(f"{case.address}resume/").status_code == 302


def test_a_return_is_ruled_on_by_another_body_and_may_become_a_line(willow: Willow) -> None:
    """E06: the unit that asks never decides."""
    case, _order = dispatched(willow, at=timezone.now() - HOUR)
    zhao = signed_in(willow.zhao)
    asked = {"code": "not_our_duty", "reason": "路灯归市政", "photos": photo()}
    assert zhao.post(f"{case.address}ask-return/", asked).status_code == 302
    asking = Asking.objects.get()
    judge = next(
        p for p in willow.everyone().values() if p.memberships.filter(organisation=asking.arbiter).exists()
    )
    arbiter = signed_in(judge)
    assert "路灯归市政" in text_of(arbiter.get("/cases/rulings/"))
    assert "不属于本单位职责" in text_of(arbiter.get(case.address))
    assert zhao.post(f"{case.address}rule/", {"asking": asking.pk, "granted": "1"}).status_code == 404
    refuse = next(act for act in Todo.objects.get(key=asking.key).acts if act["label"] == "不同意")
    in_list = arbiter.post(
        refuse["address"], refuse["fields"], follow=True
    )  # a tap leads to where the words go
    assert in_list.redirect_chain == [(f"{case.address}?work=1#asking-{asking.pk}", 302)]
    assert f'id="asking-{asking.pk}"' in text_of(in_list)
    assert Asking.objects.get().decided_at is None
    lines = DutyLine.objects.count()
    ruling = {
        "asking": asking.pk,
        "granted": "1",
        "ruling": "路灯归社区",
        "lead": willow.desk.token,
        "as_precedent": "1",
    }
    assert arbiter.post(f"{case.address}rule/", ruling).status_code == 302
    case.refresh_from_db()
    assert case.lead == willow.desk
    assert DutyLine.objects.count() > lines


def test_more_time_is_asked_before_the_limit_and_shown_in_words(willow: Willow) -> None:
    case, _order = dispatched(willow, at=timezone.now() - HOUR)
    zhao = signed_in(willow.zhao)
    odd = zhao.post(f"{case.address}ask-extension/", {"amount": "-3", "unit": "moon", "reason": "等灯杆"})
    assert odd.status_code == 409
    asked = {"amount": "3", "unit": "working_day", "reason": "等灯杆"}
    assert zhao.post(f"{case.address}ask-extension/", asked).status_code == 302
    asking = Asking.objects.get()
    judge = next(
        p for p in willow.everyone().values() if p.memberships.filter(organisation=asking.arbiter).exists()
    )
    page = text_of(signed_in(judge).get(case.address))
    assert "3 个工作日" in page
    assert "working_day" not in page.split("等您裁定")[1].split("</section>")[0]


def test_the_contact_is_masked_until_revealed_and_the_asker_can_read_who_looked(willow: Willow) -> None:
    case, _order = dispatched(willow, at=timezone.now() - HOUR)
    zhao = signed_in(willow.zhao)
    page = text_of(zhao.get(case.address))
    assert willow.zhang.name not in page
    assert "13800000001" not in page
    assert not Look.objects.exists()
    assert zhao.get(f"{case.address}reveal/").url == case.address
    opened = zhao.post(f"{case.address}reveal/", follow=True)
    assert 0 < int(opened["Refresh"]) <= 60
    shown = text_of(opened)
    assert "13800000001" in shown
    assert Look.objects.about(willow.zhang.subject).get().under == case.subject
    assert "13800000001" in text_of(zhao.get(f"{case.address}reveal/"))
    Reveal.objects.update(ends_at=timezone.now())
    assert zhao.get(f"{case.address}reveal/").url == case.address
    assert Look.objects.count() == 1
    assert willow.zhang.name not in text_of(zhao.get(case.address))


def test_of_two_contacts_the_one_that_closes_first_closes_the_page(willow: Willow) -> None:
    now = timezone.now()
    case, _order = dispatched(willow, at=now - HOUR)
    zhao, field = signed_in(willow.zhao), f"cases.Case.reporter:{case.pk}"
    by = (willow.zhao.subject, "赵*", "电话", "办理")
    trail.reveal(willow.zhang.subject, field, *by, now)
    trail.reveal(willow.chen.subject, field, *by, now - timedelta(seconds=50))
    assert int(zhao.get(f"{case.address}reveal/")["Refresh"]) <= 10


def test_nothing_is_public_before_somebody_looked_and_photos_are_chosen_one_by_one(willow: Willow) -> None:
    """E09: release is a person's act, photo by photo."""
    zhang = signed_in(willow.zhang)
    once = once_in(text_of(zhang.get("/cases/say/")))
    photos = [photo(), photo("b.jpg", "red")]
    zhang.post(
        "/cases/say/", form_for(willow.lamp, text="张秀英家3幢502室门口灯坏", once=once, photos=photos)
    )
    case, sun = newest(), signed_in(willow.sun)
    page = text_of(sun.get("/cases/moderation/"))
    assert "502" not in page
    assert "2 张照片" in page
    kept, left = Attachment.objects.order_by("pk")
    form = {
        "public_title": "门口灯坏",
        "public_text": "门口灯坏了",
        "with_photos": "1",
        "photos": [kept.token],
        "reason": "去掉门牌",
    }
    assert sun.post(f"{case.address}moderate/", form).status_code == 302
    kept.refresh_from_db(), left.refresh_from_db()
    assert kept.public_at is not None
    assert left.public_at is None
    public = text_of(Client().get(case.address))
    assert kept.token in public
    assert left.token not in public
    assert "去掉门牌" in text_of(sun.get(case.address))
    assert sun.post(f"{case.address}hide/", {"reason": "有争议"}).status_code == 302
    assert Client().get(case.address).status_code == 404
    case.refresh_from_db()
    assert case.visibility == Visibility.PRIVATE
    assert sun.post(f"{case.address}show/", {"reason": "已核实"}).status_code == 302
    assert Client().get(case.address).status_code == 200


def test_a_check_where_nobody_asked_is_done_by_an_uninvolved_body(willow: Willow, client: Client) -> None:
    """E07: who did the work does not judge it."""
    say(client, willow.lamp)
    case, now = newest(), timezone.now()
    actions.dispatch(case, willow.property, by=willow.sun, at=now)
    actions.resolve(case, DONE, by=willow.zhao, at=now)
    found = Check.objects.get()
    judge = next(
        p
        for p in willow.everyone().values()
        if p.memberships.filter(organisation=found.organisation).exists()
    )
    checker = signed_in(judge)
    assert case.title in text_of(checker.get("/cases/checks/"))
    assert DONE in text_of(checker.get(case.address))
    assert checker.post(f"{case.address}check/", {"is_passed": "maybe"}).status_code == 409
    assert checker.post(f"{case.address}check/", {"is_passed": "0", "words": ""}).status_code == 409
    assert checker.post(f"{case.address}check/", {"is_passed": "1"}).status_code == 302
    case.refresh_from_db()
    assert case.state == State.CHECKED


def test_a_call_is_masked_leaves_a_look_and_is_written_down_once(willow: Willow) -> None:
    """E10: the caller did none of the work, and those who did it never see who did not answer."""
    now = timezone.now()
    said = actions.Said(text="3幢门前灯坏了", place=willow.lamp, channel="telephone")
    case = actions.file_for(said, resident=willow.neighbour, by=willow.li, at=now - 6 * HOUR)
    actions.dispatch(case, willow.property, by=willow.sun, at=now - 5 * HOUR)
    actions.resolve(case, DONE, by=willow.zhao, at=now - HOUR)
    call, checker = CallBack.objects.get(), signed_in(willow.checker)
    page = text_of(checker.get("/cases/checks/"))
    assert willow.neighbour.masked in page
    assert "13800000004" not in page
    shown = text_of(checker.post(f"{case.address}show-number/", {"call": call.pk}, follow=True))
    assert "13800000004" in shown
    assert Look.objects.about(willow.neighbour.subject).count() == 1
    assert signed_in(willow.zhao).post(f"{case.address}call-back/", {"call": call.pk}).status_code == 404
    nothing = checker.post(f"{case.address}call-back/", {"call": call.pk, "was_reached": "1"})
    assert nothing.status_code == 409
    heard = {"call": call.pk, "was_reached": "1", "outcome": "solved", "rating": "4"}
    assert checker.post(f"{case.address}call-back/", heard).status_code == 302
    case.refresh_from_db()
    assert case.state == State.CONFIRMED
    assert checker.post(f"{case.address}call-back/", heard).status_code == 404


def test_those_who_did_the_work_are_not_told_that_a_call_went_unanswered(willow: Willow) -> None:
    now = timezone.now()
    said = actions.Said(text="3幢门前灯坏了", place=willow.lamp, channel="telephone")
    case = actions.file_for(said, resident=willow.neighbour, by=willow.li, at=now - 6 * HOUR)
    actions.dispatch(case, willow.property, by=willow.sun, at=now - 5 * HOUR)
    actions.resolve(case, DONE, by=willow.zhao, at=now - HOUR)
    call = CallBack.objects.get()
    form = {"call": call.pk, "was_reached": "0"}
    assert signed_in(willow.checker).post(f"{case.address}call-back/", form).status_code == 302
    for worker in (willow.zhao, willow.sun):
        assert (
            "回访" not in text_of(signed_in(worker).get(case.address)).split("<main")[1].split("</main>")[0]
        )


def test_the_working_page_costs_the_same_with_much_as_with_little(willow: Willow) -> None:
    case, sun = filed_now(willow), signed_in(willow.sun)
    few = count_queries(sun, case.address)
    for number in range(8):
        actions.note(case, f"第{number}条", by=willow.sun, at=timezone.now())
    assert count_queries(sun, case.address) == few


def test_no_page_of_the_workbench_writes_when_read(willow: Willow) -> None:
    case = resolved(willow, at=timezone.now() - 6 * HOUR)
    version = case.version
    for worker in (willow.sun, willow.zhao, willow.checker):
        reader = signed_in(worker)
        for address in (
            case.address,
            DESK,
            "/cases/orders/",
            "/cases/moderation/",
            "/cases/checks/",
            "/cases/rulings/",
        ):
            assert reader.get(address).status_code in {200, 404}
    case.refresh_from_db()
    assert case.version == version


def test_photos_that_come_to_a_public_case_wait_on_the_desks_list_and_not_unseen(willow: Willow) -> None:
    case, _order = dispatched(willow, at=timezone.now() - HOUR)
    actions.moderate(case, by=willow.sun, at=timezone.now())
    signed_in(willow.zhao).post(f"{case.address}resolve/", {"answer": DONE, "photos": photo()})
    waiting = Todo.objects.filter(subject=case.subject, key__contains=":moderate:photos").open()
    assert waiting.count() == 1
    assert waiting.get().organisation == Case.objects.get(pk=case.pk).owner
    actions.moderate(Case.objects.get(pk=case.pk), by=willow.sun, at=timezone.now())
    assert not waiting.exists()


def test_looks_that_wait_for_the_close_are_shown_with_it(willow: Willow) -> None:
    now = timezone.now()
    trail.set_rule("task", "at_close", 90, None, willow.auditor.subject, now - 2 * HOUR)
    case, _order = dispatched(willow, at=now - HOUR)
    signed_in(willow.zhao).post(f"{case.address}reveal/")
    mine = signed_in(willow.zhang)
    assert case.number not in text_of(mine.get("/looks/mine/"))
    actions.withdraw(case, by=willow.zhang, at=timezone.now())
    assert case.number in text_of(mine.get("/looks/mine/"))


def test_a_co_unit_answers_from_its_list_in_two_taps(willow: Willow) -> None:
    case, _order = dispatched(willow, at=timezone.now() - HOUR)
    helper = actions.add_assist(case, willow.urban_management, by=willow.sun, at=timezone.now())
    actions.sign(helper, by=willow.urban, at=timezone.now())
    (act,) = Todo.objects.get(key=f"{helper.key}:work").acts
    urban = signed_in(willow.urban)
    opened = urban.post(act["address"], act["fields"])
    assert opened.status_code == 302
    assert 'id="resolve"' in text_of(urban.get(opened["Location"].partition("#")[0]))
