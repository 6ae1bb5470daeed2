"""What newcomers, landlords, tenants and owners type."""

from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linli.base.errors import Refused
from linli.base.forms import as_field_error
from linli.lettings.rules import MOST_TENANTS, Purpose, Refusal
from linli.people.rules import Tenure, phone_number
from linli.register.rules import IdentityKind, checked_identity, checked_name

DAY_ERRORS = {"required": _("请写日期。"), "invalid": _("请写成 2026-03-09 这样的日期。")}
PHONE = {"type": "tel", "inputmode": "tel", "autocomplete": "off"}


def day_field(label: Any, help_text: Any = "") -> forms.DateField:
    """A day, typed or picked."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=DAY_ERRORS,
    )


class NameField(forms.CharField):
    """A name; what is wrong with it is said beside it."""

    def clean(self, value: Any) -> str:
        """Return the name as it is kept."""
        with as_field_error():
            return checked_name(super().clean(value))


class PhoneField(forms.CharField):
    """A mobile number; what is wrong with it is said beside it."""

    def clean(self, value: Any) -> str:
        """Return the number as it is kept, "" where none was typed."""
        with as_field_error():
            return phone_number(super().clean(value), mobile=True)


class NewcomerForm(forms.Form):
    """我住这里，登记一下."""

    name = NameField(
        label=_("姓名"), max_length=60, error_messages={"required": _("请写姓名，和证件上一样。")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    phone = PhoneField(
        label=_("手机号"), max_length=40, widget=forms.TextInput(attrs=PHONE | {"autocomplete": "tel"}),
        help_text=_("有了结果告诉您；以后用它登录。"), error_messages={"required": _("请写手机号。")},
    )  # fmt: skip
    tenure = forms.ChoiceField(
        label=_("您是这家的"),
        choices=[(Tenure.TENANT, Tenure.TENANT.label), (Tenure.FAMILY, Tenure.FAMILY.label)],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选是租户还是家属。")},
    )
    since = day_field(_("哪天住进来的"), _("大概的日子也行。"))
    identity_kind = forms.ChoiceField(
        label=_("证件种类"),
        required=False,
        choices=[("", "—"), *((kind, kind.label) for kind in IdentityKind if kind != IdentityKind.NONE)],
    )
    identity = forms.CharField(
        label=_("证件号"), max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("不写也能登记。加密保存，只用来认准是同一个人。"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Say beside the number of a paper what is wrong with it."""
        cleaned = super().clean() or {}
        kind = cleaned.get("identity_kind") or IdentityKind.RESIDENT
        typed = cleaned.get("identity", "").strip()
        try:
            cleaned["identity"] = checked_identity(kind, typed, localdate()) if typed else ""
        except Refused as refused:
            self.add_error("identity", str(refused.reason))
        return cleaned


class OccupantRefusalForm(forms.Form):
    """Why somebody of the home does not agree."""

    reason = forms.ChoiceField(
        label=_("为什么"),
        choices=[(one, one.label) for one in (Refusal.NOT_HERE, Refusal.WRONG_HOME, Refusal.WRONG_FACTS)],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选为什么不同意，对方才知道该怎么办。")},
    )


class DeskRefusalForm(forms.Form):
    """Why the desk does not agree, with words of its own."""

    reason = forms.ChoiceField(
        label=_("为什么退回"),
        choices=Refusal.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选为什么退回，对方才知道该怎么办。")},
    )
    words = forms.CharField(
        label=_("还想说的话"), max_length=200, required=False,
        help_text=_("对方看得到。不要写这一户住着谁。"), widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class LettingForm(forms.Form):
    """租房登记, up to three tenants at once; more lines where the page asks for them. Rent is not asked."""

    since = day_field(_("从哪天起租"))
    until = day_field(_("租到哪天"))
    purpose = forms.ChoiceField(
        label=_("怎么住"),
        choices=Purpose.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选整套、其中一间，还是单位给员工住。")},
    )

    def __init__(self, *args: Any, lines: int = 3, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines = max(1, min(lines, MOST_TENANTS))
        for number in range(1, self.lines + 1):
            is_first = number == 1
            self.fields[f"name{number}"] = NameField(
                label=_("承租人姓名") if is_first else _("另一位承租人姓名"), max_length=60, required=is_first,
                error_messages={"required": _("请写承租人姓名。")},
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )  # fmt: skip
            self.fields[f"phone{number}"] = PhoneField(
                label=_("他的手机号") if is_first else _("另一位的手机号"), max_length=40, required=is_first,
                error_messages={"required": _("请写承租人手机号，对方要自己确认。")},
                widget=forms.TextInput(attrs=PHONE),
            )  # fmt: skip

    @property
    def tenants(self) -> list[tuple[str, str]]:
        """The tenants named, lines left empty aside: (name, phone as typed)."""
        typed = self.cleaned_data
        pairs = [(typed.get(f"name{n}", ""), typed.get(f"phone{n}", "")) for n in range(1, self.lines + 1)]
        return [(name, phone) for name, phone in pairs if name.strip() or phone.strip()]


class UntilForm(forms.Form):
    """A new last day."""

    until = day_field(_("延长到哪天"))


class EndForm(forms.Form):
    """The day from which nobody lives there as tenant."""

    on = day_field(_("从哪天起不租了"), _("到那天居住登记就结束。"))


class OfferForm(forms.Form):
    """What the public reads of an empty home."""

    rooms = forms.IntegerField(
        label=_("几间房"), min_value=1, max_value=20, widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": _("请写几间房。"), "invalid": _("请写数字，例如 2。")},
    )  # fmt: skip
    free_from = day_field(_("哪天起可以住"))
    words = forms.CharField(
        label=_("说明"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("朝向、楼层高低、有没有电梯……不要写电话、微信，不登广告。"),
    )  # fmt: skip


class WordsForm(forms.Form):
    """A few words: an inquiry, or its answer."""

    words = forms.CharField(
        label=_("想说的话"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写一两句。")},
    )  # fmt: skip
