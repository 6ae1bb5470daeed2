"""What a worker types about a superior's workbook: the file, who demands it, how its columns are filled."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.base.errors import Refused
from linli.base.text import in_chinese
from linli.organisations.models import Organisation
from linli.reports.actions import Asked, Mapped, Upload
from linli.reports.models import Column, Template
from linli.reports.rules import DateFormat, Fact, Kind, Period, Source, Subject, Unit, Who
from linli.reports.rules.formats import codes_text, read_codes
from linli.reports.rules.lists import code_list

DATE_ERRORS = {"required": _("请写日期。"), "invalid": _("请写成 2026-03-09 这样的日期。")}
ENOUGH_CHOICES = 60  # bodies that a demand may name from a list


def day_field(label: Any) -> forms.DateField:
    """Return a field for a day."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=DATE_ERRORS,
    )


class DemandForm(forms.Form):
    """Who demands it, on what basis, how often and until when."""

    demander = forms.CharField(
        label=_("哪个单位要的"),
        max_length=80,
        error_messages={"required": _("请写是哪个单位要的这张表。")},
    )
    basis = forms.CharField(
        label=_("依据（文号或通知名称）"),
        max_length=120,
        help_text=_("没有依据的表，社区可以不填报。区里能看到每个单位要了哪些表。"),
        error_messages={"required": _("请写依据：文号或通知名称。没有依据的表，社区可以不填报。")},
    )
    period = forms.ChoiceField(label=_("多久要一次"), choices=Period.choices)
    since = day_field(_("自"))
    until = day_field(_("至（过了这一天不再填）"))

    def asked(self) -> Asked:
        """Return the demand; a body that goes by exactly that name is linked."""
        typed = self.cleaned_data
        body = Organisation.objects.active().filter(name=typed["demander"].strip()).first()
        return Asked(typed["demander"], typed["basis"], typed["period"], typed["since"], typed["until"], body)


