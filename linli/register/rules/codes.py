"""The official code lists of what is known of a person: GB/T 2261, 3304, 4658, 4761, 4762."""

import csv
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1]
HEAD_OF_HOUSEHOLD = "02"  # GB/T 4761: 户主
NOT_RELATED = "99"  # GB/T 4761: 非亲属; also written of whom nobody said it
MALE, FEMALE = "1", "2"  # GB/T 2261.1


@lru_cache
def _lists() -> dict[str, dict[str, str]]:
    lists: dict[str, dict[str, str]] = {}
    with (FOLDER / "codes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            lists.setdefault(row["list"], {})[row["code"]] = row["label"]
    return lists


@lru_cache
def standard_of(name: str) -> str:
    """Return the standard behind the list `name` ("GB/T 2261.1-2003"), "" for a list of our own."""
    with (FOLDER / "codes.csv").open(encoding="utf-8", newline="") as file:
        return next((row["standard"] for row in csv.DictReader(file) if row["list"] == name), "")


def codes(name: str) -> dict[str, str]:
    """Return the list `name` ("sex", "marriage", "health", "employment", "ethnicity", "politics", "schooling",
    "relation", "lodging") as {code: label}, in the order of its standard. Labels are Chinese as published.
    """
    return _lists()[name]


def label_of(name: str, code: str) -> str:
    """Return the label of `code` in the list `name`; the code itself where the list does not have it."""
    return codes(name).get(code, code)


@lru_cache(maxsize=512)
def code_of(name: str, typed: str) -> str:
    """Return the code that `typed` means: a code, a label, or a label without its 族; "" where it is neither."""
    known = codes(name)
    if typed in known:
        return typed
    if typed.isdigit() and typed.zfill(2) in known:
        return typed.zfill(2)
    exact = next((code for code, label in known.items() if typed in {label, label.removesuffix("族")}), "")
    return exact or SPOKEN.get(name, {}).get(typed, "")


# How people and ledgers call what the standards name in full.
SPOKEN: dict[str, dict[str, str]] = {
    "sex": {"男性": "1", "女性": "2", "未知": "0", "未说明": "9"},
    "politics": {
        "中共党员": "01",
        "党员": "01",
        "中共预备党员": "02",
        "预备党员": "02",
        "共青团员": "03",
        "团员": "03",
        "民革会员": "04",
        "民革党员": "04",
        "民盟盟员": "05",
        "民建会员": "06",
        "民进会员": "07",
        "农工党党员": "08",
        "致公党党员": "09",
        "九三社员": "10",
        "台盟盟员": "11",
        "无党派": "12",
        "无党派人士": "12",
        "普通公民": "13",
    },
    "marriage": {"已婚有配偶": "20", "有配偶": "20", "离异": "40", "丧偶未婚": "30", "未说明": "90"},
    "schooling": {
        "博士": "11",
        "博士研究生": "11",
        "硕士": "14",
        "硕士研究生": "14",
        "研究生": "10",
        "本科": "20",
        "大学本科": "20",
        "大学": "20",
        "大专": "30",
        "专科": "30",
        "中专": "41",
        "职高": "44",
        "技校": "47",
        "高中": "60",
        "初中": "70",
        "小学": "80",
        "文盲": "90",
        "文盲或半文盲": "90",
    },
    "employment": {
        "公务员": "11",
        "专业技术": "13",
        "在职": "17",
        "务工": "24",
        "务农": "27",
        "在校学生": "31",
        "军人": "37",
        "自由职业": "51",
        "灵活就业": "51",
        "个体": "54",
        "个体户": "54",
        "无业": "70",
        "失业": "70",
        "退休": "80",
        "离休": "80",
        "离退休": "80",
    },
    "health": {"健康": "10", "良好": "10", "一般": "20", "慢性病": "30"},
    "relation": {
        "户主": "02",
        "妻子": "12",
        "丈夫": "11",
        "配偶": "10",
        "儿子": "20",
        "女儿": "30",
        "媳妇": "38",
        "父": "51",
        "母": "52",
        "爷爷": "61",
        "奶奶": "62",
        "外公": "63",
        "外婆": "64",
        "哥哥": "71",
        "弟弟": "73",
        "姐": "75",
        "妹": "77",
        "孙女": "42",
        "非亲属": "99",
    },
    "lodging": {
        "自有": "01",
        "自住": "01",
        "租赁": "02",
        "租房": "02",
        "租住": "02",
        "宿舍": "03",
        "公租房": "04",
    },
}
