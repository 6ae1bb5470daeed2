"""The field catalogue: what is held about people, what for, on which basis, how long, and who asks for it."""

import csv
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.base.errors import require

LAWS = "个人信息保护法 第六条、第十七条、第十九条"
EDITABLE = (
    "label",
    "synonyms",
    "purpose",
    "basis",
    "source",
    "kept",
    "days",
    "shelf_days",
    "asked_of",
    "asked_in",
)
LONGEST_DAYS = 36_500


class Sensitivity(TextChoices):
    """How much harm a leak would do."""

    PUBLIC = "public", gettext_lazy("可以公开")
    INTERNAL = "internal", gettext_lazy("内部使用")
    SENSITIVE = "sensitive", gettext_lazy("敏感")


@dataclass(frozen=True)
class Field:
    """One personal fact that Linli may hold.

    `code` names its column ("people.Person.phone"); `kept` says in words how long, `days` after how many days the
    nightly purge removes it where it does; `shelf_days` how long it counts as true without being confirmed;
    `stays` why it outlives an erasure ("" = it does not); `asked_in` names the forms that ask for it.
    """

    code: str
    label: str
    synonyms: str = ""
    purpose: str = ""
    basis: str = ""
    source: str = ""
    sensitivity: str = Sensitivity.INTERNAL
    kept: str = ""
    days: int | None = None
    shelf_days: int | None = None
    asked_of: str = ""
    asked_in: str = ""
    stays: str = ""

    @property
    def table(self) -> str:
        """The table it stands in: "people.Person"."""
        return self.code.rpartition(".")[0]

    @property
    def sensitivity_words(self) -> str:
        """Its sensitivity in words."""
        return str(Sensitivity(self.sensitivity).label)

    @property
    def names(self) -> set[str]:
        """Everything that it may be called, folded for comparing."""
        words = [self.code, self.code.rpartition(".")[2], self.label, *self.synonyms.split()]
        return {folded(word) for word in words} - {""}


def read(path: Path) -> list[Field]:
    """Return the fields of a data file `fields.csv`, its columns as the attributes are called."""
    with path.open(encoding="utf-8", newline="") as file:
        return [_field(line) for line in csv.DictReader(file)]


def _field(line: Mapping[str, str]) -> Field:
    texts = {name: value.strip() for name, value in line.items() if name not in {"days", "shelf_days"}}
    return Field(**texts, days=_number(line["days"]), shelf_days=_number(line["shelf_days"]))


def _number(text: str) -> int | None:
    return int(text) if text else None


def overlaid(field: Field, changes: Mapping[str, object]) -> Field:
    """Return the field as the data officer changed it; what may not be edited stays."""
    return replace(field, **{name: value for name, value in changes.items() if name in EDITABLE})  # type: ignore[arg-type]


def check(field: Field) -> None:
    """Refuse a row that would not say what the law wants said."""
    for said, name in (
        (field.label, _("名称")),
        (field.purpose, _("用途")),
        (field.basis, _("依据")),
        (field.kept, _("保存多久")),
    ):
        require(bool(said.strip()), _("“%(name)s”不能空着：每一项都要写明。") % {"name": name}, rule=LAWS)
    for days in (field.days, field.shelf_days):
        require(
            days is None or 1 <= days <= LONGEST_DAYS,
            _("天数请写 1 到 36500 之间的整数，不限就空着。"),
        )


def folded(words: str) -> str:
    """Return a name as it is compared: full-width signs narrowed, no spaces, marks or brackets, lower case."""
    narrow = unicodedata.normalize("NFKC", words).lower()
    return "".join(sign for sign in narrow if sign.isalnum() or sign == ".")


ASKING = ("请填写", "请写", "您的", "你的", "本人", "居民", "填写", "登记", "现", "当前")


def matching(words: str, fields: Iterable[Field]) -> list[Field]:
    """Return the held facts that a form field called `words` would ask for again, the surest first.

    A code, a label or a synonym matches when it is the same; a longer question matches when it holds a name of at
    least two signs ("请填写您的联系电话" holds 联系电话).
    """
    asked = folded(words)
    if not asked:
        return []
    bare = asked
    for word in ASKING:
        bare = bare.replace(word, "")
    exact = [field for field in fields if field.names & {asked, bare}]
    held = [
        (max(map(len, found)), field)
        for field in fields
        if (found := _inside(field, asked)) and field not in exact
    ]
    return exact + [field for _length, field in sorted(held, key=lambda pair: -pair[0])]


def _inside(field: Field, asked: str) -> list[str]:
    own = [folded(word) for word in (field.label, *field.synonyms.split())]
    return [name for name in own if len(name) >= 2 and name in asked]
