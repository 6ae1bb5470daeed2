"""The fifteen clock cases of the case-handling sheet (§4), each named, and what holds always."""

from datetime import date, datetime, time, timedelta

import pytest
from chinese_calendar.constants import holidays as published_holidays
from chinese_calendar.constants import workdays as published_workdays
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from linli.base.work_calendar import CHINA
from linli.base.worktime import (
    Calendar,
    Unit,
    answer_due,
    before,
    due,
    due_of_stages,
    extend,
    moved_words,
    next_opening,
    remaining,
    resume,
    warning,
)


def at(text):
    """2016-11-09 23:00, Beijing time."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


PUBLISHED = dict.fromkeys(published_holidays, False) | dict.fromkeys(published_workdays, True)
KNOWN = frozenset(range(2004, 2027))
OFFICE = Calendar(holidays=PUBLISHED, known_years=KNOWN)  # Mon–Fri 09:00–17:30
ALWAYS = Calendar(time(0), time(0), frozenset(range(1, 8)), rests_on_holidays=False)
EIGHT_TO_SIX = Calendar(time(8), time(18), known_years=KNOWN)


@pytest.mark.parametrize("hours", [1, 14, 15, 48, 1000])
def test_case_1_an_office_that_never_closes_loses_no_minute_at_midnight(hours):
    start = at("2026-03-03 09:17")
    assert due(start, hours, Unit.WORKING_HOUR, ALWAYS).at == start + timedelta(hours=hours)
    assert remaining(start, start + timedelta(hours=hours), Unit.WORKING_HOUR, ALWAYS) == timedelta(
        hours=hours
    )
    assert due(at("2026-03-03 00:00"), 24, Unit.WORKING_HOUR, ALWAYS).at == at("2026-03-04 00:00")


def test_case_2_a_holiday_added_later_moves_the_open_deadline_says_so_and_leaves_the_closed_one():
    filed = at("2027-05-04 10:00")
    unknown = due(filed, 3, Unit.WORKING_DAY, Calendar())
    known = Calendar(holidays={date(2027, 5, 5): False}, known_years=frozenset({2027}))
    again = due(filed, 3, Unit.WORKING_DAY, known)
    assert (unknown.at, again.at) == (at("2027-05-07 17:30"), at("2027-05-10 17:30"))
    words = moved_words(unknown.at, again, "2027 年放假安排已公布", None)
    assert "2027 年放假安排已公布" in words
    assert "5月7日" in words
    assert "5月10日" in words
    assert moved_words(unknown.at, again, "2027 年放假安排已公布", at("2027-05-06 09:00")) == ""
    assert moved_words(again.at, again, "没有变化", None) == ""


def test_case_3_48_hours_of_a_twelve_hour_day_end_on_the_fourth_open_day_and_the_words_name_the_unit():
    calendar = Calendar(
        time(9),
        time(21),
        frozenset(range(1, 8)),
        {date(2016, 11, 11): False, date(2016, 11, 13): False},
        frozenset({2016}),
    )
    limit = due(at("2016-11-09 23:00"), 48, Unit.WORKING_HOUR, calendar)
    assert limit.at == at("2016-11-15 21:00")
    assert limit.is_certain
    assert "48 个工作时" in limit.words
    assert "每天 09:00–21:00" in limit.words
    with translation.override("zh-hans"):
        assert limit.words.startswith("11月15日（周二）21:00前")


def test_case_4_the_update_clock_runs_only_while_the_resident_waits_for_us():
    first = due(at("2026-03-02 10:00"), 4, Unit.WORKING_HOUR, EIGHT_TO_SIX)
    limit = (8, Unit.WORKING_HOUR)
    answered = at("2026-03-02 11:00")
    assert answer_due(at("2026-03-02 10:00"), answered, first, limit, EIGHT_TO_SIX) is None
    asked_again = answer_due(at("2026-03-02 15:00"), answered, first, limit, EIGHT_TO_SIX)
    assert asked_again is not None
    assert asked_again.at == at("2026-03-03 13:00")


def test_case_5_a_shorter_update_limit_does_not_override_the_first_response_limit():
    filed = at("2026-03-02 10:00")
    first = due(filed, 8, Unit.WORKING_HOUR, EIGHT_TO_SIX)
    owed = answer_due(filed + timedelta(minutes=5), None, first, (1, Unit.WORKING_HOUR), EIGHT_TO_SIX)
    assert owed == first


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-03-03 00:00", "2026-03-03 09:00"),  # midnight
        ("2026-03-08 11:00", "2026-03-09 09:00"),  # a Sunday
        ("2026-03-06 17:30", "2026-03-09 09:00"),  # Friday, as it closes
        ("2026-03-03 10:15", "2026-03-03 10:15"),  # open
        ("2026-09-30 20:00", "2026-10-08 09:00"),  # over National Day
    ],
)
def test_case_6_reminders_wait_for_working_time(moment, opening):
    assert next_opening(at(moment), OFFICE) == at(opening)


@pytest.mark.parametrize(
    ("filed", "ends", "warned"),
    [
        ("2026-03-02 10:00", "2026-03-02 14:00", "2026-03-02 13:00"),
        ("2026-03-02 17:00", "2026-03-03 11:00", "2026-03-03 10:00"),
    ],
)
def test_case_7_the_early_warning_is_counted_in_working_time(filed, ends, warned):
    limit = due(at(filed), 4, Unit.WORKING_HOUR, EIGHT_TO_SIX)
    assert limit.at == at(ends)
    assert before(limit.at, 1, Unit.WORKING_HOUR, EIGHT_TO_SIX) == at(warned)
    assert warning(at(filed), limit.at, 1, Unit.WORKING_HOUR, EIGHT_TO_SIX) == at(warned)


@pytest.mark.parametrize(
    ("moment", "ahead", "warned"),
    [
        ("2026-03-03 08:30", 1, "2026-03-02 17:30"),  # half an hour today, half yesterday evening
        ("2026-03-02 08:30", 1, "2026-02-27 17:30"),  # over a weekend
        ("2026-03-01 12:00", 2, "2026-02-27 16:00"),  # a deadline that itself falls on a Sunday
    ],
)
def test_case_7_the_warning_steps_back_over_closed_time(moment, ahead, warned):
    assert before(at(moment), ahead, Unit.WORKING_HOUR, EIGHT_TO_SIX) == at(warned)


@pytest.mark.parametrize("calendar", [ALWAYS, EIGHT_TO_SIX, OFFICE])
@pytest.mark.parametrize("unit", list(Unit))
@pytest.mark.parametrize("filed", ["2026-03-02 10:00", "2026-03-07 23:30", "2026-10-01 00:00"])
def test_case_8_nothing_escalates_at_creation_whatever_the_calendar(calendar, unit, filed):
    limit = due(at(filed), 1, unit, calendar)
    warned = warning(at(filed), limit.at, 5, unit, calendar)
    assert at(filed) < warned < limit.at


@pytest.mark.parametrize(
    ("filed", "ends"),
    [("2026-03-02 19:00", "2026-03-03 11:00"), ("2026-03-07 12:00", "2026-03-09 11:00")],
)
def test_case_9_a_matter_filed_outside_hours_starts_at_the_next_opening(filed, ends):
    limit = due(at(filed), 2, Unit.WORKING_HOUR, OFFICE)
    assert limit.at == at(ends)
    assert remaining(at(filed), limit.at, Unit.WORKING_HOUR, OFFICE) == timedelta(hours=2)


def test_case_10_limits_above_99_hours_are_counted_in_full():
    start = at("2026-03-02 08:00")
    limit = due(start, 250, Unit.WORKING_HOUR, EIGHT_TO_SIX)
    assert limit.at == at("2026-04-03 18:00")  # 25 days of ten hours
    assert remaining(start, limit.at, Unit.WORKING_HOUR, EIGHT_TO_SIX) == timedelta(hours=250)
    assert "250 个工作时" in limit.words


def test_case_11_office_hours_weekends_and_holidays_are_left_out():
    limit = due(at("2026-04-30 17:00"), 1, Unit.WORKING_HOUR, OFFICE)  # Labour Day 1–5 May 2026
    assert limit.at == at("2026-05-06 09:30")
    assert due(at("2026-03-06 17:00"), 1, Unit.WORKING_HOUR, OFFICE).at == at("2026-03-09 09:30")


def test_case_12_a_make_up_saturday_is_worked_and_a_weekday_in_a_holiday_is_not():
    assert OFFICE.works_on(date(2025, 2, 8))  # Saturday, made up for Spring Festival 2025
    assert not OFFICE.works_on(date(2025, 1, 29))  # Wednesday within it
    assert due(at("2025-02-07 16:30"), 2, Unit.WORKING_HOUR, OFFICE).at == at("2025-02-08 10:00")


def test_case_12_a_year_without_a_published_list_is_flagged_and_said():
    crossing = due(at("2026-12-30 10:00"), 5, Unit.WORKING_DAY, OFFICE)
    assert not crossing.is_certain
    assert "2027" in crossing.words
    assert due(at("2026-12-28 10:00"), 2, Unit.WORKING_DAY, OFFICE).is_certain
    assert due(at("2027-05-01 10:00"), 3, Unit.NATURAL_DAY, OFFICE).is_certain  # needs no list


def test_case_13_stages_each_have_their_own_unit():
    """T03, 私搭乱建: 停工 4 工作时, 处罚 7 工作日, 拆除 20 工作日."""
    stages = [
        ("停工", 4, Unit.WORKING_HOUR),
        ("处罚", 7, Unit.WORKING_DAY),
        ("拆除", 20, Unit.WORKING_DAY),
    ]
    limit = due_of_stages(at("2026-03-02 15:00"), stages, OFFICE)
    ends = [part.ends for part in limit.parts]
    assert ends == [at("2026-03-03 10:30"), at("2026-03-12 17:30"), at("2026-04-10 17:30")]
    assert limit.at == ends[-1]  # Qingming, 4–6 April 2026, is left out
    assert all(name in limit.words for name in ("停工", "处罚", "拆除"))


def test_case_13_a_pause_stops_the_clock_and_resuming_goes_on_with_the_rest():
    filed = at("2026-03-02 08:00")
    stages = [("查看", 4, Unit.WORKING_HOUR), ("修复", 2, Unit.WORKING_DAY)]
    limit = due_of_stages(filed, stages, EIGHT_TO_SIX)
    paused, resumed = at("2026-03-02 10:00"), at("2026-03-09 16:00")
    later = resume(limit, paused, resumed, EIGHT_TO_SIX)
    assert later.parts[0].ends == at("2026-03-09 18:00")  # two of four hours were left
    assert later.at == at("2026-03-11 18:00")
    assert later.at == due_of_stages(filed, stages, EIGHT_TO_SIX, [(paused, resumed)]).at
    assert "暂停期间不计时" in later.words


def test_case_13_a_pause_within_the_last_stage_leaves_the_ended_ones_alone():
    filed = at("2026-03-02 08:00")
    limit = due_of_stages(
        filed, [("查看", 4, Unit.WORKING_HOUR), ("修复", 2, Unit.WORKING_DAY)], EIGHT_TO_SIX
    )
    later = resume(limit, at("2026-03-03 08:00"), at("2026-03-05 08:00"), EIGHT_TO_SIX)
    assert later.parts[0] == limit.parts[0]
    assert later.at == at("2026-03-06 18:00")


def test_case_13_a_pause_after_expiry_revives_nothing_and_a_pause_in_closed_time_gives_nothing():
    limit = due(at("2026-03-02 08:00"), 4, Unit.WORKING_HOUR, EIGHT_TO_SIX)
    assert resume(limit, at("2026-03-02 13:00"), at("2026-03-09 08:00"), EIGHT_TO_SIX) == limit
    days = due(at("2026-03-02 08:00"), 2, Unit.WORKING_DAY, EIGHT_TO_SIX)
    assert resume(days, at("2026-03-02 19:00"), at("2026-03-03 07:00"), EIGHT_TO_SIX).at == days.at


def test_case_13_an_extension_adds_to_the_unexpired_limit():
    limit = due(at("2026-03-02 08:00"), 3, Unit.WORKING_DAY, EIGHT_TO_SIX)
    assert extend(limit, 2, Unit.WORKING_DAY, EIGHT_TO_SIX).at == at("2026-03-09 18:00")
    assert limit.at == at("2026-03-05 18:00")
    hours = extend(limit, 4, Unit.WORKING_HOUR, EIGHT_TO_SIX)
    assert hours.at == at("2026-03-06 12:00")
    assert "延期" in hours.words


def test_case_14_a_natural_day_limit_that_ends_on_a_holiday_stays_there():
    limit = due(at("2026-09-30 15:00"), 3, Unit.NATURAL_DAY, OFFICE)
    assert limit.at == at("2026-10-03 23:59:59")
    assert "10月3日（周六）24:00" in limit.words
    assert "不顺延" in limit.words


@pytest.mark.parametrize(
    ("filed", "from_next", "from_today"),
    [
        ("2026-03-02 10:00", "2026-03-03 17:30", "2026-03-02 17:30"),
        ("2026-03-02 18:00", "2026-03-03 17:30", "2026-03-03 17:30"),  # after closing
        ("2026-03-06 16:00", "2026-03-09 17:30", "2026-03-06 17:30"),  # Friday
        ("2026-03-07 10:00", "2026-03-09 17:30", "2026-03-09 17:30"),  # Saturday
    ],
)
def test_case_14_working_days_count_from_the_next_one_by_a_setting_that_is_printed(
    filed, from_next, from_today
):
    today = Calendar(holidays=PUBLISHED, known_years=KNOWN, day_counts_from_next=False)
    limit = due(at(filed), 1, Unit.WORKING_DAY, OFFICE)
    other = due(at(filed), 1, Unit.WORKING_DAY, today)
    assert (limit.at, other.at) == (at(from_next), at(from_today))
    assert "从下一个工作日起算" in limit.words
    assert "当天就算第一天" in other.words


def test_case_15_urgent_hours_run_outside_office_hours_by_a_setting_that_is_printed():
    filed = at("2026-03-06 23:00")
    assert due(filed, 2, Unit.URGENT_HOUR, OFFICE).at == at("2026-03-07 01:00")
    assert "不分昼夜" in due(filed, 2, Unit.URGENT_HOUR, OFFICE).words
    by_day = Calendar(holidays=PUBLISHED, known_years=KNOWN, urgent_around_the_clock=False)
    limit = due(filed, 2, Unit.URGENT_HOUR, by_day)
    assert limit.at == at("2026-03-09 11:00")
    assert "只算上班时间" in limit.words


def test_an_office_that_never_rests_or_never_opens_is_refused():
    with pytest.raises(ValueError, match="weekday"):
        Calendar(weekdays=frozenset())
    with pytest.raises(ValueError, match="closes"):
        Calendar(time(22), time(6))
    with pytest.raises(ValueError, match="unit"):
        due(at("2026-03-02 10:00"), 0, Unit.WORKING_DAY, OFFICE)


def test_an_instant_in_another_zone_is_the_same_instant():
    filed = datetime.fromisoformat("2026-03-02T02:00:00+00:00")
    assert due(filed, 4, Unit.WORKING_HOUR, EIGHT_TO_SIX).at == at("2026-03-02 14:00")


# What holds always

MINUTES_OF_18_MONTHS = 60 * 24 * 545
moments = st.integers(0, MINUTES_OF_18_MONTHS).map(lambda count: at("2025-01-01") + timedelta(minutes=count))
amounts = st.integers(1, 120)
units = st.sampled_from(Unit)


@st.composite
def calendars(draw):
    opens = draw(st.integers(0, 20))
    closes = draw(st.integers(opens + 1, 24))
    return Calendar(
        time(opens),
        time(closes % 24),
        frozenset(draw(st.sets(st.integers(1, 7), min_size=1))),
        PUBLISHED,
        KNOWN,
        draw(st.booleans()),
        draw(st.booleans()),
        draw(st.booleans()),
    )


@given(moments, moments, amounts, units, calendars())
def test_later_filing_is_never_due_earlier(one, other, amount, unit, calendar):
    early, late = sorted([one, other])
    assert due(early, amount, unit, calendar).at <= due(late, amount, unit, calendar).at


@given(moments, amounts, units, calendars())
def test_a_longer_limit_ends_later_and_after_the_start(start, amount, unit, calendar):
    assert start < due(start, amount, unit, calendar).at < due(start, amount + 1, unit, calendar).at


@given(moments, amounts, amounts, units, calendars())
def test_two_limits_in_a_row_are_one_long_limit(start, one, other, unit, calendar):
    together = due(start, one + other, unit, calendar).at
    assert due(due(start, one, unit, calendar).at, other, unit, calendar).at == together
    stages = due_of_stages(start, [("", one, unit), ("", other, unit)], calendar)
    assert stages.at == together


@given(moments, amounts, calendars(), st.sampled_from([Unit.WORKING_HOUR, Unit.WORKING_DAY]))
def test_a_working_limit_never_ends_in_closed_time(start, amount, calendar, unit):
    end = due(start, amount, unit, calendar).at
    just_before = end - timedelta(seconds=1)
    assert next_opening(just_before, calendar) == just_before


@given(moments, amounts, calendars())
def test_working_hours_spent_are_the_hours_allowed(start, amount, calendar):
    end = due(start, amount, Unit.WORKING_HOUR, calendar).at
    assert remaining(start, end, Unit.WORKING_HOUR, calendar) == timedelta(hours=amount)
    assert remaining(end, start, Unit.WORKING_HOUR, calendar) == timedelta(hours=-amount)


@given(moments, st.integers(1, 30), calendars())
def test_a_warning_stands_its_hours_ahead_of_the_deadline(start, ahead, calendar):
    end = due(start, 40, Unit.WORKING_HOUR, calendar).at
    warned = before(end, ahead, Unit.WORKING_HOUR, calendar)
    assert remaining(warned, end, Unit.WORKING_HOUR, calendar) == timedelta(hours=ahead)


@given(moments, amounts, units, calendars(), st.integers(0, 300), st.integers(0, 300))
def test_a_pause_never_shortens_a_limit_and_keeps_its_rest(start, amount, unit, calendar, wait, length):
    limit = due(start, amount, unit, calendar)
    paused = start + timedelta(hours=wait)
    resumed = paused + timedelta(hours=length)
    later = resume(limit, paused, resumed, calendar)
    assert later.at >= limit.at
    assert later.at == due_of_stages(start, [("", amount, unit)], calendar, [(paused, resumed)]).at
    if paused < limit.at:
        rest = remaining(paused, limit.at, unit, calendar)
        assert remaining(resumed, later.at, unit, calendar) == rest
