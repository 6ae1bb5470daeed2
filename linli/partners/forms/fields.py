"""Fields that several forms of partners share: days, sums, places by name, lines."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from linli.base.forms import as_field_error
from linli.partners.models import Partner
from linli.partners.rules import credit_code, sum_of_money
from linli.places.models import Kind, Place, PlaceQuerySet

SERVED = (Kind.COMMUNITY, Kind.ESTATE, Kind.STREET)
DATE_ERRORS = {"required": _("请写日期。"), "invalid": _("没有这一天。请写成 2026-03-09 这样的日期。")}


class ActForm(forms.Form):
    """A form of one act on a partner, or on `item` of it."""

    def __init__(self, *args: Any, partner: Partner, item: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.partner, self.item = partner, item


def day(label: Any, **options: Any) -> forms.DateField:
    """Return a field for a day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, error_messages=DATE_ERRORS, **options)


def moment(label: Any, **options: Any) -> forms.DateTimeField:
    """Return a field for a day and an hour."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    errors = {"required": _("请写时间。"), "invalid": _("请写成 2026-03-09 14:00 这样的时间。")}
    formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
    return forms.DateTimeField(
        label=label, widget=widget, input_formats=formats, error_messages=errors, **options
    )


def line(label: Any, longest: int, missing: Any = None, **options: Any) -> forms.CharField:
    """Return a field for one line; `missing` is the sentence where it must be there and is not."""
    errors = {"required": missing} if missing else {}
    return forms.CharField(
        label=label, max_length=longest, required=missing is not None, error_messages=errors, **options
    )


def words(label: Any, longest: int, missing: Any = None, rows: int = 3, **options: Any) -> forms.CharField:
    """Return a field for some sentences."""
    widget = forms.Textarea(attrs={"rows": rows})
    return line(label, longest, missing, widget=widget, **options)


class Money(forms.CharField):
    """A sum in yuan, exact to the fen."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("error_messages", {"required": _("请写金额。")})
        super().__init__(
            max_length=20,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            **options,
        )

    def clean(self, value: Any) -> Any:
        """Return a Decimal, or say how a sum is written."""
        typed = super().clean(value)
        if not typed:
            return Decimal("0.00")
        with as_field_error():
            return sum_of_money(typed)


class CreditCode(forms.CharField):
    """A unified social credit code, as kept."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=40,
            widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
            **options,
        )

    def clean(self, value: Any) -> Any:
        """Return the code, or say which sign is wrong."""
        typed = super().clean(value)
        if not typed:
            return ""
        with as_field_error():
            return credit_code(typed)


class PlaceNames(forms.CharField):
    """Names of communities and estates, with commas between; each is found, and only once."""

    among: PlaceQuerySet | None = None

    def clean(self, value: Any) -> Any:
        """Return the places, in the order in which they were written."""
        typed = super().clean(value)
        known = self.among if self.among is not None else Place.objects.live().filter(kind__in=SERVED)
        names = [name.strip() for name in typed.replace(",", "，").replace("、", "，").split("，")]
        return [_one_place(name, known) for name in names if name]


class Lines(forms.CharField):
    """One thing a line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 6}), max_length=4000, **options)

    def clean(self, value: Any) -> Any:
        """Return the lines that say something."""
        return [one.strip() for one in super().clean(value).splitlines() if one.strip()]


def served_by(partner: Partner) -> "forms.ModelChoiceField[Place]":
    """Return a choice among the places that a partner serves."""
    return forms.ModelChoiceField(
        empty_label=_("请选择"),
        label=_("在哪里"),
        queryset=partner.serves.order_by("path"),
        widget=forms.Select(attrs={"lang": "zh-Hans"}),
        error_messages={"required": _("请选在哪里。")},
        to_field_name="token",
    )


def _one_place(name: str, known: PlaceQuerySet) -> Place:
    found = list(known.filter(name=name)[:2]) or list(known.filter(full_name=name)[:2])
    if not found:
        raise ValidationError(_("没有找到“%(name)s”，请写小区或社区的名称。") % {"name": name})
    if len(found) > 1:
        raise ValidationError(_("“%(name)s”不止一处，请写全称，例如“柳树社区 · 杨柳苑”。") % {"name": name})
    return found[0]
