"""What people type about the trail, made into clean values."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from linli.trail.rules import ANSWER_LENGTH, QUERY_LENGTH, Disclosure, Purpose


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("请写一个日期，例如 2026-03-09。")},
        **options,
    )


class PeriodForm(forms.Form):
    """From one day to another, both included; either side may be left open."""

    since = _day(label=_("从哪天"))
    until = _day(label=_("到哪天"))

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("since") and typed.get("until") and typed["until"] < typed["since"]:
            raise forms.ValidationError(_("“到哪天”要不早于“从哪天”。"))
        return typed

    @property
    def start(self) -> datetime | None:
        """The moment from which looks count, None for no bound."""
        return _midnight(self.cleaned_data.get("since")) if self.is_valid() else None

    @property
    def end(self) -> datetime | None:
        """The moment before which looks count, None for no bound."""
        day = self.cleaned_data.get("until") if self.is_valid() else None
        return _midnight(day + timedelta(days=1)) if day and day < date.max else None


class QueryForm(forms.Form):
    """这条不对."""

    words = forms.CharField(
        label=_("哪里不对"),
        max_length=QUERY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例如“我没有办过这件事”“我不认识这个单位”。"),
        error_messages={"required": _("请写一句哪里不对，例如“我没有办过这件事”。")},
    )


class AnswerForm(forms.Form):
    """What a data officer found."""

    was_right = forms.ChoiceField(
        label=_("查下来，这次查看"),
        choices=[("yes", _("是办事需要的")), ("no", _("不应该看，已经处理"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择这次查看应不应该。")},
    )
    answer = forms.CharField(
        label=_("写给本人的话"),
        max_length=ANSWER_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("请写明查到的情况和结论。")},
    )


class WithholdForm(forms.Form):
    """A legal basis for not showing looks."""

    basis = forms.CharField(label=_("法律依据"), max_length=200, help_text=_("哪部法律、第几条。"))
    why = forms.CharField(
        label=_("为什么不能告诉本人"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class RuleForm(forms.Form):
    """When looks for one purpose are shown."""

    purpose = forms.ChoiceField(label=_("用途"), choices=Purpose)
    disclosure = forms.ChoiceField(label=_("什么时候公开给本人"), choices=Disclosure)
    days = forms.IntegerField(
        label=_("天数"),
        required=False,
        min_value=0,
        max_value=9999,
        help_text=_("“过若干天”和“办结时最晚”要写。"),
    )
    basis = forms.ChoiceField(label=_("不公开依据"), required=False)

    def __init__(self, *args: Any, bases: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["basis"] = forms.ChoiceField(
            label=_("不公开依据"), required=False, choices=[("", _("不适用")), *bases]
        )


def _midnight(day: date | None) -> datetime | None:
    """Return when that day began here; a day before there was a trail, or beyond all plans, is no bound."""
    return make_aware(datetime.combine(day, time())) if day and 1900 <= day.year < 2900 else None
