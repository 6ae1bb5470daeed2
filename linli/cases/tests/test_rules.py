"""What a case may become, what may be said, what belongs together: tables, no database."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from linli.base.worktime import Calendar
from linli.cases.rules import (
    CLOSED,
    LADDER,
    MOVES,
    OPEN,
    PUBLIC_VERBS,
    Candidate,
    Ladder,
    Limits,
    Outcome,
    Rung,
    State,
    Verb,
    alike,
    best,
    chat_voices,
    is_mere_acknowledgement,
    likeness,
    may_follow,
    metres_between,
    next_tier,
    outcome_of,
    rung_moment,
    sampled,
    stopped_by,
    title_of,
    to_call_first,
    why_not_filed,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")


def beijing(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


def test_every_state_stands_in_the_table_and_is_reached() -> None:
    assert set(MOVES) == set(State.values)
    reached = {following for moves in MOVES.values() for following in moves}
    assert reached == set(State.values)


def test_open_and_closed_states_share_nothing_and_only_resolved_is_between() -> None:
    assert not OPEN & CLOSED
    assert set(State.values) - OPEN - CLOSED == {State.RESOLVED}


@pytest.mark.parametrize(
    ("state", "following"),
    [
        (State.FILED, State.RESOLVED),  # nobody is done before anybody was bound
        (State.UNDER_WAY, State.CONFIRMED),  # only what was resolved can be confirmed
        (State.PAUSED, State.RESOLVED),
        (State.WITHDRAWN, State.ACCEPTED),
        (State.DECLINED, State.CONFIRMED),
        (State.CONFIRMED, State.MERGED),
    ],
)
def test_some_moves_are_never_allowed(state: str, following: str) -> None:
    assert not may_follow(state, following)


@pytest.mark.parametrize(
    "ending", [State.CONFIRMED, State.PARTLY, State.UNCONFIRMED, State.CHECKED, State.DECLINED]
)
def test_a_matter_may_come_back_after_either_ending(ending: str) -> None:
    assert MOVES[ending]


def test_notes_and_questions_never_stand_in_the_public_timeline() -> None:
    assert not {Verb.NOTED, Verb.TOLD_MORE, Verb.ASKED_MORE, Verb.CALLED_BACK} & PUBLIC_VERBS


def test_a_matter_goes_up_from_community_to_street_to_district_and_no_further() -> None:
    assert [next_tier(tier) for tier in ("community", "street", "district")] == ["street", "district", ""]


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (["solved"], State.CONFIRMED),
        (["partly"], State.PARTLY),
        (["solved", "partly"], State.PARTLY),
        (["solved", ""], ""),
        (["", "not_solved"], State.ASSIGNED),
        (["silent"], State.UNCONFIRMED),
        (["silent", "silent"], State.UNCONFIRMED),
        (["silent", "solved"], State.CONFIRMED),
    ],
)
def test_silence_is_never_counted_as_solved_and_one_no_is_a_no(said: list[str], state: str) -> None:
    assert outcome_of(said) == state


def test_partly_solved_and_silence_are_answers_of_their_own() -> None:
    assert set(Outcome.values) == {"solved", "partly", "not_solved", "silent"}


def test_the_call_back_sample_is_the_same_whoever_draws_and_near_its_share() -> None:
    drawn = [sampled(f"case{n}", "person", 1, 20) for n in range(2000)]
    assert drawn == [sampled(f"case{n}", "person", 1, 20) for n in range(2000)]
    assert 330 < sum(drawn) < 470
    assert not any(sampled(f"case{n}", "p", 1, 0) for n in range(100))
    assert all(sampled(f"case{n}", "p", 1, 100) for n in range(100))


def test_who_spoke_by_telephone_or_is_old_is_called_first() -> None:
    assert to_call_first(channel="telephone", has_page=True, age=30, elder_age=65)
    assert to_call_first(channel="page", has_page=True, age=81, elder_age=65)
    assert to_call_first(channel="page", has_page=False, age=None, elder_age=65)
    assert not to_call_first(channel="page", has_page=True, age=40, elder_age=65)


def test_early_warning_is_counted_in_working_time() -> None:
    """Clock test 7: Monday to Friday 08–18, limit 4 h, warned 1 h before."""
    from_eight = Calendar(opens=beijing(9, 8).time(), closes=beijing(9, 18).time())
    ladder = Ladder(beijing(9, 10), beijing(9, 14), False, Limits(warn_hours=1), from_eight)
    assert rung_moment(ladder, Rung.WARNED) == beijing(9, 13)
    late = Ladder(beijing(9, 17), beijing(10, 11), False, Limits(warn_hours=1), from_eight)
    assert rung_moment(late, Rung.WARNED) == beijing(10, 10)


@pytest.mark.parametrize("hours", [1, 2, 4, 30])
def test_nothing_is_told_at_the_start_of_a_clock_and_rungs_climb_in_time(hours: int) -> None:
    """Clock test 8: the first escalation never fires at once."""
    start = beijing(9, 9)
    ladder = Ladder(start, start + timedelta(hours=hours), False, Limits(), Calendar())
    moments = [rung_moment(ladder, rung) for rung in LADDER]
    assert all(moment is not None for moment in moments)
    assert moments[0] > start
    assert moments == sorted(moments)
    assert rung_moment(ladder, Rung.WHISTLED + 1) is None


def test_reminders_go_out_in_working_time_not_at_midnight_nor_on_sundays() -> None:
    """Clock test 6: a limit in calendar days that ends on Saturday 24:00 is pressed on Monday morning."""
    ladder = Ladder(beijing(9, 10), beijing(14, 23, 59), False, Limits(), Calendar())
    assert rung_moment(ladder, Rung.PRESSED) == beijing(16, 9)


def test_an_urgent_matter_is_pressed_at_night() -> None:
    ladder = Ladder(beijing(14, 22), beijing(14, 23), True, Limits(), Calendar())
    assert rung_moment(ladder, Rung.PRESSED) == beijing(14, 23)
    assert rung_moment(ladder, Rung.WHISTLED) == beijing(15, 1)


@pytest.mark.parametrize(
    "words",
    [
        "已收悉",
        "您好，您反映的问题已收悉。",
        "已转相关部门处理，请耐心等待。",
        "收到，谢谢。",
        "您的诉求我们正在核实处理",
        "  。",
    ],
)
def test_a_reply_that_only_acknowledges_is_no_answer(words: str) -> None:
    assert is_mere_acknowledgement(words)


@pytest.mark.parametrize(
    "words", ["灯换好了。", "已收悉，周三上午派人更换灯泡。", "现场看过，是3号电表箱跳闸，已合闸。"]
)
def test_a_reply_that_says_what_was_done_is_an_answer(words: str) -> None:
    assert not is_mere_acknowledgement(words)


def test_a_long_repetition_is_judged_at_once() -> None:
    assert not is_mere_acknowledgement("您的" * 5000 + "x")
    assert chat_voices("好的" * 5000 + "x", beijing(9)) != []


def test_what_may_be_filed() -> None:
    assert why_not_filed("", "  ", has_attachment=False)
    assert not why_not_filed("", "", has_attachment=True)
    assert not why_not_filed("", "字" * 10_000, has_attachment=False)
    assert "1 字" in why_not_filed("", "字" * 10_001, has_attachment=False)


def test_a_title_is_made_from_the_first_sentence_and_keeps_rare_characters_whole() -> None:
    assert title_of("", "路灯不亮。已经三天了") == "路灯不亮"
    assert title_of(" 我的 标题 ", "x") == "我的 标题"
    made = title_of("", "𬱖" * 40)
    assert made == "𬱖" * 29 + "…"


def test_an_answer_can_stop_the_form() -> None:
    questions = [{"code": "smell", "ask": "闻到煤气味了吗？", "stops": {"是": "先关阀开窗，到室外打 119。"}}]
    assert stopped_by(questions, {"smell": "是"}) == "先关阀开窗，到室外打 119。"
    assert stopped_by(questions, {"smell": ["否", "是"]})
    assert stopped_by(questions, {"smell": "否"}) == ""
    assert stopped_by(questions, {}) == ""


CHATS = [
    ("[2026-03-08 19:03] 张三: 3幢门口的灯又不亮了", "张三"),
    ("【2026/3/8 19:03:12】李四：3幢门口的灯又不亮了", "李四"),
    ("王五 2026-03-08 19:03:12\n3幢门口的灯又不亮了", "王五"),
    ("赵六 19:03\n3幢门口的灯又不亮了", "赵六"),
    ("2026年3月8日 19:03 孙七：3幢门口的灯又不亮了", "孙七"),
    ("吴九 昨天 19:03\n3幢门口的灯又不亮了", "吴九"),
    ("郑十 星期日 下午7:03\n3幢门口的灯又不亮了", "郑十"),
    ("[2026/3/8, 7:03 PM] Mary: 3幢门口的灯又不亮了", "Mary"),
    ("—————  2026-03-08  —————\n\n冯一  19:03\n\n3幢门口的灯又不亮了", "冯一"),
    ("周八：3幢门口的灯又不亮了", "周八"),
]


@pytest.mark.parametrize(("chat", "name"), CHATS)
def test_every_way_in_which_a_chat_is_handed_on_is_read(chat: str, name: str) -> None:
    (voice,) = chat_voices(chat, beijing(9, 10))
    assert (voice.nickname, voice.text) == (name, "3幢门口的灯又不亮了")
    if name == "赵六":
        assert voice.said_at == beijing(9, 19, 3)  # no day is said
    elif name != "周八":
        assert voice.said_at.replace(second=0) == beijing(8, 19, 3)


def test_a_chat_is_split_by_speaker_and_thanks_are_left_out() -> None:
    chat = """[2026-03-08 19:03] 张三: 3幢门口的灯又不亮了
