"""Reading lists of messages from elsewhere: encodings, dates, broken rows."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from linli.base.tables import decoded
from linli.cases.rules import Broken, Message, messages_in, moment_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 9, 10, tzinfo=SHANGHAI)
HEAD = "id,subject,posted_at,body,against,likes\n"
TEXT = HEAD + "1,路灯不亮,2019/7/9 8:05:04,三天了,0,4\n"


def read(text: str) -> list[Message | Broken]:
    return list(messages_in(text, NOW))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_any_of_the_usual_encodings_is_read(encoding: str) -> None:
    (row,) = read(decoded(TEXT.encode(encoding)))
    assert isinstance(row, Message)
    assert (row.source, row.title, row.text, row.likes) == ("1", "路灯不亮", "三天了", 4)


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("2019/7/9 8:05:04", datetime(2019, 7, 9, 8, 5, 4, tzinfo=SHANGHAI)),
        ("2019-07-09 08:05", datetime(2019, 7, 9, 8, 5, tzinfo=SHANGHAI)),
        ("2019年7月9日 8时5分", datetime(2019, 7, 9, 8, 5, tzinfo=SHANGHAI)),
        ("2019.7.9", datetime(2019, 7, 9, tzinfo=SHANGHAI)),
        ("2019-07-09T08:05:04", datetime(2019, 7, 9, 8, 5, 4, tzinfo=SHANGHAI)),
        ("43655.5", datetime(2019, 7, 9, 12, tzinfo=SHANGHAI)),
        ("昨天", None),
        ("2019/13/9", None),
        ("2019/2/29 1:00:00", None),
        ("", None),
    ],
)
def test_odd_dates_are_read_and_impossible_ones_are_not(words: str, moment: datetime | None) -> None:
    assert moment_of(words) == moment


def test_a_bad_row_never_loses_a_good_one() -> None:
    rows = read(
        TEXT
        + "2,缺列,2019/7/9 8:05:04\n"
        + "3,时间不对,某天,内容,0,0\n"
        + "4,将来,2030/1/1 0:00:00,内容,0,0\n"
        + "5,坏字符,2019/7/9 8:05:04,a\ufffdb,0,0\n"
        + "\n"
        + '6,"换\n行",2019/7/9 8:05:04,"说""好""了",0,x\n'
    )
    kinds = [type(row) for row in rows]
    assert kinds == [Message, Broken, Broken, Broken, Broken, Message]
    assert all(row.reason for row in rows if isinstance(row, Broken))
    assert rows[1].line == 3
    assert rows[-1].text == '说"好"了'


def test_columns_may_be_named_in_chinese_and_stand_in_any_order() -> None:
    (row,) = read("留言详情,留言时间,留言主题\n三天了,2019/7/9 8:05:04,路灯不亮\n")
    assert (row.title, row.text) == ("路灯不亮", "三天了")
    assert row.source  # named by what it says


def test_a_file_without_the_columns_says_which_are_missing() -> None:
    (row,) = read("甲,乙\n1,2\n")
    assert isinstance(row, Broken)
    assert "subject" in row.reason
