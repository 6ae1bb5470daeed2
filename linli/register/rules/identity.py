"""Papers by which a person is known: the citizen identity number (GB 11643-1999) and the others."""

import csv
import re
import unicodedata
from datetime import date
from functools import lru_cache

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.base.errors import Refused, require
from linli.register.rules.codes import FEMALE, FOLDER, MALE, label_of

RULE = "GB 11643-1999"
EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
FIFTEEN = re.compile(r"[0-9]{15}")
OLD_FOREIGN = re.compile(r"[A-Z]{3}[0-9]{12}")  # cards before 2023
NEW_FOREIGN = re.compile(r"9[0-9]{16}[0-9X]")
# Sequence numbers that old 15-digit numbers kept for those born before 1900.
CENTENARIANS = {"996", "997", "998", "999"}
OLDEST = 130  # years


class IdentityKind(models.TextChoices):
    """Kinds of papers, as registers of residents name them."""

    RESIDENT = "resident", gettext_lazy("居民身份证")
    PASSPORT = "passport", gettext_lazy("护照")
    HONG_KONG_MACAO = "hk_macao", gettext_lazy("港澳居民来往内地通行证")
    TAIWAN = "taiwan", gettext_lazy("台湾居民来往大陆通行证")
    RESIDENCE_PERMIT = "permit", gettext_lazy("港澳台居民居住证")
    FOREIGN_RESIDENT = "foreign", gettext_lazy("外国人永久居留身份证")
    OTHER = "other", gettext_lazy("其他证件")
    NONE = "none", gettext_lazy("没有证件")  # a baby before the 户口 is made


# How ledgers call them.
SPOKEN_KINDS: dict[str, str] = {
    "身份证": IdentityKind.RESIDENT,
    "二代身份证": IdentityKind.RESIDENT,
    "外国护照": IdentityKind.PASSPORT,
    "普通护照": IdentityKind.PASSPORT,
    "回乡证": IdentityKind.HONG_KONG_MACAO,
    "台胞证": IdentityKind.TAIWAN,
    "港澳居民居住证": IdentityKind.RESIDENCE_PERMIT,
    "台湾居民居住证": IdentityKind.RESIDENCE_PERMIT,
    "港澳台居住证": IdentityKind.RESIDENCE_PERMIT,
    "外国人永久居留证": IdentityKind.FOREIGN_RESIDENT,
    "永久居留身份证": IdentityKind.FOREIGN_RESIDENT,
    "其他": IdentityKind.OTHER,
    "无": IdentityKind.NONE,
    "无证件": IdentityKind.NONE,
}
# The form of each other paper, and how to say it.
FORMS: dict[str, tuple[str, str | Promise]] = {
    IdentityKind.PASSPORT: (r"[A-Z0-9]{5,20}", gettext_lazy("护照号是 5 到 20 位字母和数字。")),
    IdentityKind.HONG_KONG_MACAO: (
        r"[HM][0-9]{8}([0-9]{2})?",
        gettext_lazy("港澳通行证号是 H 或 M 加 8 位数字。"),
    ),
    IdentityKind.TAIWAN: (
        r"[0-9]{8}([0-9]{2})?|[A-Z][0-9]{9}",
        gettext_lazy("台湾居民通行证号是 8 位数字。"),
    ),
    IdentityKind.OTHER: (r"\w[\w()\-]{1,29}", gettext_lazy("证件号最多 30 个字母、数字。")),
}


def clean(typed: str) -> str:
    """Return what was typed with full-width signs narrowed, letters large, spaces, dashes and quotes gone."""
    narrow = unicodedata.normalize("NFKC", typed).upper().replace("×", "X").replace("＊", "*")
    return "".join(sign for sign in narrow if not sign.isspace() and sign not in "-'‘’`")


