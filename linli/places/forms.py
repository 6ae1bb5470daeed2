"""What staff write about places."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.places.models import EstateType, FacilityClass, Occupancy, Ownership, Place
from linli.places.rules import (
    LACKS,
    Kind,
    clean_name,
    facts_of,
    from_gcj02,
    is_named_by_hand,
    may_be_added_under,
    to_gcj02,
)

MOST_AT_ONCE = 300
WGS84, GCJ02 = "wgs84", "gcj02"


def _choices(values: Any) -> list[tuple[str, str | Promise]]:
    return [("", _("还不清楚")), *values.choices]


class FactsForm(forms.Form):
    """What is known of a place, with only the fields that fit its kind; `facts` holds the clean columns."""

    estate_type = forms.ChoiceField(label=_("小区类型"), choices=_choices(EstateType), required=False)
    lacks = forms.MultipleChoiceField(
        label=_("缺什么"), choices=list(LACKS.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    floor_area = forms.DecimalField(
        label=_("建筑面积（平方米）"),
        help_text=_("房产证上的面积；业主投票按它计算。"),
        min_value=1, max_value=100_000, max_digits=10, decimal_places=2, required=False,
    )  # fmt: skip
    occupancy = forms.ChoiceField(label=_("居住状况"), choices=_choices(Occupancy), required=False)
    facility_class = forms.ChoiceField(label=_("部件大类"), choices=_choices(FacilityClass), required=False)
    facility_kind = forms.CharField(
        label=_("是什么"), help_text=_("比如路灯、电梯、消火栓。"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"list": "facility-kinds"}),
    )  # fmt: skip
    ownership = forms.ChoiceField(label=_("归谁"), choices=_choices(Ownership), required=False)
    latitude = forms.FloatField(label=_("纬度"), min_value=-90, max_value=90, required=False)
    longitude = forms.FloatField(label=_("经度"), min_value=-180, max_value=180, required=False)
    datum = forms.ChoiceField(
        label=_("坐标从哪里来"),
        choices=[(WGS84, _("手机定位")), (GCJ02, _("国内地图（高德、腾讯等）"))],
        initial=WGS84,
        required=False,
    )

    def __init__(self, *args: Any, kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in set(self.fields) - facts_of(kind) - {"datum", "name", "names"}:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Bring a position to WGS-84; half a position is none."""
        cleaned = self.cleaned_data
        latitude, longitude = cleaned.get("latitude"), cleaned.get("longitude")
        if (latitude is None) != (longitude is None) and not self.has_error("latitude", "invalid"):
            self.add_error("longitude", _("经度和纬度要一起填，或者都不填。"))
        elif latitude is not None and longitude is not None and cleaned.get("datum") == GCJ02:
            cleaned["latitude"], cleaned["longitude"] = from_gcj02(latitude, longitude)
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        """Return the clean columns by name."""
        return {
            name: value for name, value in self.cleaned_data.items() if name not in {"name", "names", "datum"}
        }


class ChangeForm(FactsForm):
    """A known place: its name too, where people and not the official tables name it."""

    name = forms.CharField(label=_("名称"), max_length=120)
    field_order = ["name"]

    def __init__(self, *args: Any, place: Place, **options: Any) -> None:
        initial = {name: getattr(place, name) for name in facts_of(place.kind) if name != "grid"}
        super().__init__(*args, kind=place.kind, initial=initial | {"name": place.name}, **options)
        if not is_named_by_hand(place.kind):
            del self.fields["name"]

    def clean_name(self) -> str:
        """Return the name without what cannot be seen."""
        name = clean_name(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("请写上名称。"))
        return name


class KindForm(forms.Form):
    """Which kind of place to add; answered by the address, so that the next form shows the right fields."""

    kind = forms.ChoiceField(label=_("添加什么"))

    def __init__(self, *args: Any, parent: Place, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"] = forms.ChoiceField(
            label=_("添加什么"),
            choices=[(kind.value, kind.label) for kind in may_be_added_under(parent.kind)],
        )


class AddForm(FactsForm):
    """One or many new places of one kind; what is filled in besides holds for each of them."""

    names = forms.CharField(
        label=_("名称"),
        help_text=_("一行写一个，可以一次添加多个。"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    field_order = ["names"]

    def clean_names(self) -> list[str]:
        """Return the names, one for each line that says something."""
        names = [clean_name(line) for line in self.cleaned_data["names"].splitlines()]
        names = [name for name in names if name]
        if not names:
            raise forms.ValidationError(_("请写上名称。"))
        if len(names) > MOST_AT_ONCE:
            raise forms.ValidationError(_("一次最多添加 %(n)s 个，请分几次。") % {"n": MOST_AT_ONCE})
        if any(len(name) > 120 for name in names):
            raise forms.ValidationError(_("每个名称最多 120 个字。"))
        return names


class SheetForm(forms.Form):
    """Of which kinds codes are printed."""

    kinds = forms.MultipleChoiceField(
        label=_("印哪些"), choices=Kind.choices, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少勾选一种。")},
    )  # fmt: skip


def shown_position(place: Place) -> dict[str, tuple[float, float]]:
    """Return the position as both kinds of maps write it; {} where none is known."""
    if place.latitude is None or place.longitude is None:
        return {}
    return {WGS84: (place.latitude, place.longitude), GCJ02: to_gcj02(place.latitude, place.longitude)}
