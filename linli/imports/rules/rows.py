"""One row of a ledger → what it says of one person, or every reason why it cannot be loaded."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from operator import mul

from django.utils.translation import gettext as _

from linli.base.errors import Refused, require
from linli.base.tables import meant
from linli.imports.rules.addresses import Home, taken_apart
from linli.imports.rules.columns import BY_CODE, Group
from linli.imports.rules.dates import DayOrder, read_day
from linli.imports.rules.tables import LONGEST_CELL
from linli.people.rules import Tenure
from linli.register.rules import (
    FIELDS,
    IdentityKind,
    as_text,
    carries_birth,
    checked_identity,
    clean_value,
    code_of,
    contradictions,
    is_area,
    kind_by_form,
)

LONGEST_PLACE, LONGEST_HOUSEHOLD = 40, 30  # signs
_PLAIN_NAME = re.compile(r"[\u4e00-\u9fa5]{2,4}")
_PLAIN_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_PLAIN_NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X]")
_OTHER_PAPER = re.compile(r"[A-Za-z]{1,3}[0-9]{6,}")
_SPREADSHEET_NUMBER = re.compile(r"[0-9.]+E\+?[0-9]+", re.IGNORECASE)
_FAILED_FORMULAS = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"})
# Marks of direction and width that telephones and chats leave around numbers; how ledgers say that there is nothing.
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_NOTHING = frozenset({"无", "暂无", "空", "/", "\\", "-", "--", "—", "——", "NULL", "null", "None", "N/A"})
_STILL = frozenset({None, "", "至今", "长期"})
_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_ZERO = ord("0") * sum(_WEIGHTS)
_TENURES = {
    "业主": "owner", "房东": "owner", "产权人": "owner", "户主": "owner", "自有": "owner", "owner": "owner",
    "家属": "family", "家人": "family", "家庭成员": "family", "共同居住": "family", "同住": "family",
    "family": "family", "租户": "tenant", "租客": "tenant", "承租人": "tenant", "租住": "tenant",
    "租赁": "tenant", "tenant": "tenant",
}  # fmt: skip
_YES = {"是", "有", "在", "1", "y", "yes", "true", "√", "✓", "对", "住"}
_NO = {"否", "无", "不在", "0", "n", "no", "false", "×", "✗", "x", "不", "不住"}
_BETWEEN_TAGS = re.compile(r"[、，,;；/|\s]+")


@dataclass(slots=True)
class Draft:
    """What a readable row says. `facts` are stored forms by field of the register, dates as ISO text; what the row
    leaves empty is not in it.
    """

    number: int
    facts: dict[str, str]
    derived: tuple[str, ...] = ()  # of the facts, those read from the identity number
    home: Home | None = None
    tenure: str = ""
    lives_there: bool | None = None
    is_registered: bool | None = None
    since: str = ""
    until: str = ""
    household: str = ""
    relation: str = ""
    tags: tuple[str, ...] = ()
    cells: Sequence[str] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that cannot be loaded: its number, its cells as they are, and why."""

    number: int
    cells: Sequence[str] = field(repr=False)
    reason: str


