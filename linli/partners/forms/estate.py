"""Rounds, devices, visit slots."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.base.text import in_chinese
from linli.partners.forms.fields import ActForm, Lines, line, moment, served_by


class AtPlaceForm(ActForm):
    """Something at a place that the partner serves."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place"] = served_by(self.partner)
        self.order_fields(["place"])


class RoundForm(AtPlaceForm):
    """A round."""

    title = line(_("路线名称"), 80, _("请写路线名称。"), help_text=_("例如：夜间消防通道。"))
    points = Lines(label=_("巡查点，一行一个"), error_messages={"required": _("请写巡查点，一行一个。")})
    every_days = forms.IntegerField(label=_("几天一次"), min_value=1, max_value=366, initial=7)


class DeviceForm(AtPlaceForm):
    """A device."""

    name = line(_("设备名称"), 80, _("请写设备名称。"))
    purpose = line(_("做什么用"), 160, _("请写做什么用。"))
    model_words = line(_("型号"), 80)
    every_days = forms.IntegerField(label=_("几天保养一次"), min_value=1, max_value=3660, initial=90)


class ServiceForm(ActForm):
    """What was done to a device."""

    words = line(_("保养或停用的情况"), 200, _("请写保养或停用的情况。"))
    is_gone = forms.BooleanField(label=_("这台设备停用了"), required=False)


class SlotForm(AtPlaceForm):
    """A time in which somebody comes to homes."""

    purpose = line(_("上门做什么"), 120, _("请写上门做什么。"))
    fee_words = line(_("收费说明"), 120, _("请写收费说明，不收费就写“不收费”。"))
    starts_at = moment(_("从几点"))
    ends_at = moment(_("到几点"))
    seats = forms.IntegerField(label=_("可以约几户"), min_value=1, max_value=60, initial=6)


class BookForm(forms.Form):
    """What the visitor should know."""

    words = line(_("想请师傅看什么"), 200, help_text=_("可以不填。来的师傅看得到这句话和您的门牌。"))


class WalkForm(forms.Form):
    """A round walked: each point is fine unless something is written beside it."""

    once = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, points: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        for place, point in enumerate(points):
            self.fields[f"wrong_{place}"] = line(
                in_chinese(point), 200, help_text=_("没有问题就空着。") if place == 0 else ""
            )
        self.points = points

    def defects(self) -> dict[int, str]:
        """Return what is wrong, by the place of the point."""
        return {place: self.cleaned_data[f"wrong_{place}"] for place in range(len(self.points))}