class UploadForm(DemandForm):
    """A superior's workbook, and who demands it."""

    file = forms.FileField(
        label=_("上级发来的表格（.xlsx）"),
        help_text=_("空白原表就行。格式、合并的表头、列宽都会原样保留。"),
        widget=forms.ClearableFileInput(
            attrs={"accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
        ),
        error_messages={
            "required": _("请选择上级发来的表格文件。"),
            "empty": _("文件是空的，请重新选择。"),
        },
    )
    name = forms.CharField(
        label=_("给这张表起个名字"),
        max_length=80,
        error_messages={"required": _("请给这张表起个名字，例如“老年人情况统计表”。")},
    )
    subject = forms.ChoiceField(
        label=_("一行是什么"), choices=Subject.choices, widget=forms.RadioSelect, initial=Subject.PERSON
    )
    field_order = ("file", "name", "subject", "demander", "basis", "period", "since", "until")

    def upload(self) -> Upload:
        """Return the file as it came."""
        file = self.cleaned_data["file"]
        return Upload(file.name, file.read())


class LayoutForm(forms.Form):
    """Where the header stands, where it was not found rightly."""

    sheet = forms.ChoiceField(label=_("哪一页（工作表）"))
    header_first = forms.IntegerField(label=_("表头从第几行"), min_value=1, max_value=200)
    header_last = forms.IntegerField(label=_("到第几行"), min_value=1, max_value=200)
    subject = forms.ChoiceField(label=_("一行是什么"), choices=Subject.choices)

    def __init__(self, *args: Any, sheets: list[tuple[str, bool]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [  # type: ignore[attr-defined]
            (title, _("%(title)s（隐藏）") % {"title": title} if hidden else title)
            for title, hidden in sheets
        ]


class FillForm(forms.Form):
    """For which day, and whether numbers are written whole; the place comes from the picker."""

    on = day_field(_("按哪一天的情况"))
    is_whole = forms.BooleanField(
        label=_("证件号和电话写全（每个人都会看到是谁、凭什么要的）"), required=False
    )


class AnswerForm(forms.Form):
    """The answer to what was missing."""

    said = forms.CharField(
        max_length=200,
        error_messages={"required": _("还没写答案。不愿意说的，请按“不愿说”。")},
    )


class MonthForm(forms.Form):
    """Which month, and what the secretary adds."""

    month = forms.DateField(
        label=_("哪个月"),
        input_formats=["%Y-%m", "%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
        error_messages={"required": _("请选月份。"), "invalid": _("请写成 2026-03 这样的月份。")},
    )
    closing = forms.CharField(
        label=_("结尾一段（书记主任自己写）"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6, "data-count": 2000}),
    )


class ClosingForm(forms.Form):
    """What the secretary adds to a report that is there."""

    closing = forms.CharField(
        label=_("结尾一段"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6, "data-count": 2000}),
    )


# ---- the columns, which no fixed form can name ----


def choice_of(column: Column) -> str:
    """Return what stands chosen for a column: "fact:sex", "number", "question" …"""
    return f"fact:{column.fact}" if column.source == Source.FACT else column.source


def other_choices() -> list[tuple[str, Any]]:
    """Return what a column may be besides a held fact."""
    return [(code, label) for code, label in Source.choices if code != Source.FACT]


def shown_columns(
    columns: list[Column], facts: Mapping[str, Fact], typed: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """Return what the mapping page shows of each column; `typed` is what a refused form had."""
    rows = []
    for column in columns:
        fact = facts.get(column.fact)
        name = f"c{column.number}"
        said = typed or {}
        rows.append(
            {
                "column": column,
                "name": name,
                "fact": fact,
                "chosen": said.get(name, choice_of(column)),
                "constant": said.get(f"{name}_constant", column.constant),
                "is_date": fact is not None and fact.kind == Kind.DATE,
                "date_format": said.get(f"{name}_date", column.date_format),
                "is_number": fact is not None and fact.kind == Kind.NUMBER,
                "unit": said.get(f"{name}_unit", column.unit),
                "is_coded": fact is not None and fact.kind in {Kind.CODE, Kind.YES},
                "codes": said.get(f"{name}_codes", _codes_shown(column, fact)),
            }
        )
    return rows


def _ours(fact: Fact) -> dict[str, str]:
    return {"1": "是", "0": "否"} if fact.kind == Kind.YES else code_list(fact.code_list)


def _codes_shown(column: Column, fact: Fact | None) -> str:
    if fact is None or fact.kind not in {Kind.CODE, Kind.YES}:
        return ""
    ours = _ours(fact)
    kept = column.codes or ours
    return codes_text({ours.get(code, code): theirs for code, theirs in kept.items()})


def read_columns(
    columns: list[Column], facts: Mapping[str, Fact], typed: Mapping[str, str]
) -> tuple[list[Mapped], list[str]]:
    """Return what was chosen for each column, and the sentences about what could not be read."""
    mapped, problems = [], []
    for column in columns:
        name = f"c{column.number}"
        if name not in typed:
            continue
        source, _sign, fact = typed[name].partition(":")
        try:
            codes = _codes_read(column, facts.get(fact), typed.get(f"{name}_codes"))
        except Refused as refused:
            problems.append(f"{column.words}：{refused.reason}")
            continue
        mapped.append(
            Mapped(
                column.number,
                source,
                fact,
                typed.get(f"{name}_constant", ""),
                _one_of(typed.get(f"{name}_date", ""), DateFormat.values, column.date_format),
                _one_of(typed.get(f"{name}_unit", column.unit), Unit.values, column.unit),
                codes,
            )
        )
    return mapped, problems


def _one_of(value: str, allowed: list[str], otherwise: str) -> str:
    return value if value in allowed else otherwise


def _codes_read(column: Column, fact: Fact | None, text: str | None) -> dict[str, str] | None:
    """Return the code list as typed; of a column that now holds another fact, that fact's own words."""
    if fact is None or fact.kind not in {Kind.CODE, Kind.YES}:
        return {}
    if text is None or fact.code != column.fact:
        return _ours(fact) if fact.kind == Kind.CODE else {}
    return read_codes(text, _ours(fact))


class WhoForm(forms.Form):
    """Who is in it; nothing chosen means everybody."""

    tags = forms.MultipleChoiceField(
        label=_("有其中一个标签的人"), required=False, widget=forms.CheckboxSelectMultiple
    )
    tenures = forms.MultipleChoiceField(
        label=_("居住身份"), required=False, widget=forms.CheckboxSelectMultiple
    )
    occupancies = forms.MultipleChoiceField(
        label=_("房屋使用情况"), required=False, widget=forms.CheckboxSelectMultiple
    )
    sex = forms.ChoiceField(label=_("性别"), required=False)
    youngest = forms.IntegerField(label=_("年满几岁"), required=False, min_value=0, max_value=130)
    oldest = forms.IntegerField(label=_("不超过几岁"), required=False, min_value=0, max_value=130)
    lives_alone = forms.BooleanField(label=_("只要独居的"), required=False)
    is_open = forms.BooleanField(label=_("只要还没整改好的"), required=False)
    BY_SUBJECT = {
        Subject.PERSON: ("tags", "tenures", "sex", "youngest", "oldest", "lives_alone"),
        Subject.HOME: ("occupancies",),
        Subject.LETTING: ("sex", "youngest", "oldest"),
        Subject.HAZARD: ("is_open",),
    }

    def __init__(self, *args: Any, template: Template, tags: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"initial": template.who})
        lists = {
            "tags": [(code, in_chinese(name)) for code, name in tags],
            "tenures": list(code_list("tenure").items()),
            "occupancies": list(code_list("occupancy").items()),
            "sex": [
                ("", _("不限")),
                *[(code, in_chinese(label)) for code, label in code_list("sex").items()],
            ],
        }
        for name, choices in lists.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        for name in list(self.fields):
            if name not in self.BY_SUBJECT[Subject(template.subject)]:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Say when the ages exclude everybody."""
        cleaned = super().clean() or {}
        low, high = cleaned.get("youngest"), cleaned.get("oldest")
        if low is not None and high is not None and low > high:
            self.add_error("oldest", _("“不超过”要比“年满”大。"))
        return cleaned

    def who(self) -> Who:
        """Return who is in it."""
        return Who.of(self.cleaned_data)
