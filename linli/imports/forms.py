"""What is typed about imports and exports."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.imports.models import Run, Source
from linli.imports.rules.columns import COLUMNS, IGNORED, Group
from linli.imports.rules.dates import DayOrder
from linli.imports.rules.exports import EXPORTED, USUAL, header_of
from linli.organisations.models import Membership
from linli.organisations.rules import Power
from linli.places.models import Place
from linli.places.rules import Kind


def own_places(memberships: Sequence[Membership]) -> list[Place]:
    """Return the places whose register the caller keeps, grids left out."""
    held = {row.place.pk: row.place for row in memberships if Power.REGISTER in row.powers}
    return [place for place in held.values() if place.kind != Kind.GRID]


class ReceiveForm(forms.Form):
    """A file, where it comes from, of which day it is, and into which place it goes."""

    place = forms.ModelChoiceField(
        Place.objects.none(),
        label=_("导入到哪里"),
        empty_label=None,
        widget=forms.Select(attrs={"lang": "zh-Hans"}),
    )
    source = forms.CharField(
        label=_("台账从哪里来"),
        max_length=60,
        help_text=_("例如“派出所人口台账”。同一来源的栏目对应会记住，下次不用再对。"),
    )
    stated_on = forms.DateField(
        label=_("台账日期"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("台账说的是哪一天的情况。比登记里更新的内容才会更新登记。"),
    )
    file = forms.FileField(
        label=_("文件"),
        help_text=_("XLSX 或 CSV，最大 500 MB。文件加密存放，导入后 7 天删除；没导入的 3 天删除。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )

    def __init__(self, *args: Any, memberships: Sequence[Membership], **options: Any) -> None:
        super().__init__(*args, **options)
        places = own_places(memberships)
        field: Any = self.fields["place"]
        field.queryset = Place.objects.filter(pk__in=[place.pk for place in places])
        field.label_from_instance = lambda place: place.full_name
        if len(places) == 1:
            field.initial = places[0].pk
        names = Source.objects.filter(place__in=places).order_by("name").values_list("name", flat=True)
        self.known_sources = list(names[:50])
        self.fields["source"].widget.attrs |= {"list": "known-sources", "autocomplete": "off"}


class MappingForm(forms.Form):
    """For each column of the file: what it holds."""

    day_order = forms.ChoiceField(label=_("日期怎么写的"), choices=DayOrder.choices)
    plants_homes = forms.BooleanField(
        label=_("登记里没有的楼栋和房屋，按台账新建"),
        required=False,
        help_text=_("不勾选：这些行不导入，写进没有导入的行里。"),
    )

    def __init__(self, *args: Any, run: Run, samples: Sequence[Sequence[str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.run = run
        self.fields["day_order"].initial = run.day_order
        self.fields["plants_homes"].initial = run.plants_homes
        offered = _offered()
        for number, heading in enumerate(run.headings):
            shown = [row[number] for row in samples if number < len(row) and row[number]]
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=heading,
                choices=offered,
                error_messages={"required": _("这一列还没有去处：请选一个栏目，不需要的选“不导入这一列”。")},
                initial=run.mapping.get(heading, ""),
                help_text="；".join(_kind_of_sample(cell) for cell in shown[:1]),
            )

    def columns(self) -> list[Any]:
        """Return the bound fields of the columns, in the order of the file."""
        return [self[name] for name in self.fields if name.startswith("column_")]

    def mapping(self) -> dict[str, str]:
        """Return {heading: code}."""
        return {
            heading: self.cleaned_data.get(f"column_{number}", "")
            for number, heading in enumerate(self.run.headings)
        }


def _kind_of_sample(cell: str) -> str:
    """Show what a column looks like without showing whose it is: letters and digits become their kind."""
    shape = "".join(
        "9" if sign.isdigit() else "字" if "\u4e00" <= sign <= "\u9fff" else "A" if sign.isalpha() else sign
        for sign in cell[:24]
    )
    return str(_("样子：%(shape)s")) % {"shape": shape}


def _offered() -> list[Any]:
    offered: list[Any] = [("", _("请选择")), (IGNORED, _("不导入这一列"))]
    for group in Group:
        rows = [(column.code, column.label) for column in COLUMNS if column.group == group]
        offered.append((group.label, rows))
    return offered


class ExportForm(forms.Form):
    """Whose list, which columns, masked or not, and why."""

    place = forms.ModelChoiceField(
        Place.objects.none(),
        label=_("哪里的居民"),
        empty_label=None,
        widget=forms.Select(attrs={"lang": "zh-Hans"}),
    )
    fields_chosen = forms.MultipleChoiceField(
        label=_("栏目"), widget=forms.CheckboxSelectMultiple, choices=[], initial=USUAL
    )
    kind = forms.ChoiceField(label=_("格式"), choices=[("xlsx", "XLSX"), ("csv", "CSV")])
    is_clear = forms.BooleanField(
        label=_("不遮挡（显示完整的姓名、证件号码、电话）"),
        required=False,
        help_text=_("只在办这件事确实需要时勾选。"),
    )
    reason = forms.CharField(
        label=_("为什么导出、给谁用"),
        max_length=200,
        help_text=_("名单里的每个人都能在“谁看了我的信息”里读到这句话。"),
    )

    def __init__(self, *args: Any, memberships: Sequence[Membership], **options: Any) -> None:
        super().__init__(*args, **options)
        own = [place.pk for place in own_places(memberships)]
        places: Any = self.fields["place"]
        places.queryset = Place.objects.filter(pk__in=own)
        places.label_from_instance = lambda place: place.full_name
        chosen: Any = self.fields["fields_chosen"]
        chosen.choices = [(field, header_of(field)) for field in EXPORTED]
