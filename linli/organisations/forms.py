"""What workers and administrators type about residents, bodies and roles."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from linli.base.forms import as_field_error
from linli.organisations.models import Membership, Organisation, Tier, functions
from linli.organisations.rules import Channel, Role
from linli.people.rules import Tenure, phone_number
from linli.places.models import Place

DATE_ERRORS = {"required": _("请写日期。"), "invalid": _("请写成 2026-03-09 这样的日期。")}


def _date(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=DATE_ERRORS,
    )


class SearchForm(forms.Form):
    """A whole phone number, or at least two signs of a name."""

    wanted = forms.CharField(
        label=_("手机号或姓名"),
        max_length=60,
        help_text=_(
            "手机号要写全；姓名至少两个字。只找得到您负责范围里的居民，每次查找都会留下记录，本人看得到。"
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("请写手机号或姓名。")},
    )


class ResidentForm(forms.Form):
    """A resident who is here or on the line."""

    name = forms.CharField(
        label=_("姓名或称呼"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("请写这位居民的姓名或称呼。"),
            "max_length": _("姓名最多 60 个字，请写短一些。"),
        },
    )
    phone = forms.CharField(
        label=_("电话"),
        max_length=40,
        required=False,
        help_text=_("没有电话也可以登记。"),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )

    def clean_phone(self) -> str:
        """Return the number as stored, or say what to correct."""
        return _number(self.cleaned_data["phone"])


class AssistForm(forms.Form):
    """Why a worker acts for a resident, and how they came."""

    reason = forms.CharField(
        label=_("为什么代办"),
        max_length=200,
        help_text=_("例如：本人来窗口，不会用手机。居民看得到这句话。"),
        error_messages={"required": _("请写明为什么代办，例如“本人来窗口，不会用手机”。")},
    )
    channel = forms.ChoiceField(
        label=_("居民怎么找到您的"),
        choices=Channel.choices,
        widget=forms.RadioSelect(),
        error_messages={"required": _("请选择窗口、电话还是上门。")},
    )


class RevealForm(forms.Form):
    """Why a worker must see what is masked."""

    why = forms.CharField(
        label=_("为什么要看完整信息"),
        max_length=200,
        error_messages={"required": _("请写明为什么要看完整信息。")},
    )


class SettleForm(forms.Form):
    """In which relation and since when a resident lives in a home."""

    tenure = forms.ChoiceField(
        label=_("是这家的"),
        choices=Tenure.choices,
        widget=forms.RadioSelect(),
        error_messages={"required": _("请选业主、家属还是租户。")},
    )
    since = _date(_("从哪天起"))


class DayForm(forms.Form):
    """The first day on which something no longer holds."""

    on = _date(_("从哪天起不再有效"))


class OrganisationForm(forms.Form):
    """A new body."""

    name = forms.CharField(label=_("名称"), max_length=80, error_messages={"required": _("请写单位名称。")})
    function = forms.ChoiceField(
        label=_("职能"),
        choices=lambda: [("", _("请选择")), *functions()],
        help_text=_("权责清单按职能来找它。"),
        error_messages={"required": _("请选这个单位的职能。")},
    )
    tier = forms.ChoiceField(label=_("层级"), choices=Tier.choices)
    serves = forms.CharField(
        label=_("服务哪里"),
        help_text=_("地点的名称，多个用逗号隔开，例如：杨柳苑，桃花苑。"),
        error_messages={"required": _("请写它服务哪里。")},
    )
    telephone = forms.CharField(label=_("对外电话"), max_length=30, required=False)
    is_desk = forms.BooleanField(label=_("是这里的兜底服务台"), required=False)

    def __init__(self, *arguments: Any, own_places: list[Place], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.own_places = own_places

    def clean_serves(self) -> list[Place]:
        """Return the places of these names within one's own; each must be found, and only once."""
        return [named_place(name, self.own_places) for name in _names(self.cleaned_data["serves"])]


class AppointForm(forms.Form):
    """Who becomes what, where, from when, and under which user name."""

    name = forms.CharField(label=_("姓名"), max_length=60, error_messages={"required": _("请写姓名。")})
    phone = forms.CharField(
        label=_("手机号"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
        error_messages={"required": _("请写手机号。")},
    )
    role = forms.ChoiceField(label=_("角色"), choices=Role.choices)
    place = forms.ModelChoiceField(
        empty_label=_("请选择"),
        label=_("范围"),
        queryset=Place.objects.none(),
        widget=forms.Select(attrs={"lang": "zh-Hans"}),
        error_messages={"required": _("请选择范围。")},
    )
    since = _date(_("从哪天起"))
    username = forms.CharField(
        label=_("用户名"),
        max_length=40,
        required=False,
        help_text=_("新同事登录用。已有用户名的不用填。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def __init__(
        self, *arguments: Any, organisation: Organisation, own_places: list[Place], **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.fields["place"].queryset = scopes(organisation, own_places)  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        """Return the number as stored, or say what to correct."""
        return _number(self.cleaned_data["phone"])


def scopes(organisation: Organisation, own_places: list[Place]) -> Any:
    """Return the places that a role in the body may be for: what it serves and the grids and estates in it,
    within the administrator's own.
    """
    served = list(organisation.serves.all())
    return (
        Place.objects.live()
        .within_any(served)
        .within_any(own_places)
        .exclude(kind__in=["building", "unit", "home", "facility"])
        .order_by("path")
    )


def named_place(name: str, own_places: list[Place]) -> Place:
    """Return the one live place of that name (or full name) within `own_places`; refused where none or
    several are.
    """
    found = list(Place.objects.live().within_any(own_places).filter(name=name)[:2])
    found = found or list(Place.objects.live().within_any(own_places).filter(full_name=name)[:2])
    if not found:
        raise ValidationError(_("在您负责的范围里没有找到“%(name)s”，请核对名称。") % {"name": name})
    if len(found) > 1:
        raise ValidationError(_("“%(name)s”不止一处，请写全称，例如“柳树社区 · 杨柳苑”。") % {"name": name})
    return found[0]


def membership_words(membership: Membership) -> str:
    """Return "网格员 · 柳树社区居委会 · 第一网格"."""
    return f"{membership.get_role_display()} · {membership.organisation} · {membership.place}"


def _names(typed: str) -> list[str]:
    return [name.strip() for name in typed.replace(",", "，").replace("、", "，").split("，") if name.strip()]


def _number(typed: str) -> str:
    with as_field_error():
        return phone_number(typed)
