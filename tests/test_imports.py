"""`linli import-messages` as it is really run: a kill in the middle, a broken row, a second run.

That all 2,000 messages go in is tested where the import is: linli/cases/tests/test_actions_history.py.
"""

import csv
import json
import re
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from linli.base.tests.house import House, house

__all__ = ["house"]

FILE = Path(__file__).resolve().parents[2] / "shared" / "data" / "messages" / "messages.csv"
ALL = 600
PREPARE = "from tests.cast import build; print(build().community.code)"
COUNT = """
import json
from django.db.models import Q
from linli.cases.models import Case, Event
from linli.notices.models import Delivery, Notice
from linli.todos.models import Todo
cases = Case.objects.all()
print(json.dumps({
    "cases": cases.count(),
    "apart": cases.values("number").distinct().count(),
    "history": cases.filter(is_history=True, closed_at=None).count(),
    "bare": cases.filter(Q(category=None) | Q(lead=None) | Q(due=None) | Q(due_words="") | Q(because=[])).count(),
    "events": Event.objects.count(),
    "told": Notice.objects.count() + Delivery.objects.count() + Todo.objects.count(),
    "longest": max(map(len, cases.values_list("text", flat=True))),
}))
"""


def some_of_them(path: Path) -> Path:
    """The first messages as a Chinese spreadsheet saves them, and a row whose time nobody can read."""
    with FILE.open(encoding="utf-8-sig", newline="") as source:
        rows = list(islice(csv.reader(source), ALL + 1))
    with path.open("w", encoding="gb18030", newline="") as target:
        csv.writer(target).writerows([*rows, ["999999", "没有时间", "昨天", "内容", "0", "0"]])
    return path


def command(house: House, path: Path, code: str) -> list[str]:
    program = "import sys; from linli.config.command import main; sys.argv[0] = 'linli'; main()"
    errors = str(house.folder / "errors.csv")
    return [sys.executable, "-c", program, "import-messages", str(path), "--place", code, "--errors", errors]


def take(house: House, path: Path, code: str) -> str:
    done = subprocess.run(
        command(house, path, code), env=house.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def kill_in_the_middle(house: House, path: Path, code: str) -> None:
    """Let it begin, and kill it as soon as it says that some hundred rows are done."""
    importer = subprocess.Popen(
        command(house, path, code), env=house.environment, stdout=subprocess.PIPE, text=True
    )
    assert importer.stdout is not None
    for line in importer.stdout:
        if (found := re.search(r"\d+", line)) and int(found[0]) >= 200:
            break
    importer.kill()
    importer.communicate()


def added(said: str) -> int:
    found = re.search(r"新增 (\d+) 件", said)
    assert found, said
    return int(found[1])


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.skipif(not FILE.exists(), reason="../shared is absent: the 2,000 messages are not read")
def test_old_messages_survive_a_kill_a_broken_row_and_a_second_run(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    code = house.run(PREPARE).split()[-1]
    path = some_of_them(house.folder / "messages.csv")

    kill_in_the_middle(house, path, code)
    before = json.loads(house.run(COUNT).splitlines()[-1])
    assert 0 < before["cases"] < ALL
    assert before["cases"] == before["events"]  # a batch is whole or not there
    said = take(house, path, code)
    assert added(said) == ALL - before["cases"]
    assert "已处理" in said
    assert added(take(house, path, code)) == 0

    found = json.loads(house.run(COUNT).splitlines()[-1])
    assert (found["cases"], found["apart"], found["history"], found["events"]) == (ALL,) * 4
    assert (found["bare"], found["told"]) == (0, 0)
    assert found["longest"] > 1000
    with (house.folder / "errors.csv").open(encoding="utf-8-sig", newline="") as file:
        _head, *broken = csv.reader(file)
    assert [row[0] for row in broken] == [str(line_count(path))]
    assert "昨天" in "".join(broken[0])
    with capsys.disabled():
        print("\n" + next(line for line in said.splitlines() if "其他" in line))  # noqa: T201 (the issue asks for it)


def line_count(path: Path) -> int:
    """Return the number of the last line, as the error file counts: the line on which a row begins."""
    with path.open(encoding="gb18030", newline="") as file:
        reader = csv.reader(file)
        begins = ends = 0
        for _row in reader:
            begins, ends = ends + 1, reader.line_num
    return begins
