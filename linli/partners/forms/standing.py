"""Applications, papers, suspension, exit, groups, committees."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.organisations.models import functions
from linli.partners.forms.fields import ActForm, CreditCode, Money, PlaceNames, day, line, words
from linli.partners.rules import Kind, PaperKind, Post
from linli.people.models import Person

PHONE = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"})


class ProfileForm(forms.Form):
    """What a body says of itself."""

    kind = forms.ChoiceField(
        label=_("是哪一类"),
        choices=[(kind.value, kind.label) for kind in Kind if kind != Kind.RESIDENTS_GROUP],
        error_messages={"required": _("请选是哪一类单位。")},
    )
    name = line(_("单位名称"), 80, _("请写单位名称，和证照上一样。"))
    credit_code = CreditCode(
        label=_("统一社会信用代码"), required=False, help_text=_("18 位，证照上有。业主委员会没有可以不填。")
    )
    purpose = words(_("做什么"), 300, _("请用一两句话写做什么。"), rows=2)
    serves = PlaceNames(
        label=_("服务哪里"),
        help_text=_("小区或社区的名称，多个用逗号隔开。"),
        error_messages={"required": _("请写服务哪里。")},
    )
    telephone = line(
        _("对外电话"),
        30,
        widget=forms.TextInput(attrs={"type": "tel"}),
        help_text=_("公开，请写单位的电话，不要写个人手机。"),
    )
    address = line(_("办公地址"), 120)


class GroupForm(forms.Form):
    """A residents' group on one page."""

    name = line(_("小组叫什么"), 80, _("请给小组起个名字。"))
    purpose = words(
        _("想做什么"),
        300,
        _("请用一两句话写想做什么。"),
        rows=3,
        help_text=_("例如：每周三下午教老人用手机。"),
    )
    serves = PlaceNames(label=_("在哪个小区或社区"), error_messages={"required": _("请写在哪个小区或社区。")})
    telephone = line(_("公开的联系电话"), 30, help_text=_("可以不填；填了大家都看得到。"))


class ChangeForm(ActForm):
    """The parts of a profile that may be mended; name and code only before admission."""

    name = line(_("单位名称"), 80, _("请写单位名称，和证照上一样。"))
    credit_code = CreditCode(label=_("统一社会信用代码"), required=False)
    purpose = words(_("做什么"), 300, _("请用一两句话写做什么。"), rows=2)
    telephone = line(_("对外电话"), 30)
    address = line(_("办公地址"), 120)

    def __init__(self, *args: Any, **options: Any) -> None:
        partner = options["partner"]
        fields = ("name", "credit_code", "purpose", "telephone", "address")
        options["initial"] = {name: getattr(partner, name) for name in fields}
        super().__init__(*args, **options)
        if partner.admitted_at is not None:
            self.fields["name"].disabled = self.fields["credit_code"].disabled = True


class PaperForm(ActForm):
    """A certificate and its scan."""

    kind = forms.ChoiceField(label=_("哪种证照"), choices=PaperKind.choices)
    number = line(_("证照编号"), 60, _("请写证照编号。"))
    issuer = line(_("发证机关"), 80, _("请写发证机关。"))
    issued_on = day(_("发证日期"))
    expires_on = day(_("有效期至"), required=False, help_text=_("长期有效的不填。"))
    scan = forms.FileField(
        label=_("证照照片"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text=_("可以以后补；只有本单位和社区看得到。"),
    )  # fmt: skip


class WordsForm(ActForm):
    """Some words, and nothing else."""

    words = words(_("说明"), 500, _("请写一句说明。"))


class NoteForm(ActForm):
    """Words that may be left out."""

    words = words(_("说明"), 500)


class StatementForm(ActForm):
    """What the body itself says; published with the decision or the findings."""

    words = words(
        _("您单位的情况和意见"),
        2000,
        _("请写您单位的情况和意见。"),
        rows=6,
        help_text=_("会和决定一起公开，请不要写个人信息。"),
    )


class SuspendForm(ActForm):
    """Why and on what basis."""

    reason = words(_("为什么暂停"), 500, _("请写为什么暂停。"), help_text=_("会公开，请不要写个人信息。"))
    basis = line(_("依据"), 200, _("请写依据哪条规定或合同。"), help_text=_("哪条规定、合同哪一条。"))


class AdmitForm(ActForm):
    """Approving: what the duty list calls it."""

    function = forms.ChoiceField(
        label=_("职能"),
        choices=lambda: [("", _("按单位类型")), *functions()],
        required=False,
        help_text=_("权责清单按职能来找它。"),
    )


class ServeForm(ActForm):
    """More places."""

    serves = PlaceNames(label=_("再服务哪里"), error_messages={"required": _("请写服务哪里。")})


class HandOverForm(ActForm):
    """To whom it went."""

    received_by = line(
        _("交给了谁"), 80, _("请写交给了哪个单位。"), help_text=_("写单位，例如：杨柳苑业主委员会。")
    )
    note = line(_("备注"), 200)


class MentorForm(ActForm):
    """Who of the community stands by, and where they meet."""

    mentor = forms.ModelChoiceField(
        empty_label=_("请选择"),
        label=_("联系人"),
        queryset=Person.objects.none(),
        widget=forms.Select(attrs={"lang": "zh-Hans"}),
        error_messages={"required": _("请选联系人。")},
        to_field_name="token",
    )
    room_words = line(_("可以用哪间活动室"), 120, help_text=_("例如：社区二楼活动室，每周三下午。"))

    def __init__(self, *args: Any, workers: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["mentor"].queryset = workers if workers is not None else Person.objects.none()  # type: ignore[attr-defined]
        self.fields["mentor"].label_from_instance = lambda person: person.name  # type: ignore[attr-defined]


class GrantForm(ActForm):
    """A small grant."""

    purpose = line(_("做什么用"), 200, _("请写这笔钱做什么用。"))
    amount = Money(label=_("金额（元）"))


class AccountForm(ActForm):
    """Where the money went."""

    spent = Money(label=_("用了多少（元）"))
    words = line(_("钱花在哪里"), 300, _("请写钱花在哪里。"))


class GrowForm(ActForm):
    """The papers of a group that was registered."""

    credit_code = CreditCode(
        label=_("统一社会信用代码"), error_messages={"required": _("请写统一社会信用代码。")}
    )
    number = line(_("登记证书编号"), 60, _("请写登记证书编号。"))
    issuer = line(_("登记机关"), 80, _("请写登记机关。"))
    issued_on = day(_("发证日期"))
    expires_on = day(_("有效期至"), required=False)


class ElectForm(ActForm):
    """An election that was held."""

    elected_on = day(_("选举产生日期"))
    years = forms.IntegerField(label=_("一届几年"), min_value=1, max_value=5, initial=5)
    seats = forms.TypedChoiceField(
        label=_("委员几人"),
        coerce=int,
        choices=[(n, n) for n in (5, 7, 9, 11)],
        help_text=_("5 至 11 人单数。"),
    )


class FileTermForm(ActForm):
    """The filing."""

    filed_on = day(_("备案日期"))
    number = line(_("备案编号"), 60, _("请写备案编号。"))


class MemberForm(ActForm):
    """An elected owner."""

    name = line(_("姓名"), 60, _("请写姓名。"))
    phone = line(_("手机号"), 40, _("请写手机号。"), widget=PHONE)
    post = forms.ChoiceField(label=_("职务"), choices=Post.choices, initial=Post.MEMBER)
    since = day(_("从哪天起"))


class DayForm(ActForm):
    """A day."""

    on = day(_("从哪天起不再担任"))
