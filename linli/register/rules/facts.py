"""The table of what the register holds of a person: one row for each fact, and how its values are read and shown."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.base.errors import Refused, require
from linli.base.text import graphemes, masked_name, masked_phone, shorten
from linli.people.rules import phone_number
from linli.register.rules.codes import code_of, label_of
from linli.register.rules.identity import SPOKEN_KINDS, IdentityKind, masked_identity

Value = str | date


class Sensitivity(models.TextChoices):
    """How closely a fact is kept (个人信息保护法 第二十八条)."""

    PLAIN = "plain", gettext_lazy("一般")
    PERSONAL = "personal", gettext_lazy("个人信息")
    SENSITIVE = "sensitive", gettext_lazy("敏感个人信息")


class Source(models.TextChoices):
    """Where a fact comes from."""

    SELF = "self", gettext_lazy("本人说的")
    FAMILY = "family", gettext_lazy("家人说的")
    VISIT = "visit", gettext_lazy("上门了解")
    PAPER = "paper", gettext_lazy("看过证件材料")
    NUMBER = "number", gettext_lazy("从证件号得出")
    IMPORT = "import", gettext_lazy("台账导入")
    DEPARTMENT = "department", gettext_lazy("部门提供")
    LETTING = "letting", gettext_lazy("租房登记")


class ValueKind(models.TextChoices):
    """What the values of a fact look like."""

    TEXT = "text"
    CODE = "code"
    DATE = "date"
    PHONE = "phone"
    IDENTITY = "identity"


@dataclass(frozen=True)
class Fact:
    """A row of the table. `holder` is the model that keeps it: "person" (people.Person) or "profile".

    A fact is shown as to be confirmed again once `shelf_life` days have passed; None: it does not go stale.
    """

    code: str
    label: str | Promise
    kind: str = ValueKind.TEXT
    codes: str = ""
    sensitivity: str = Sensitivity.PERSONAL
    shelf_life: int | None = None
    holder: str = "profile"
    length: int = 80

    @property
    def is_sealed(self) -> bool:
        """Whether its values, present and past, are encrypted at rest."""
        return self.sensitivity == Sensitivity.SENSITIVE


def _table() -> dict[str, Fact]:
    text, code, day = ValueKind.TEXT, ValueKind.CODE, ValueKind.DATE
    sensitive = Sensitivity.SENSITIVE
    rows = (
        Fact("name", gettext_lazy("姓名"), holder="person", length=60),
        Fact("phone", gettext_lazy("电话"), ValueKind.PHONE, "", sensitive, 365, "person", 30),
        Fact("sex", gettext_lazy("性别"), code, "sex"),
        Fact("birth_date", gettext_lazy("出生日期"), day),
        Fact("identity_kind", gettext_lazy("证件种类"), code, "identity_kind"),
        Fact("identity", gettext_lazy("证件号码"), ValueKind.IDENTITY, "", sensitive, length=40),
        Fact("ethnicity", gettext_lazy("民族"), code, "ethnicity"),
        Fact("politics", gettext_lazy("政治面貌"), code, "politics", shelf_life=1095),
        Fact("marriage", gettext_lazy("婚姻状况"), code, "marriage", shelf_life=730),
        Fact("schooling", gettext_lazy("学历"), code, "schooling", shelf_life=1095),
        Fact("employment", gettext_lazy("从业状况"), code, "employment", shelf_life=365),
        Fact("workplace", gettext_lazy("工作单位"), text, "", sensitive, 365),
        Fact("health", gettext_lazy("健康状况"), code, "health", sensitive, 365),
        Fact("nationality", gettext_lazy("国籍"), text, length=40),
        Fact("registered_at", gettext_lazy("户籍地址"), text, shelf_life=1095, length=120),
        Fact("lodging", gettext_lazy("居住方式"), code, "lodging", shelf_life=365),
        Fact("died_on", gettext_lazy("去世日期"), day),
    )
    return {row.code: row for row in rows}


FIELDS: dict[str, Fact] = _table()
PROFILE_FIELDS = tuple(code for code, fact in FIELDS.items() if fact.holder == "profile")
# 王　明 is 王明, pulled apart to stand flush with names of three signs; so is 古丽 · 买买提.
_HAN = "[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd·]"
_APART = re.compile(f"(?<={_HAN}) (?={_HAN})")
NAME_EXTRA = frozenset("·•‧.'- ()（）")


def clean_value(field: str, typed: Value, on: date) -> Value:
    """Return the value of `field` in its stored form; "" means: no longer known.

    Codes may be typed as code or label, dates as 1990-06-01, 1990年6月1日 or 19900601. The identity number is
    checked apart, together with its kind. Raises Refused with what to correct.
    """
    fact = FIELDS[field]
    if isinstance(typed, date):
        return _checked_day(fact, typed, on)
    text = " ".join(unicodedata.normalize("NFC", typed).split())
    if not text:
        return ""
    if fact.kind == ValueKind.CODE:
        return _checked_code(fact, text)
    if fact.kind == ValueKind.DATE:
        return _checked_day(fact, read_day(text), on)
    if fact.kind == ValueKind.PHONE:
        return phone_number(text)
    if field == "name":
        return checked_name(text)
    require(
        len(text) <= fact.length,
        _("“%(label)s”最多 %(count)s 个字，请写短一些。") % {"label": fact.label, "count": fact.length},
    )
    return text


def checked_name(text: str) -> str:
    """Return a name with its spaces put in order; letters of any script and · pass, digits and signs do not.

    Names have signs beyond the basic plane (䶮, 𬱖), and the dot of 古丽·买买提 comes in several forms.
    """
    name = " ".join(text.replace("•", "·").replace("‧", "·").replace("・", "·").split())
    name = _APART.sub("", name)
    require(len(graphemes(name)) <= 60 and len(name) <= 60, _("姓名最多 60 个字，请写短一些。"))
    bad = next((sign for sign in name if not (_is_letter(sign) or sign in NAME_EXTRA)), "")
    require(
        not bad, _("姓名里不能有“%(sign)s”。生僻字打不出来时，请写同音字并在备注里说明。") % {"sign": bad}
    )
    return name


def _is_letter(sign: str) -> bool:
    """Letters and marks; signs newer than this Python's tables (Cn) above U+20000 are rare Chinese ones."""
    return unicodedata.category(sign)[0] in "LM" or 0x20000 <= ord(sign) < 0x3FFFF or sign == "〇"


