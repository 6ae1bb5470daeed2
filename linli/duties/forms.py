"""What whoever keeps the duty list types: lines, hours, the State Council's table."""

from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from linli.base.forms import as_field_error
from linli.base.tables import decoded
from linli.base.worktime import Unit
from linli.duties.functions import Function
from linli.duties.models import Category, DutyLine
from linli.duties.rules import UNIT_WORDS, read_holidays, read_stages
from linli.organisations.models import Tier
from linli.places.models import Ownership

UNIT_SAID = {unit: words for words, unit in UNIT_WORDS.items()}
LARGEST_TABLE = 200_000  # bytes
WEEKDAYS = [
    (1, _("周一")),
    (2, _("周二")),
    (3, _("周三")),
    (4, _("周四")),
    (5, _("周五")),
    (6, _("周六")),
    (7, _("周日")),
]


def _amount(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=9999,
        error_messages={"required": _("请写一个数。"), "min_value": _("时限至少是 1。")},
    )


def _unit(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=Unit.choices)


class LineForm(forms.Form):
    """One line of the duty list."""

    lead = forms.ChoiceField(
        label=_("主办职能"),
        choices=[("", _("请选择")), *Function.choices],
        error_messages={"required": _("请选主办职能：没有主办，就没有人必须办。")},
    )
    assists = forms.MultipleChoiceField(
        label=_("协办职能"), choices=Function.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    basis = forms.CharField(
        label=_("依据"),
        max_length=300,
        help_text=_("哪部法律、哪一条，或哪份文件。"),
        widget=forms.Textarea(attrs={"rows": 3, "lang": "zh-Hans"}),
        error_messages={"required": _("请写依据：哪部法律、哪一条，或哪份文件。")},
    )
    sign_amount = _amount(_("签收时限"))
    sign_unit = _unit(_("签收时限的单位"))
    response_amount = _amount(_("首次回应时限"))
    response_unit = _unit(_("首次回应时限的单位"))
    stages = forms.CharField(
        label=_("办理阶段"),
        max_length=1000,
        help_text=_("一行一个，依次进行，例如：停工 4 工作时。单位用紧急工作时、工作时、工作日、自然日。"),
        widget=forms.Textarea(attrs={"rows": 4, "lang": "zh-Hans"}),
        error_messages={"required": _("请至少写一个办理阶段和它的时限。")},
    )
    ownership = forms.ChoiceField(
        label=_("只适用于哪种权属"), choices=[("", _("不限")), *Ownership.choices], required=False
    )
    next_tier = forms.ChoiceField(
        label=_("超期后上报至"),
        choices=[(tier, Tier(tier).label) for tier in (Tier.STREET, Tier.DISTRICT)],
    )

    def clean_stages(self) -> list[dict[str, Any]]:
        """Turn the lines into stages."""
        with as_field_error():
            return read_stages(self.cleaned_data["stages"])


class NewLineForm(LineForm):
    """A line for a category that is chosen too."""

    category = forms.ModelChoiceField(
        empty_label=_("请选择"),
        label=_("哪一类事"),
        queryset=Category.objects.none(),
        widget=forms.Select(attrs={"lang": "zh-Hans"}),
        error_messages={"required": _("请选哪一类事。"), "invalid_choice": _("请从列表里选一类事。")},
    )
    field_order = ["category"]

    def __init__(self, *values: Any, **options: Any) -> None:
        super().__init__(*values, **options)
        self.fields["category"].queryset = Category.objects.active()  # type: ignore[attr-defined]


def line_values(line: DutyLine) -> dict[str, Any]:
    """What the form shows of a line that is there."""
    stages = "\n".join(f"{name} {amount} {UNIT_SAID[unit]}" for name, amount, unit in line.staged)
    same = ("lead", "assists", "basis", "sign_amount", "sign_unit", "response_amount", "response_unit")
    return {
        **{name: getattr(line, name) for name in same},
        "stages": stages,
        "ownership": line.ownership,
        "next_tier": line.next_tier,
    }


class PublishForm(forms.Form):
    """Why this version."""

    note = forms.CharField(
        label=_("修订说明"),
        max_length=300,
        required=False,
        help_text=_("大家都能看到：为什么改、改了什么。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class HolidayForm(forms.Form):
    """The State Council's notice as a small table, pasted or as a file (UTF-8 or GBK)."""

    year = forms.IntegerField(
        label=_("年份"), min_value=2000, max_value=2099, error_messages={"required": _("请写年份。")}
    )
    notice = forms.CharField(
        label=_("通知文号"),
        max_length=100,
        help_text=_("例如 国办发明电〔2026〕7号"),
        error_messages={"required": _("请写通知的文号。")},
    )
    table = forms.CharField(
        label=_("放假和调休"),
        required=False,
        max_length=20_000,
        help_text=_("一行一段：2027-10-01~2027-10-07,国庆节,休 或 2027-10-09,调休,班"),
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    file = forms.FileField(label=_("或者选一个表格文件（CSV）"), required=False)

    def clean(self) -> dict[str, Any]:
        """Read the rows from the file, or else from what was pasted."""
        values = super().clean() or {}
        with as_field_error():
            text = self._read(values["file"]) if values.get("file") else values.get("table") or ""
            if not text.strip():
                raise ValidationError(_("请粘贴放假安排，或者选一个文件。"))
            values["rows"] = read_holidays(text)
        return values

    def _read(self, file: Any) -> str:
        if file.size > LARGEST_TABLE:
            raise ValidationError(_("文件太大了，放假安排只是一张小表，请核对选的文件。"))
        return decoded(file.read())


class HoursForm(forms.Form):
    """When an office works."""

    opens = forms.TimeField(label=_("上班"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    closes = forms.TimeField(
        label=_("下班"),
        help_text=_("全天开放请填 00:00。"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("哪几天上班"),
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一个工作日。")},
    )
    rests_on_holidays = forms.BooleanField(label=_("法定节假日休息，调休日上班"), required=False)
    day_counts_from_next = forms.BooleanField(
        label=_("工作日从下一个工作日起算（不选：当天就算第一天）"), required=False
    )
    urgent_around_the_clock = forms.BooleanField(label=_("紧急工作时不分昼夜连续算"), required=False)

    def clean_closes(self) -> time:
        """Keep what was typed; whether it fits the opening is the rule's business."""
        closes: time = self.cleaned_data["closes"]
        return closes