[2026-03-08 19:04] 张三: 老人出来倒垃圾都看不见路
[2026-03-08 19:04] 张三: [图片]
[2026-03-08 19:05] 李四: 收到，谢谢！
[2026-03-08 19:06] 王五: @物业管家 地下车库漏水，淹到我车轮了
"小区管家"撤回了一条消息
[2026-03-08 21:40] 张三: 还有电梯一直响，吵得睡不着"""
    voices = chat_voices(chat, beijing(9, 10))
    assert [voice.nickname for voice in voices] == ["张三", "王五", "张三"]
    assert voices[0].text == "3幢门口的灯又不亮了\n老人出来倒垃圾都看不见路"
    assert voices[0].pictures == 1
    assert voices[1].text == "地下车库漏水，淹到我车轮了"


def test_words_beside_a_picture_stay_and_quoted_words_are_not_said_again() -> None:
    chat = """[2026-03-08 19:03] 张三: [图片]垃圾桶满出来没人收
[2026-03-08 19:04] 李四: [链接] 停水通知在这里
王五 2026-03-08 19:05
「张三：垃圾桶满出来没人收」
- - - - - - - - - - - - - - -
我们5幢门口也是一样"""
    voices = chat_voices(chat, beijing(9))
    assert [(voice.nickname, voice.text, voice.pictures) for voice in voices] == [
        ("张三", "垃圾桶满出来没人收", 1),
        ("王五", "我们5幢门口也是一样", 0),
    ]


def test_a_list_to_which_neighbours_add_is_a_voice_each() -> None:
    chat = "#接龙\n修灯\n1. 张三 3幢门口的灯不亮\n2、李四 5幢后面的灯也坏了\n3. 王五 +1"
    voices = chat_voices(chat, beijing(9))
    assert [(voice.nickname, voice.text) for voice in voices] == [
        ("张三", "3幢门口的灯不亮"),
        ("李四", "5幢后面的灯也坏了"),
    ]


def test_free_text_is_taken_a_paragraph_at_a_time_and_a_colon_in_a_sentence_names_nobody() -> None:
    chat = "情况如下：楼道堆了很多纸箱，走不过去\n怕着火\n\n另外健身器材坏了没人修"
    voices = chat_voices(chat, beijing(9))
    assert [voice.nickname for voice in voices] == ["", ""]
    assert voices[0].text.startswith("情况如下")


def test_a_date_without_a_year_is_read_as_the_last_one() -> None:
    (voice,) = chat_voices("张三 12月30日 20:00\n3幢门口的灯又不亮了", datetime(2026, 1, 2, tzinfo=SHANGHAI))
    assert voice.said_at.year == 2025


def candidate(**more: object) -> Candidate:
    base = {"is_same_place": False, "is_same_estate": False, "metres": None, "age": timedelta(days=1)}
    return Candidate(**{**base, "words_alike": 0.0, **more})  # type: ignore[arg-type]


def test_the_same_place_says_more_than_metres_and_metres_more_than_nothing() -> None:
    same = likeness(candidate(is_same_place=True), 100).score
    near = likeness(candidate(metres=20.0), 100).score
    far = likeness(candidate(metres=400.0), 100).score
    assert same > near > far
    assert likeness(candidate(metres=20.0), 0).score == far  # radius 0 switches the search by distance off


def test_likeness_of_words_alone_is_enough_only_where_they_are_nearly_the_same() -> None:
    scores = [(likeness(candidate(words_alike=share), 100).score, n) for n, share in enumerate((0.1, 0.6))]
    assert best(scores) == [1]


def test_at_most_three_are_offered_best_first() -> None:
    assert best([(0.5, 1), (0.9, 2), (0.7, 3), (0.6, 4), (0.1, 5)]) == [2, 3, 4]


def test_words_alike_and_distance() -> None:
    assert alike("路灯不亮了", "路灯不亮了！") == 1.0
    assert alike("路灯不亮了", "电梯坏了") < 0.3
    assert alike("", "路灯") == 0.0
    assert 110 < metres_between(28.0, 120.7, 28.001, 120.7) < 112


def test_a_category_or_its_group_may_have_a_radius_of_its_own() -> None:
    limits = Limits(radii={"noise": 300, "noise.lift": 0})
    assert [limits.radius_of(code) for code in ("noise.party", "noise.lift", "lamp.out")] == [300, 0, 100]
