"""Which days a figure is about."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class PeriodForm(forms.Form):
    """From a day to a day, both included; at most three years; the last thirty days by default."""

    first = forms.DateField(
        label=_("从"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("到"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a period that runs backwards or is longer than three years."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and first > last:
            raise forms.ValidationError(_("开始日期在结束日期之后，请对调。"))
        if first and last and last - first > timedelta(days=3 * 366):
            raise forms.ValidationError(_("一次最多看三年，请缩短时间段。"))
        return cleaned

    def period(self, today: date) -> tuple[date, date]:
        """Return the days asked for, or the last thirty."""
        cleaned = self.cleaned_data if self.is_valid() else {}
        last = cleaned.get("last") or today
        first = cleaned.get("first") or last - timedelta(days=29)
        return min(first, last), last
