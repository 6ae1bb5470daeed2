"""Invented people for trying things at full size: the same seed makes the same people, and none of them exists.

Identity numbers carry valid check digits and area 98, which belongs to no province (see `register.rules.is_area`).
One row in a thousand is broken, in ten ways that the error file must name.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from linli.register.rules import check_digit

HEADINGS = (
    "社区代码", "社区", "小区", "楼栋", "单元", "室号", "户号", "与户主关系", "姓名", "证件号码", "性别", "出生日期",
    "民族", "联系电话", "文化程度", "婚姻状况", "政治面貌", "居住身份", "入住日期", "户口是否在这里",
)  # fmt: skip
ONE_BROKEN_IN = 1_000
FIRST_COMMUNITY = 989901001001
AREAS = tuple(f"98{city:02d}{county:02d}" for city in range(1, 9) for county in range(1, 9))
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华文玉兰红建国志宏晨阳雨欣梓涵浩宇子轩思远嘉怡"
_RARE = ("䶮", "𬱖", "㛃", "𬭎", "堃", "喆")
_ESTATES = "杨柳苑 桂花园 书香里 河畔家园 阳光新村 锦绣苑 和平里 银杏苑 长乐坊 翠竹园".split()
_SCHOOLING = ("小学", "初中", "高中", "大专", "本科", "硕士")
_POLITICS = ("群众", "群众", "群众", "群众", "共青团员", "中共党员")
_ETHNICITY = ("汉族",) * 30 + ("回族", "畲族", "苗族", "土家族")
_EPOCH = date(1930, 1, 1)

# The ten ways, in the order in which they come: column that is spoiled, with what, and what the reason must name.
BREAKS: tuple[tuple[str, str], ...] = (
    ("check_digit", "校验码"),
    ("june_31", "不存在"),
    ("short_number", "18 位"),
    ("no_name", "没有写姓名"),
    ("bad_phone", "手机号"),
    ("other_sex", "性别"),
    ("no_such_day", "没有"),
    ("no_such_code", "民族"),
    ("no_room", "室号"),
    ("spreadsheet_number", "科学计数"),
)


def people(count: int, seed: int, *, stated_on: date) -> Iterator[list[str]]:
    """Yield `count` rows under HEADINGS, families together, some 5,600 people to a community."""
    random = Random(seed)  # noqa: S311 (invented people are no secret)
    made = broken = 0
    born_before: Counter[tuple[date, int]] = Counter()
    for number, address in enumerate(_homes()):
        for row in _family(random, number, address, stated_on, born_before):
            if made == count:
                return
            made += 1
            is_broken = made % ONE_BROKEN_IN == ONE_BROKEN_IN // 2
            yield spoiled(row, BREAKS[broken % len(BREAKS)][0]) if is_broken else row
            broken += is_broken


def _homes() -> Iterator[list[str]]:
    """Yield [code, community, estate, building, unit, room] without end, 2,000 homes to a community."""
    community = 0
    while True:
        code, name = str(FIRST_COMMUNITY + community), f"试验{community + 1}社区"
        estates = [f"{_ESTATES[(community + step) % len(_ESTATES)]}" for step in range(3)]
        for estate in estates:
            for building in range(1, 13):
                for unit in range(1, 3):
                    for floor in range(1, 15):
                        for door in (1, 2):
                            yield [code, name, estate, f"{building}幢", f"{unit}单元", f"{floor}0{door}室"]
        community += 1


def _family(
    random: Random, number: int, address: list[str], stated_on: date, born_before: Counter[tuple[date, int]]
) -> list[list[str]]:
    """Return the rows of one household: a head, mostly a spouse, children, now and then a tenant household instead."""
    household = f"{number + 1:010d}"
    lets = random.random() < 0.15
    size = random.choices((1, 2, 3, 4, 5), (15, 25, 35, 17, 8))[0]
    surname = random.choice(_SURNAMES)
    born = _EPOCH + timedelta(days=random.randrange(2_000, 26_000))
    moved = min(max(born, date(1995, 1, 1)) + timedelta(days=random.randrange(9_000)), stated_on)
    rows: list[list[str]] = []
    for member in range(size):
        is_child = member >= 2
        sex = random.randrange(2) if is_child or member == 0 else 1 - int(rows[0][10] == "男")
        day = born + timedelta(
            days=random.randrange(8_000, 12_000) if is_child else random.randrange(-1_500, 1_500)
        )
        day = min(day, stated_on - timedelta(days=random.randrange(6_000) if day > stated_on else 0))
        name = (surname if member != 1 else random.choice(_SURNAMES)) + _given(random)
        relation = ("户主", "夫" if sex else "妻", "子" if sex else "女")[min(member, 2)]
        is_adult = (stated_on - day).days > 18 * 366
        rows.append([
            *address, household, relation, name, _number(day, sex, born_before), "男" if sex else "女", day.isoformat(),
            random.choice(_ETHNICITY), _phone(random) if is_adult else "",
            random.choice(_SCHOOLING) if is_adult else "",
            ("已婚" if size > 1 and member < 2 else "未婚") if is_adult else "",
            random.choice(_POLITICS) if is_adult else "",
            "租户" if lets else "业主" if member == 0 else "家属", moved.isoformat(), "否" if lets else "是",
        ])  # fmt: skip
    return rows


def _given(random: Random) -> str:
    if random.random() < 0.002:
        return random.choice(_RARE)
    return "".join(random.choice(_GIVEN) for _sign in range(random.choice((1, 2, 2))))


def _number(born: date, sex: int, born_before: Counter[tuple[date, int]]) -> str:
    """The next number of that day and sex: no two people share one."""
    area, order = divmod(born_before[born, sex], 500)
    born_before[born, sex] += 1
    first = f"{AREAS[area]}{born:%Y%m%d}{order * 2 + sex:03d}"
    return first + check_digit(first)


def _phone(random: Random) -> str:
    """A number of the block 1990…: right in form; whoever loads invented people sends nobody a message."""
    return f"199{random.randrange(10**8):08d}"


def spoiled(row: list[str], way: str) -> list[str]:
    """Return the row broken in one of BREAKS."""
    cells = dict(zip(HEADINGS, row, strict=True))
    number = cells["证件号码"]
    digit = "0" if number[17] != "0" else "1"
    june = f"{number[:10]}0631{number[14:17]}"
    changes = {
        "check_digit": {"证件号码": number[:17] + digit},
        "june_31": {"证件号码": june + check_digit(june)},
        "short_number": {"证件号码": number[:17]},
        "no_name": {"姓名": ""},
        "bad_phone": {"联系电话": "1380013800"},
        "other_sex": {"性别": "女" if cells["性别"] == "男" else "男"},
        "no_such_day": {"入住日期": "2019-06-31"},
        "no_such_code": {"民族": "火星族"},
        "no_room": {"室号": ""},
        "spreadsheet_number": {"证件号码": f"{number[0]}.{number[1:6]}E+17"},
    }[way]
    return list((cells | changes).values())
