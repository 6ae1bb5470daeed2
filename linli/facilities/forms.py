"""What is typed about facilities."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.facilities.models import Facility, FacilityKind, Plan
from linli.facilities.rules import Condition, Doer, Payer, Result, Unit
from linli.organisations.models import Organisation
from linli.places.models import Ownership, Place

DATE_ERRORS = {"required": _("请写日期。"), "invalid": _("没有这一天。请写成 2026-03-09 这样的日期。")}


def day(label: Any, **options: Any) -> forms.DateField:
    """Return a field for a day that may be left out."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, required=False, error_messages=DATE_ERRORS, **options)


class InspectForm(forms.Form):
    """What was found; one tap sends only `result`."""

    plan = forms.ModelChoiceField(
        label=_("查什么"), queryset=Plan.objects.none(), to_field_name="token", required=False,
        empty_label=_("临时看看"), widget=forms.Select(attrs={"lang": "zh-Hans"}),
    )  # fmt: skip
    result = forms.ChoiceField(
        label=_("查得怎么样"), choices=Result.choices, widget=forms.RadioSelect,
        error_messages={"required": _("请选查得怎么样。")},
    )  # fmt: skip
    words = forms.CharField(
        label=_("看到的情况"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("有问题的请写一句，会变成一件要办的事；正常的不用写。"),
    )  # fmt: skip
    on = day(_("哪天查的"), help_text=_("今天查的不用填。"))
    report_number = forms.CharField(
        label=_("报告编号"), max_length=60, required=False, help_text=_("法定检验要写。")
    )
    next_on = day(_("下次检验日期"), help_text=_("报告上写了才填，以报告为准。"))
    once = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, facility: Facility, **options: Any) -> None:
        super().__init__(*args, **options)
        plans: Any = self.fields["plan"]
        plans.queryset = Plan.objects.filter(kind=facility.kind_id).order_by("pk")


class ConditionForm(forms.Form):
    """How it is now."""

    condition = forms.ChoiceField(label=_("现在的状况"), choices=Condition.choices)
    words = forms.CharField(label=_("怎么了"), max_length=300, required=False)


class FactsForm(forms.Form):
    """The file of a facility."""

    kind = forms.CharField(
        label=_("种类"), max_length=40, widget=forms.TextInput(attrs={"list": "kinds"}),
        error_messages={"required": _("请写是什么部件，例如电梯。")},
    )  # fmt: skip
    ownership = forms.ChoiceField(
        label=_("归谁所有"), choices=[("", _("还没有查清")), *Ownership.choices], required=False
    )
    responsible = forms.ModelChoiceField(
        label=_("管理单位"), queryset=Organisation.objects.none(), required=False, to_field_name="token",
        empty_label=_("还没有查清"), widget=forms.Select(attrs={"lang": "zh-Hans"}),
    )  # fmt: skip
    upkeep = forms.ModelChoiceField(
        label=_("维保单位"), queryset=Organisation.objects.none(), required=False, to_field_name="token",
        empty_label=_("没有另外的维保单位"), widget=forms.Select(attrs={"lang": "zh-Hans"}),
    )  # fmt: skip
    payer = forms.ChoiceField(label=_("谁出钱维护"), choices=Payer.choices, initial=Payer.UNKNOWN)
    installed_on = day(_("启用日期"))
    model_words = forms.CharField(label=_("型号、编号"), max_length=80, required=False)

    def __init__(self, *args: Any, place: Place, facility: Facility | None, **options: Any) -> None:
        initial: dict[str, Any] = {"kind": place.facility_kind, "ownership": place.ownership}
        if facility is not None:
            initial |= {
                "payer": facility.payer,
                "installed_on": facility.installed_on,
                "model_words": facility.model_words,
                "responsible": facility.responsible.token if facility.responsible else None,
                "upkeep": facility.upkeep.token if facility.upkeep else None,
            }
        options["initial"] = initial
        super().__init__(*args, **options)
        serving = Organisation.objects.serving(place)
        bodies = Organisation.objects.filter(pk__in=serving.values("pk")).order_by("name")
        for name in ("responsible", "upkeep"):
            field: Any = self.fields[name]
            field.queryset = bodies


class PlanForm(forms.Form):
    """How often, by whom, on what basis."""

    every = forms.IntegerField(label=_("多久一次"), min_value=1)
    unit = forms.ChoiceField(label=_("单位"), choices=Unit.choices)
    doer = forms.ChoiceField(label=_("由谁来查"), choices=Doer.choices)
    warn_days = forms.IntegerField(label=_("提前几天提醒"), min_value=0, max_value=180)
    basis = forms.CharField(
        label=_("依据"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("哪部法规、哪个标准、哪份合同；没有就写“建议周期”。"),
        error_messages={"required": _("请写依据。")},
    )  # fmt: skip


class NewPlanForm(PlanForm):
    """An inspection that a kind did not have."""

    kind = forms.ModelChoiceField(
        empty_label=_("请选择"),
        label=_("哪种部件"), queryset=FacilityKind.objects.order_by("code"), to_field_name="code",
        widget=forms.Select(attrs={"lang": "zh-Hans"}),
    )  # fmt: skip
    name = forms.CharField(label=_("查什么"), max_length=60, error_messages={"required": _("请写查什么。")})
    field_order = ["kind", "name"]


class ImportForm(forms.Form):
    """A CSV file, tried or kept."""

    file = forms.FileField(
        label=_("CSV 文件"), widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": _("请选一个 CSV 文件。"), "empty": _("文件是空的，请重新选。")},
    )  # fmt: skip
    keep = forms.BooleanField(label=_("核对过了，正式导入（不勾只是试一试）"), required=False)
