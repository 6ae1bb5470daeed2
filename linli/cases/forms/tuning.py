"""The numbers of the clocks, as whoever keeps the duty list types them."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.cases.rules import NUMBERS, Limits

LONGEST_REASON = 200


class NumbersForm(forms.Form):
    """A field for every number, with its unit, bounds, default and meaning, and why they change."""

    def __init__(self, *args: Any, limits: Limits, **options: Any) -> None:
        super().__init__(*args, **options)
        present, defaults = asdict(limits), asdict(Limits())
        for number in NUMBERS:
            words = {
                "unit": number.unit,
                "low": number.low,
                "high": number.high,
                "default": defaults[number.name],
            }
            bounds = _("请填 %(low)s 到 %(high)s 的整数。") % words
            range_words = _("%(unit)s，%(low)s 到 %(high)s，默认 %(default)s。") % words
            self.fields[number.name] = forms.IntegerField(
                label=number.label,
                help_text=f"{range_words}{number.meaning}",
                initial=present[number.name],
                min_value=number.low,
                max_value=number.high,
                error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), bounds),
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )
        self.fields["words"] = forms.CharField(
            label=_("为什么改"),
            max_length=LONGEST_REASON,
            help_text=_("写给以后来看的人。会留在修改记录里。"),
            widget=forms.TextInput(attrs={"lang": "zh-Hans"}),
            error_messages={
                "required": _("请写一句为什么改。"),
                "max_length": _("原因最多 200 个字，请写短一些。"),
            },
        )

    @property
    def numbers(self) -> dict[str, int]:
        """What departs from the defaults."""
        defaults = asdict(Limits())
        typed = {number.name: self.cleaned_data[number.name] for number in NUMBERS}
        return {name: value for name, value in typed.items() if value != defaults[name]}