class RowReader:
    """Reads the rows of one table: `places` are {code of a column: number of its cell}, `on` the day it is loaded."""

    def __init__(
        self, places: Mapping[str, int], width: int, on: date, *, order: str = DayOrder.AUTO
    ) -> None:
        self.width, self.on, self.order = width, on, order
        self.facts = [
            (code, place, self._reader(code))
            for code, place in places.items()
            if code in FIELDS and code not in {"identity", "identity_kind"}
        ]
        self.identity = places.get("identity", -1)
        self.kind = places.get("identity_kind", -1)
        self.home = {code: place for code, place in places.items() if BY_CODE[code].group == Group.HOME}
        self.address = self.home.pop("address", -1)
        self.stay = {code: place for code, place in places.items() if BY_CODE[code].group == Group.STAY}
        self.tags = places.get("tags", -1)
        self.yes_no = {place for code, place in places.items() if BY_CODE[code].values == "yes_no"}
        # What is read of each row besides its facts, in this order: a paper may derive facts that were not stated.
        self.parts: list[Callable[[Draft, Sequence[str]], None]] = [self._check_row, self._read_facts]
        self.parts += [self._read_identity] * (self.identity >= 0)
        self.parts += [self._read_home]
        self.parts += [self._read_stay] * bool(self.stay)
        self.parts += [self._read_tags] * (self.tags >= 0)

    def _reader(self, code: str) -> Callable[[str], str]:
        if code == "name":
            return self._name
        if code == "phone":
            return _phone
        if BY_CODE[code].values == "date":
            return partial(_past_day, code, self.order, self.on)
        return partial(_clean, code, self.on)

    def read(self, number: int, cells: Sequence[str]) -> Draft | Broken:
        """Return what the row says, or all its faults in one sentence."""
        if len(cells) < self.width:
            cells = [*cells, *[""] * (self.width - len(cells))]
        draft = Draft(number, {}, cells=cells)
        faults: list[str] = []
        plain = self._plain(cells)
        for part in self.parts:
            try:
                part(draft, plain)
            except Refused as refused:
                faults.append(refused.reason)
        if not faults:
            faults += _unknown(draft)
        return Broken(number, cells, "；".join(faults)) if faults else draft

    def _plain(self, cells: Sequence[str]) -> Sequence[str]:
        """Return the cells without signs that nobody sees, and empty where they say in a word that there is nothing."""
        joined = "".join(cells)
        if not joined.isprintable():
            cells = [_INVISIBLE.sub("", cell) for cell in cells]
        if "'" in joined:
            cells = [meant(cell) for cell in cells]
        if not _NOTHING.isdisjoint(cells):
            return [
                "" if cell in _NOTHING and place not in self.yes_no else cell
                for place, cell in enumerate(cells)
            ]
        return cells

    def _read_facts(self, draft: Draft, cells: Sequence[str]) -> None:
        """Read the facts but for the paper; all that is wrong with them is said together."""
        faults: list[str] = []
        for code, place, read in self.facts:
            if text := cells[place].strip():
                try:
                    draft.facts[code] = read(text)
                except Refused as refused:
                    faults.append(refused.reason)
        if faults:
            raise Refused("；".join(faults))

    def _check_row(self, _draft: Draft, cells: Sequence[str]) -> None:
        if any(cells[self.width :]):
            spare = sum(map(bool, cells[self.width :]))
            raise Refused(_("这一行比表头多出 %(n)d 格，可能有逗号没加引号") % {"n": spare})
        joined = "".join(cells)
        if "\ufffd" in joined or "\0" in joined:
            raise Refused(_("有认不出的字，文件编码可能不对"))
        if "#" in joined and (failed := next((cell for cell in cells if cell in _FAILED_FORMULAS), "")):
            raise Refused(_("有一格是算不出来的公式（%(text)s），请填上内容") % {"text": failed})
        if len(joined) > LONGEST_CELL and max(map(len, cells)) > LONGEST_CELL:
            raise Refused(_("有一格写了 %(n)d 个字，可能引号没有配对") % {"n": max(map(len, cells))})

    def _name(self, text: str) -> str:
        return text if _PLAIN_NAME.fullmatch(text) else str(clean_value("name", text, self.on))

    def _read_identity(self, draft: Draft, cells: Sequence[str]) -> None:
        text = cells[self.identity].strip()
        typed_kind = cells[self.kind].strip() if self.kind >= 0 else ""
        if not text:
            if typed_kind:
                draft.facts["identity_kind"] = _clean("identity_kind", self.on, typed_kind)
            return
        is_sound = _is_sound(text, self.on)
        kind = str(IdentityKind.RESIDENT)
        if typed_kind:
            kind = _clean("identity_kind", self.on, typed_kind)
        elif not is_sound or text[0] == "8":
            kind = kind_by_form(text)
        if kind == IdentityKind.RESIDENT and is_sound:
            number = text
        else:
            number = _careful_identity(kind, text, self.on, has_kind=bool(typed_kind))
        facts = draft.facts
        facts["identity"], facts["identity_kind"] = number, kind
        if carries_birth(kind, number):
            self._derive(draft, number)

    @staticmethod
    def _derive(draft: Draft, number: str) -> None:
        """Birth date and sex come from the number; a row that says otherwise is broken."""
        facts = draft.facts
        born, sex = _iso(number[6:14]), "1" if number[16] in "13579" else "2"
        if facts.get("birth_date", born) != born or facts.get("sex", sex) not in {sex, "0", "9"}:
            stated = facts.get("birth_date")
            told = contradictions(
                number, facts.get("sex", ""), date.fromisoformat(stated) if stated else None
            )
            raise Refused("；".join(told))
        draft.derived = tuple(code for code in ("birth_date", "sex") if code not in facts)
        facts["birth_date"], facts["sex"] = born, sex

    def _read_tags(self, draft: Draft, cells: Sequence[str]) -> None:
        draft.tags = tuple(part for part in _BETWEEN_TAGS.split(cells[self.tags].strip()) if part)

    def _read_home(self, draft: Draft, cells: Sequence[str]) -> None:
        parts = {code: cells[place].strip() for code, place in self.home.items()}
        if self.address >= 0 and not parts.get("room") and (sentence := cells[self.address].strip()):
            found = taken_apart(sentence)
            parts = {**found._asdict(), "code": parts.get("community_code", ""), **_filled(parts)}
        if max(map(len, parts.values()), default=0) > LONGEST_PLACE:
            for code, words in parts.items():
                _require_short(code, words, LONGEST_PLACE)
        room = parts.get("room", "")
        if not room:
            if parts.get("building"):
                raise Refused(_("写了楼栋，没有写室号"))
            return
        draft.home = Home(
            parts.get("community_code", ""),
            parts.get("community", ""),
            parts.get("estate", ""),
            parts.get("building", ""),
            parts.get("unit", ""),
            room,
        )

    def _read_stay(self, draft: Draft, cells: Sequence[str]) -> None:
        stay = {code: cells[place].strip() for code, place in self.stay.items()}
        draft.tenure = _tenure(stay.get("tenure", ""))
        draft.lives_there = _yes_no("lives_there", stay.get("lives_there", ""))
        draft.is_registered = _yes_no("is_registered", stay.get("is_registered", ""))
        draft.since = _past_day("since", self.order, self.on, stay["since"]) if stay.get("since") else ""
        draft.until = _day_of("until", self.order, stay["until"]) if stay.get("until") not in _STILL else ""
        if draft.since and draft.until and draft.since > draft.until:
            raise Refused(_("搬离日期早于入住日期，请核对"))
        draft.household, draft.relation = stay.get("household", ""), _relation(stay.get("relation", ""))
        _require_short("household", draft.household, LONGEST_HOUSEHOLD)


