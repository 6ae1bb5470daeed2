"""Bodies come, are found by what they do and where, and go."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from linli.base.errors import Refused, require
from linli.organisations.models import Organisation, Tier
from linli.people.models import Person
from linli.places.models import Place


@transaction.atomic
def create(
    name: str,
    function: str,
    tier: str,
    serves: Iterable[Place],
    at: datetime,
    *,
    telephone: str = "",
    is_desk: bool = False,
) -> Organisation:
    """Set up a body that does `function` for the places it `serves`. A place has one desk (兜底服务台) at
    most.
    """
    places = list(serves)
    require(bool(name.strip()), _("请写单位名称。"))
    require(bool(function.strip()), _("请写这个单位的职能。"))
    require(tier in Tier.values, _("请选择单位的层级。"))
    require(bool(places), _("请选择它服务哪里。"))
    if is_desk:
        taken = Organisation.objects.active().filter(is_desk=True, serves__in=places).first()
        require(taken is None, _("这里已有服务台“%(name)s”，一个地方只设一个。") % {"name": str(taken)})
    organisation = Organisation.objects.create(
        name=name.strip(),
        function=function.strip(),
        tier=tier,
        telephone=telephone.strip(),
        is_desk=is_desk,
        created_at=at,
    )
    organisation.serves.set(places)
    return organisation


@transaction.atomic
def retire(organisation: Organisation, by: Person, at: datetime) -> Organisation:
    """Close a body: it is found no more and its roles give no rights; its history stays."""
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if row.retired_at is None:
        row.retired_at = at
        row.save(update_fields=["retired_at"])
    return row


@transaction.atomic
def let_take_orders(organisation: Organisation, until: date | None, at: datetime) -> Organisation:
    """Say until which day (included) a body takes new orders; None takes the limit away. Again changes nothing."""
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if row.orders_until != until:
        row.orders_until = until
        row.save(update_fields=["orders_until"])
    return row


@transaction.atomic
def extend(organisation: Organisation, places: Iterable[Place], at: datetime) -> Organisation:
    """Let a body serve `places` too; those it serves already change nothing."""
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    row.serves.add(*places)
    return row


def find(function: str, place: Place) -> Organisation | None:
    """Return the body that does `function` for `place`: the one that serves the nearest place around it."""
    return Organisation.objects.serving(place).filter(function=function).first()


def desk(place: Place) -> Organisation:
    """Return the desk that owns whatever nobody else matches at `place` (首问负责). Refused where none was
    set up.
    """
    found = Organisation.objects.serving(place).filter(is_desk=True).first()
    if found is None:
        raise Refused(_("“%(place)s”还没有设服务台，请先由管理员设好再受理。") % {"place": str(place)})
    return found
