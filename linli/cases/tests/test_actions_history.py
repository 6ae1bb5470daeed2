"""Importing what was said elsewhere: nothing lost, nothing twice, nobody told, clocks shown and silent."""

import csv
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from linli.cases.actions import run_clocks
from linli.cases.models import Case, Event
from linli.cases.rules import State
from linli.notices.models import Notice
from linli.todos.models import Todo
from linli.transparency.models import Entry
from tests.cast import MONDAY, Willow

pytestmark = pytest.mark.django_db
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "messages" / "messages.csv"
HEAD = "id,subject,posted_at,body,against,likes\n"
ROWS = [
    "7,小区路灯不亮,2025/7/9 8:05:04,3幢门口路灯坏了三天，晚上看不见路,0,4",
    f"8,很长的一封信,2025-07-10 08:05:04,{'楼道堆满杂物。' * 1000},1,0",
    "9,问一件事,2025/12/31 23:59,请问老年证怎么办,0,0",
]


def import_file(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes((HEAD + text).encode(encoding))
    return path


def load(path: Path, willow: Willow, tmp_path: Path) -> Path:
    errors = tmp_path / "errors.csv"
    call_command("import_messages", path, place=willow.community.code, errors=errors)
    return errors


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_each_row_becomes_a_case_with_category_lead_limit_and_explanation(
    willow: Willow, tmp_path: Path, encoding: str, capsys: pytest.CaptureFixture[str]
) -> None:
    errors = load(import_file(tmp_path / "in.csv", "\n".join(ROWS), encoding), willow, tmp_path)
    cases = list(Case.objects.order_by("filed_at"))
    assert [case.title for case in cases] == ["小区路灯不亮", "很长的一封信", "问一件事"]
    assert [case.number[:8] for case in cases] == ["20250709", "20250710", "20251231"]
    for case in cases:
        assert case.is_history
        assert case.community == willow.community
        assert None not in (case.category, case.lead, case.due)
        assert case.due > case.filed_at
        assert case.due_words
        assert case.because
    assert cases[0].category.code.startswith("lighting.")
    assert len(cases[1].text) == 7000
    assert not errors.exists()
    said = capsys.readouterr().out
    assert "新增 3 件" in said
    assert "归入“其他”" in said


def test_a_second_run_adds_none(willow: Willow, tmp_path: Path) -> None:
    path = import_file(tmp_path / "in.csv", "\n".join(ROWS))
    load(path, willow, tmp_path)
    before = list(Case.objects.order_by("id").values_list("id", "number"))
    load(path, willow, tmp_path)
    assert list(Case.objects.order_by("id").values_list("id", "number")) == before


def test_nobody_is_told_and_no_clock_ever_rings(willow: Willow, tmp_path: Path) -> None:
    load(import_file(tmp_path / "in.csv", "\n".join(ROWS)), willow, tmp_path)
    for days in range(0, 40, 4):
        told = run_clocks(MONDAY.replace(month=4) + days * (MONDAY - MONDAY.replace(day=8)))
        assert not any(told.values())
    assert not Notice.objects.exists()
    assert not Todo.objects.exists()
    assert not Entry.objects.filter(subject__startswith="cases.Case").exists()
    assert set(Case.objects.values_list("state", flat=True)) == {State.FILED}
    assert not Case.objects.overdue(MONDAY).exists()
    assert Event.objects.count() == 3


def test_a_broken_row_goes_to_the_error_file_with_its_reason_and_takes_no_other_along(
    willow: Willow, tmp_path: Path
) -> None:
    bad = [
        "10,没有时间,昨天,=1+1,0,0",
        "11,少一列,2025/7/9 8:05:04,内容",
        f"12,太长,2025/7/9 8:05:04,{'长' * 10_001},0,0",
    ]
    errors = load(import_file(tmp_path / "in.csv", "\n".join([*bad, *ROWS])), willow, tmp_path)
    assert Case.objects.count() == 3
    rows = list(csv.reader(errors.read_text(encoding="utf-8-sig").splitlines()))
    assert [row[0] for row in rows[1:]] == ["2", "3", "4"]
    assert all(len(row[1]) > 6 for row in rows[1:])
    assert "'=1+1" in rows[1]  # no spreadsheet runs what a stranger wrote
    load(import_file(tmp_path / "in.csv", "\n".join(ROWS)), willow, tmp_path)
    assert not errors.exists()


def test_a_number_that_says_two_things_loses_neither_in_silence(willow: Willow, tmp_path: Path) -> None:
    other = "7,另一封信,2025/7/9 9:05:04,垃圾桶满了没人清，苍蝇很多,0,0"
    errors = load(import_file(tmp_path / "in.csv", "\n".join([*ROWS, other, ROWS[0]])), willow, tmp_path)
    assert Case.objects.count() == 3
    (row,) = list(csv.reader(errors.read_text(encoding="utf-8-sig").splitlines()))[1:]
    assert row[0] == "5"
    assert "编号" in row[1]
    errors = load(import_file(tmp_path / "in.csv", other), willow, tmp_path)
    assert Case.objects.get(once__endswith=":7").title == "小区路灯不亮"
    assert errors.exists()


def test_what_cannot_begin_says_why(willow: Willow, tmp_path: Path) -> None:
    path = import_file(tmp_path / "in.csv", ROWS[0])
    with pytest.raises(CommandError, match="区划代码"):
        call_command("import_messages", path, place="123456789012", errors=tmp_path / "e.csv")
    with pytest.raises(CommandError, match="读不到"):
        call_command("import_messages", tmp_path / "none.csv", place=willow.community.code)


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="../shared is absent: the 2,000 real messages are not read")
def test_the_two_thousand_real_messages_are_all_taken_over(willow: Willow, tmp_path: Path) -> None:
    errors = load(SHARED, willow, tmp_path)
    assert Case.objects.count() == 2000
    assert not errors.exists()
    assert not Case.objects.filter(lead=None).exists()
    assert not Case.objects.filter(due=None).exists()
    assert not Case.objects.filter(category=None).exists()