def _require_short(code: str, text: str, most: int) -> None:
    if len(text) > most:
        words = _("“%(label)s”最多 %(count)s 个字，请写短一些。")
        raise Refused(words % {"label": BY_CODE[code].label, "count": most})


def _filled(parts: Mapping[str, str]) -> dict[str, str]:
    return {code: text for code, text in parts.items() if text}


def _unknown(draft: Draft) -> list[str]:
    """Why nobody can say who a row is about: without a number, name, home and birth date are needed together."""
    facts = draft.facts
    if not facts.get("name"):
        return [_("没有写姓名")]
    if not facts.get("identity") and not (facts.get("birth_date") and draft.home is not None):
        return [_("没有证件号码的人（例如新生儿），要写出生日期和住处才认得出来")]
    if "died_on" in facts and facts["died_on"] < facts.get("birth_date", ""):
        return [_("去世日期早于出生日期，请核对")]
    return []


@lru_cache(maxsize=100_000)
def _clean(code: str, on: date, text: str) -> str:
    return as_text(clean_value(code, text, on))


@lru_cache(maxsize=50_000)
def _day_of(code: str, order: str, text: str) -> str:
    try:
        return read_day(text, order).isoformat()
    except Refused as refused:
        raise Refused(f"{BY_CODE[code].label}：{refused.reason}") from refused