def read_day(text: str) -> date:
    """Read 1990-06-01, 1990/6/1, 1990.6.1, 1990年6月1日 or 19900601. Raises Refused for 31 June."""
    narrow = unicodedata.normalize("NFKC", text)
    parts = "".join(sign if sign.isdigit() else " " for sign in narrow).split()
    if len(parts) == 1 and len(parts[0]) == 8:
        parts = [parts[0][:4], parts[0][4:6], parts[0][6:]]
    if len(parts) != 3 or len(parts[0]) != 4:
        raise Refused(
            _("日期请写成 1990-06-01 这样的年月日，您写的是“%(typed)s”。") % {"typed": shorten(text, 20)}
        )
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        raise Refused(
            _("没有 %(year)s年%(month)s月%(day)s日 这一天，请核对日期。")
            % {"year": parts[0], "month": int(parts[1]), "day": int(parts[2])}
        ) from None


def _checked_day(fact: Fact, day: date, on: date) -> date:
    require(day <= on, _("“%(label)s”不能晚于今天。") % {"label": fact.label})
    require(day.year >= 1850, _("“%(label)s”的年份太早了，请核对。") % {"label": fact.label})
    return day


def _checked_code(fact: Fact, text: str) -> str:
    if fact.codes == "identity_kind":
        kinds = {str(label): code for code, label in IdentityKind.choices}
        found = text if text in IdentityKind.values else kinds.get(text, str(SPOKEN_KINDS.get(text, "")))
    else:
        found = code_of(fact.codes, text)
    require(
        bool(found),
        _("“%(label)s”没有“%(typed)s”这一项，请从列表里选。")
        % {"label": fact.label, "typed": shorten(text, 20)},
    )
    return found


def shown(field: str, value: Value) -> str:
    """Return a stored value as people read it: the label of a code, a date as 1990-06-01."""
    fact = FIELDS[field]
    if isinstance(value, date):
        return value.isoformat()
    if fact.codes == "identity_kind":
        return str(IdentityKind(value).label) if value in IdentityKind.values else value
    return label_of(fact.codes, value) if fact.codes and value else value


def masked(field: str, value: Value) -> str:
    """Return a stored value as those see it who need not know it whole."""
    text = shown(field, value)
    if not text:
        return ""
    masks = {"name": masked_name, "phone": masked_phone, "identity": masked_identity}
    if field in masks:
        return masks[field](text)
    if field == "birth_date":
        return _("%(year)s年") % {"year": text[:4]}
    if field == "registered_at":
        return shorten(text, 7)
    return "***" if FIELDS[field].is_sealed else text


def as_text(value: Value) -> str:
    """Return a value as history keeps it: text, a date as 1990-06-01."""
    return value.isoformat() if isinstance(value, date) else value


def is_stale(shelf_life: int | None, confirmed_on: date | None, on: date) -> bool:
    """Whether what was last confirmed on that day has to be asked again; never asked counts as stale."""
    if shelf_life is None:
        return False
    return confirmed_on is None or confirmed_on + timedelta(days=shelf_life) < on