def check_digit(first: str) -> str:
    """Return the 18th sign for 17 digits: ISO 7064 MOD 11-2 (GB 11643-1999 4.2.4)."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(first)) % 11
    return "10X98765432"[total]


def identity_number(typed: str, on: date | None = None) -> str:
    """Return a citizen identity number as 18 signs; a 15-digit one of the years before 2000 is brought up to 18.

    Full-width digits, spaces and a small x are accepted. With `on`, a birth after that day is refused. Raises
    Refused with the sentence that says which part is wrong.
    """
    number = clean(typed)
    if FIFTEEN.fullmatch(number):
        century = "18" if number[12:] in CENTENARIANS else "19"
        number = number[:6] + century + number[6:]
        number += check_digit(number)
    require(len(number) == 18, _length_words(number), rule=RULE)
    require(EIGHTEEN.fullmatch(number) is not None, _("身份证号只有数字，最后一位可以是 X。"), rule=RULE)
    require(
        is_area(number[:6]),
        _("身份证号开头的地区码 %(area)s 不存在，请核对前 6 位。") % {"area": number[:6]},
        rule="GB/T 2260",
    )
    _require_birth(number, on)
    require(
        number[17] == check_digit(number[:17]),
        _("身份证号的校验码对不上，多半写错了一位，请逐位核对。"),
        rule=RULE,
    )
    return number


def _length_words(number: str) -> str:
    return _("身份证号是 18 位，您写了 %(count)s 位。") % {"count": len(number)}


def _require_birth(number: str, on: date | None) -> None:
    text = number[6:14]
    try:
        born = date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        words = {"year": text[:4], "month": text[4:6], "day": text[6:8]}
        raise Refused(
            _("身份证号里的出生日期 %(year)s年%(month)s月%(day)s日 不存在，请核对第 7 到 14 位。") % words,
            rule=RULE,
        ) from None
    require(on is None or born <= on, _("身份证号里的出生日期还没有到，请核对第 7 到 14 位。"), rule=RULE)
    require(
        born.year >= 1850 and (on is None or on.year - born.year <= OLDEST),
        _("身份证号里的出生年份 %(year)s 太早了，请核对第 7 到 10 位。") % {"year": born.year},
        rule=RULE,
    )


def checked_identity(kind: str, typed: str, on: date | None = None) -> str:
    """Return the number of a paper of `kind` in its stored form, "" for somebody without papers.

    Raises Refused with what to correct.
    """
    require(kind in IdentityKind.values, _("请选择证件种类。"))
    number = clean(typed)
    if kind == IdentityKind.NONE:
        require(not number, _("写了证件号，就请选择是哪一种证件。"))
        return ""
    if not number:
        return ""
    if kind == IdentityKind.RESIDENT:
        return identity_number(number, on)
    if kind == IdentityKind.RESIDENCE_PERMIT:
        require(
            number[:6] in {"810000", "820000", "830000"},
            _("港澳台居民居住证号以 810000、820000 或 830000 开头。"),
        )
        return identity_number(number, on)
    if kind == IdentityKind.FOREIGN_RESIDENT:
        return _foreign_resident(number, on)
    form, words = FORMS[kind]
    require(re.fullmatch(form, number) is not None, str(words))
    return number


def _foreign_resident(number: str, on: date | None) -> str:
    if OLD_FOREIGN.fullmatch(number):
        return number
    words = _("外国人永久居留身份证号是 9 开头的 18 位，旧卡是 3 个字母加 12 位数字。")
    require(NEW_FOREIGN.fullmatch(number) is not None, words)
    _require_birth(number, on)
    require(number[17] == check_digit(number[:17]), _("证件号的校验码对不上，请逐位核对。"), rule=RULE)
    return number


def kind_by_form(number: str) -> str:
    """Return which paper has a number of this form, where nobody said it: 810000… and 9… are no citizens' numbers."""
    number = clean(number)
    if re.fullmatch(r"8[123]0000[0-9]{11}[0-9X]", number):
        return str(IdentityKind.RESIDENCE_PERMIT)
    if OLD_FOREIGN.fullmatch(number) or (NEW_FOREIGN.fullmatch(number) and not is_area(number[:6])):
        return str(IdentityKind.FOREIGN_RESIDENT)
    return str(IdentityKind.RESIDENT)


def carries_birth(kind: str, number: str) -> bool:
    """Whether birth date and sex can be read from the number of such a paper."""
    kinds = {IdentityKind.RESIDENT, IdentityKind.RESIDENCE_PERMIT, IdentityKind.FOREIGN_RESIDENT}
    return kind in kinds and len(number) == 18


def birth_of(number: str) -> date:
    """Return the birth date that a checked 18-sign number carries."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def sex_of(number: str) -> str:
    """Return the sex that a checked 18-sign number carries, as GB/T 2261.1 code: the 17th digit odd is male."""
    return MALE if int(number[16]) % 2 else FEMALE


def contradictions(number: str, sex: str, born: date | None) -> list[str]:
    """Return a sentence for each thing in which a checked 18-sign number says other than what was stated.

    `sex` is a GB/T 2261.1 code, "" (or 0, 9: unknown) where nothing was stated.
    """
    found = []
    if sex in {MALE, FEMALE} and sex != sex_of(number):
        words = {"number": label_of("sex", sex_of(number)), "stated": label_of("sex", sex)}
        found.append(_("身份证号是%(number)s，性别写的是%(stated)s，请核对哪个对。") % words)
    if born is not None and born != birth_of(number):
        words = {"number": birth_of(number).isoformat(), "stated": born.isoformat()}
        found.append(_("身份证号的出生日期是 %(number)s，写的是 %(stated)s，请核对哪个对。") % words)
    return found


@lru_cache
def _areas() -> dict[str, frozenset[str]]:
    """{province: its prefectures}: present ones and those of the years since the numbers exist (21–39: 地区)."""
    found = {}
    with (FOLDER / "areas.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            ranges = [part.partition("-") for part in row["prefectures"].split(",")]
            found[row["province"]] = frozenset(
                f"{middle:02d}"
                for first, _dash, last in ranges
                for middle in range(int(first), int(last or first) + 1)
            )
    return found


def is_area(prefix: str) -> bool:
    """Whether the first six digits are, or since 1984 were, an area: by province and prefecture.

    Districts are not listed here: hundreds were renamed and none of their numbers became invalid. 98 belongs to
    no province and is what invented people carry.
    """
    return prefix[2:4] in _areas().get(prefix[:2], frozenset()) and (
        prefix[4:6] != "00" or prefix[:2] in {"81", "82", "83", "71"}
    )


def masked_identity(number: str) -> str:
    """3303**********0017: the first four and the last four signs; a short one is hidden but for its last two."""
    if len(number) < 12:
        return "*" * max(len(number) - 2, 0) + number[-2:]
    return number[:4] + "*" * (len(number) - 8) + number[-4:]