@lru_cache(maxsize=100_000)
def _past_day(code: str, order: str, on: date, text: str) -> str:
    day = _day_of(code, order, text)
    if not "1850" <= day <= on.isoformat():
        words = _("“%(label)s”的年份太早了，请核对") if day < "1850" else _("“%(label)s”不能晚于今天")
        raise Refused(words % {"label": BY_CODE[code].label})
    return day


@lru_cache(maxsize=50_000)
def _iso(eight: str) -> str:
    return f"{eight[:4]}-{eight[4:6]}-{eight[6:]}"


def _phone(text: str) -> str:
    return text if _PLAIN_MOBILE.fullmatch(text) else str(clean_value("phone", text, date.min))


def _is_sound(number: str, on: date) -> bool:
    """Tell, as fast as a million rows need it, whether a number is right as it stands; the rest is told carefully."""
    return (
        _PLAIN_NUMBER.fullmatch(number) is not None
        and "10X98765432"[(sum(map(mul, _WEIGHTS, number[:17].encode())) - _ZERO) % 11] == number[17]
        and _is_area(number[:6])
        and _is_day(number[6:14], on)
    )


_is_area = lru_cache(maxsize=5_000)(is_area)


@lru_cache(maxsize=50_000)
def _is_day(eight: str, on: date) -> bool:
    try:
        return 0 <= (on - date(int(eight[:4]), int(eight[4:6]), int(eight[6:]))).days <= 45_000
    except ValueError:
        return False


def _careful_identity(kind: str, text: str, on: date, *, has_kind: bool) -> str:
    require(
        not _SPREADSHEET_NUMBER.fullmatch(text),
        _("证件号码被表格软件写成了科学计数（%(text)s），后几位已经丢失；请把这一列设为文本，重新填写")
        % {"text": text[:24]},
    )
    try:
        return checked_identity(kind, text, on)
    except Refused as refused:
        raise Refused(refused.reason + _hint(text, has_kind=has_kind)) from refused


def _hint(text: str, *, has_kind: bool) -> str:
    if not has_kind and _OTHER_PAPER.fullmatch(text.strip()):
        return _("如果是护照等其他证件，请加一列“证件种类”写明。")
    if len(text) == 18 and text.endswith("000"):
        return _("末三位是 000，可能被表格软件当成数字改掉了，请把这一列设为文本再填。")
    return ""


@lru_cache(maxsize=1_000)
def _tenure(text: str) -> str:
    if not text:
        return ""
    found = _TENURES.get(text, _TENURES.get(text.rstrip("0123456789"), ""))
    options = "、".join(str(label) for label in Tenure.labels)
    require(
        bool(found), _("居住身份“%(text)s”认不出，请写%(options)s") % {"text": text[:20], "options": options}
    )
    return found


@lru_cache(maxsize=1_000)
def _yes_no(code: str, text: str) -> bool | None:
    if not text:
        return None
    if text.lower() in _YES:
        return True
    require(
        text.lower() in _NO,
        _("“%(label)s”请写是或否，写的是“%(text)s”") % {"label": BY_CODE[code].label, "text": text[:20]},
    )
    return False


@lru_cache(maxsize=1_000)
def _relation(text: str) -> str:
    if not text:
        return ""
    code = code_of("relation", text)
    require(
        bool(code), _("与户主关系“%(text)s”认不出，请按 GB/T 4761 写（户主、妻、子……）") % {"text": text[:20]}
    )
    return code
