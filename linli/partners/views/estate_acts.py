"""Acts of a partner's own people: rounds, devices, visit slots."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.partners import actions
from linli.partners.actions import Kept, Offered
from linli.partners.forms import estate as forms
from linli.partners.forms import standing as plain
from linli.partners.forms.fields import ActForm
from linli.partners.models import Booking, Device, Partner, RoundReport, VisitSlot
from linli.partners.rules import TAKES_PART, Kind
from linli.partners.views.acting import MEMBER, Act

OWN = frozenset({MEMBER})


def _works(partner: Partner, _now: datetime) -> bool:
    return partner.state in TAKES_PART


def _property(partner: Partner, _now: datetime) -> bool:
    return partner.state in TAKES_PART and partner.kind == Kind.PROPERTY


def _round(request: Any, partner: Partner, form: ActForm, now: datetime) -> object:
    typed = form.cleaned_data
    return actions.plan_round(
        partner,
        typed["place"],
        typed["title"],
        typed["points"],
        typed["every_days"],
        by=request.person,
        at=now,
    )


def _device(request: Any, partner: Partner, form: ActForm, now: datetime) -> object:
    typed = form.cleaned_data
    kept = Kept(typed["name"], typed["purpose"], typed["every_days"], typed["model_words"])
    return actions.add_device(partner, typed["place"], kept, by=request.person, at=now)


def _slot(request: Any, partner: Partner, form: ActForm, now: datetime) -> object:
    typed = form.cleaned_data
    names = ("purpose", "fee_words", "starts_at", "ends_at", "seats")
    offered = Offered(**{name: typed[name] for name in names})
    return actions.offer_slot(partner, typed["place"], offered, by=request.person, at=now)


def _service(request: Any, device: Device, form: ActForm, now: datetime) -> object:
    typed = form.cleaned_data
    return actions.service_device(device, typed["words"], by=request.person, at=now, is_gone=typed["is_gone"])


ESTATE_ACTS: dict[str, Act] = {
    "plan-round": Act(
        _("添一条巡查路线"), forms.RoundForm, _round, OWN, _("加好了。"),
        _("巡查只记看到了什么；不打卡、不记轨迹，照片可有可无。"), _property,
    ),
    "settle-defects": Act(
        _("处理好了"), plain.WordsForm,
        lambda request, report, form, now: actions.settle_defects(
            report, form.cleaned_data["words"], by=request.person, at=now
        ),
        OWN, _("记下了。"),
        rows=lambda partner: RoundReport.objects.filter(round__partner=partner).select_related("round__partner"),
    ),
    "add-device": Act(_("登记设备"), forms.DeviceForm, _device, OWN, _("登记好了。"), when=_property),
    "service-device": Act(
        _("记保养"), forms.ServiceForm, _service, OWN, _("记下了。"),
        rows=lambda partner: Device.objects.filter(partner=partner, ended_on=None).select_related("partner"),
    ),
    "offer-slot": Act(
        _("开放上门时段"), forms.SlotForm, _slot, OWN, _("开放了，住户可以预约。"), when=_works
    ),
    "withdraw-slot": Act(
        _("取消这个时段"), plain.WordsForm,
        lambda request, slot, form, now: actions.withdraw_slot(
            slot, form.cleaned_data["words"], by=request.person, at=now
        ),
        OWN, _("取消了，约好的住户都告诉了。"),
        rows=lambda partner: VisitSlot.objects.filter(partner=partner, withdrawn_at=None).select_related("partner"),
    ),
    "note-visit": Act(
        _("上过门了"), plain.WordsForm,
        lambda request, booking, form, now: actions.note_visit(
            booking, form.cleaned_data["words"], by=request.person, at=now
        ),
        OWN, _("记下了。"),
        rows=lambda partner: Booking.objects.filter(slot__partner=partner, cancelled_at=None).select_related(
            "slot__partner"
        ),
    ),
}  # fmt: skip
OWN_ACTS = ("plan-round", "add-device", "offer-slot")
