"""What people type to sign in, to say where they live and who may act for them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from linli.base.forms import as_field_error
from linli.people.rules import Scope, Tenure, phone_number

CODE_INPUT = {"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"}
LETTERS_INPUT = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class PhoneField(forms.CharField):
    """A telephone number as people write it; its value is the stored form."""

    def __init__(self, *, mobile: bool = False, **options: Any) -> None:
        self.mobile = mobile
        super().__init__(max_length=40, **options)
        self.widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"})

    def clean(self, value: Any) -> str:
        """Return the normalised number or say what to correct."""
        with as_field_error():
            return phone_number(super().clean(value), mobile=self.mobile)


class PhoneForm(forms.Form):
    """The number to which a code goes."""

    phone = PhoneField(
        label=_("手机号"),
        mobile=True,
        help_text=_("11 位手机号。没有登记过也可以，登录就是登记。"),
        error_messages={"required": _("请写您的手机号。")},
    )


class NewPhoneForm(forms.Form):
    """The number by which somebody wants to be reached from now on; staff prove themselves once more."""

    phone = PhoneField(
        label=_("新的手机号"),
        mobile=True,
        help_text=_("验证码会发到这个号码。"),
        error_messages={"required": _("请写新的手机号。")},
    )
    totp = forms.CharField(
        label=_("动态码"),
        max_length=20,
        help_text=_("验证器里现在显示的 6 位数字。"),
        widget=forms.TextInput(attrs=CODE_INPUT),
        error_messages={"required": _("请写验证器里的 6 位数字。")},
    )

    def __init__(self, *args: Any, has_totp: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not has_totp:
            del self.fields["totp"]


class CodeForm(forms.Form):
    """A code of digits, from a message or an authenticator."""

    code = forms.CharField(
        label=_("6 位数字"),
        max_length=20,
        widget=forms.TextInput(attrs=CODE_INPUT),
        error_messages={"required": _("请写 6 位数字。")},
    )


class PaperForm(forms.Form):
    """The code on a slip of paper."""

    code = forms.CharField(
        label=_("纸条上的登录码"),
        max_length=40,
        help_text=_("12 位字母和数字，大小写、横线都不要紧。"),
        widget=forms.TextInput(attrs=LETTERS_INPUT),
        error_messages={"required": _("请照着纸条写登录码。")},
    )


class StaffForm(forms.Form):
    """A worker's user name and password."""

    username = forms.CharField(
        label=_("用户名"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": _("请写用户名。")},
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("请写密码。")},
    )


class NewPasswordForm(forms.Form):
    """A password of one's own choice, written twice."""

    password = forms.CharField(
        label=_("新密码"),
        max_length=200,
        strip=False,
        help_text=_("至少 10 位，不要用常见的词，也不要和用户名相像。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("请写新密码。")},
    )
    again = forms.CharField(
        label=_("再写一次"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("请把新密码再写一次。")},
    )

    def clean_again(self) -> str:
        """Refuse two passwords that differ."""
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password", again):
            raise ValidationError(_("两次写的不一样，请再核对。"))
        return again


class OwnPasswordForm(NewPasswordForm):
    """The present password and the one to come."""

    present = forms.CharField(
        label=_("现在的密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("请写现在的密码。")},
    )
    field_order = ("present", "password", "again")


class NameForm(forms.Form):
    """Who somebody is, in their own words."""

    name = forms.CharField(
        label=_("姓名或称呼"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("请写姓名或称呼。"), "max_length": _("姓名最多 60 个字，请写短一些。")},
    )


class TenureField(forms.ChoiceField):
    """Owner, family or tenant, as tap cards."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=Tenure.choices, widget=forms.RadioSelect(), **options)


class HomeCodeForm(forms.Form):
    """The code that a worker handed out for a home."""

    code = forms.CharField(
        label=_("核验码"),
        max_length=40,
        help_text=_("社区给的纸条上有 8 位字母和数字。"),
        widget=forms.TextInput(attrs=LETTERS_INPUT),
        error_messages={"required": _("请照着纸条写核验码。")},
    )
    tenure = TenureField(label=_("您是这家的"), error_messages={"required": _("请选业主、家属还是租户。")})


class ClaimForm(forms.Form):
    """That somebody lives in a home, said by themselves."""

    tenure = TenureField(label=_("您是这家的"), error_messages={"required": _("请选业主、家属还是租户。")})
    since = forms.DateField(
        label=_("从哪天起"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("请写从哪天住进来，大概的日子也行。"),
            "invalid": _("请写成 2026-03-09 这样的日期。"),
        },
    )


class LeaveForm(forms.Form):
    """From which day somebody no longer lives there."""

    on = forms.DateField(
        label=_("从哪天起不住了"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("请写从哪天起不住了。"),
            "invalid": _("请写成 2026-03-09 这样的日期。"),
        },
    )


class ProxyForm(forms.Form):
    """Who may act, and in what."""

    name = forms.CharField(
        label=_("家人的姓名"), max_length=60, error_messages={"required": _("请写家人的姓名。")}
    )
    phone = PhoneField(
        label=_("家人的手机号"), mobile=True, error_messages={"required": _("请写家人的手机号。")}
    )
    scope = forms.ChoiceField(
        label=_("可以替您做什么"),
        choices=Scope.choices,
        widget=forms.RadioSelect(),
        error_messages={"required": _("请选择可以代办哪些事。")},
    )
    until = forms.DateField(
        label=_("到哪天为止"),
        required=False,
        help_text=_("不写就一直有效，直到您收回。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("请写成 2026-03-09 这样的日期。")},
    )
