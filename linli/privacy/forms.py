"""What is typed at the data officer's desk and on 我的数据."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.privacy.rules import CHECKS, EDITABLE, Field, Outcome, Right, Severity, Step


def long_text(
    label: Any, limit: int = 1000, *, required: bool = True, help_text: Any = ""
) -> forms.CharField:
    """Return a field for a paragraph."""
    widget = forms.Textarea(attrs={"rows": 4, "lang": "zh-Hans"})
    return forms.CharField(
        label=label, max_length=limit, required=required, widget=widget, help_text=help_text
    )


class RequestForm(forms.Form):
    """A request about one's own data."""

    kind = forms.ChoiceField(label=_("要做什么"), choices=Right.choices, widget=forms.RadioSelect)
    words = long_text(_("是哪一项，希望怎样"))


class AnswerForm(forms.Form):
    """The data officer's answer."""

    outcome = forms.ChoiceField(label=_("结果"), choices=Outcome.choices, widget=forms.RadioSelect)
    words = long_text(_("理由"), help_text=_("照办了什么；没有照办的为什么，依据是什么。本人会看到。"))


class FieldForm(forms.Form):
    """One row of the catalogue."""

    label = forms.CharField(label=_("名称"), max_length=60)
    synonyms = forms.CharField(label=_("别的叫法，用空格分开"), max_length=300, required=False)
    purpose = forms.CharField(label=_("用途"), max_length=200)
    basis = forms.CharField(label=_("依据"), max_length=300)
    source = forms.CharField(label=_("从哪里来"), max_length=100, required=False)
    kept = forms.CharField(label=_("保存多久"), max_length=100)
    days = forms.IntegerField(label=_("几天后自动清除"), required=False, help_text=_("空着就不自动清除。"))
    shelf_days = forms.IntegerField(label=_("几天没核对算过期"), required=False)
    asked_of = forms.CharField(label=_("问谁"), max_length=100, required=False)
    asked_in = forms.CharField(label=_("哪些表会问"), max_length=200, required=False)
    reason = forms.CharField(label=_("为什么改"), max_length=200)

    def values(self) -> dict[str, Any]:
        """Return what the catalogue takes."""
        return {name: self.cleaned_data[name] for name in EDITABLE}

    @staticmethod
    def of(field: Field) -> dict[str, Any]:
        """Return the row as it stands, to begin with."""
        return {name: getattr(field, name) for name in EDITABLE}


class AssessmentForm(forms.Form):
    """An impact assessment, its four parts."""

    feature = forms.ChoiceField(label=_("哪项功能"))
    purpose = long_text(_("处理什么信息、目的和方式"), 2000)
    necessity = long_text(_("为什么必要，能不能少用"), 2000)
    risks = long_text(_("对个人有什么影响和风险"), 2000)
    measures = long_text(_("保护措施，和风险相称吗"), 2000)
    review_on = forms.DateField(label=_("复核日期"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, features: dict[str, Any], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choice = self.fields["feature"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101
        choice.choices = list(features.items())


class NoticeForm(forms.Form):
    """A text to agree to."""

    code = forms.SlugField(
        label=_("代号"),
        max_length=60,
        help_text=_(
            "字母、数字和短横，例如 health-visit；同一代号再发布就是新版本。和某个标签的代码相同的（例如 "
            "volunteer），本人撤回同意，这个标签马上结束，本人不再同意就不能再加。"
        ),
    )
    title = forms.CharField(label=_("名称"), max_length=80)
    text = long_text(_("全文"), 5000)
    without = forms.CharField(label=_("不同意会怎样"), max_length=200)
    is_sensitive = forms.BooleanField(label=_("涉及敏感信息，要单独同意"), required=False)


class GlassForm(forms.Form):
    """Why somebody beyond one's places must be seen now, and who."""

    phone = forms.CharField(
        label=_("本人的手机号"),
        max_length=30,
        required=False,
        help_text=_("看一个人：写他的完整手机号。看一个地方：空着，在下面选地点。"),
    )
    reason = long_text(_("发生了什么，为什么现在必须看"), 200)


class ReviewForm(forms.Form):
    """Whether a grant was right."""

    was_right = forms.TypedChoiceField(
        label=_("这次紧急查看"),
        choices=[("yes", _("正当")), ("no", _("不正当"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    words = long_text(_("意见"), 500)


class HoldForm(forms.Form):
    """Whose data must stay, and why."""

    phone = forms.CharField(label=_("当事人的手机号"), max_length=30)
    basis = forms.CharField(label=_("依据"), max_length=200, help_text=_("案号或协查函编号。"))


class IncidentForm(forms.Form):
    """What PIPL 57 wants said."""

    is_drill = forms.BooleanField(label=_("这是演练"), required=False)
    found_at = forms.DateTimeField(
        label=_("什么时候发现"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    kinds = forms.CharField(label=_("涉及哪些信息"), max_length=300)
    causes = long_text(_("原因"))
    harm = long_text(_("可能造成的危害"))
    severity = forms.ChoiceField(label=_("危害程度"), choices=Severity.choices)
    remedies = long_text(_("已经采取的补救措施"))
    advice = long_text(_("本人可以怎样减轻危害"))
    contact = forms.CharField(label=_("联系方式"), max_length=120)


class CloseForm(forms.Form):
    """How an incident ended."""

    lessons = long_text(_("以后怎样不再发生"))
    not_told_because = forms.CharField(label=_("没有通知本人的，写明理由"), max_length=300, required=False)


class ReportForm(forms.Form):
    """Which authority was told."""

    to = forms.CharField(label=_("报告给哪个主管部门"), max_length=120)


class FindingForm(forms.Form):
    """Which body, and what was found."""

    body = forms.CharField(label=_("单位全称"), max_length=80)
    what = long_text(_("查到什么"), help_text=_("会公布，不要写居民姓名。"))


class HearForm(forms.Form):
    """What the body says."""

    words = long_text(_("单位的说明"), 2000)


class DecideForm(forms.Form):
    """The conclusion."""

    is_misuse = forms.TypedChoiceField(
        label=_("结论"),
        choices=[("yes", _("认定违规：收回权限并公布")), ("no", _("不认定"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    conclusion = long_text(_("理由"), help_text=_("会公布，不要写居民姓名。"))


class CheckForm(forms.Form):
    """One item of the security check-list."""

    code = forms.ChoiceField(label=_("检查项"), choices=CHECKS)
    step = forms.ChoiceField(label=_("情况"), choices=Step.choices)
    note = forms.CharField(label=_("说明"), max_length=300, required=False)
