"""The QR codes that stand for places."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from linli.base.errors import require
from linli.places.models import Place, PlaceCode


@transaction.atomic
def issue_code(place: Place, *, by: Model | None, at: datetime) -> PlaceCode:
    """Return the code that stands for `place`, making it if there is none; asking twice makes one."""
    place = Place.objects.select_for_update().get(pk=place.pk)
    return PlaceCode.objects.live().filter(place=place).first() or _make(place, by, at)


@transaction.atomic
def issue_codes(places: Iterable[Place], *, by: Model | None, at: datetime) -> int:
    """Make the codes that `places` still lack, in a few statements. Returns how many were made."""
    wanted = [place for place in places if place.retired_at is None]
    held = set(PlaceCode.objects.live().filter(place__in=wanted).values_list("place_id", flat=True))
    fresh = [
        PlaceCode(place=place, issued_at=at, issued_by=_named(by)) for place in wanted if place.pk not in held
    ]
    PlaceCode.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
    return len(fresh)


@transaction.atomic
def replace_code(place: Place, *, by: Model | None, at: datetime) -> PlaceCode:
    """Make a new code for `place` and retire the one that stood: a lost or copied sticker stops working."""
    place = Place.objects.select_for_update().get(pk=place.pk)
    PlaceCode.objects.live().filter(place=place).update(retired_at=at)
    return _make(place, by, at)


@transaction.atomic
def retire_code(code: PlaceCode, *, by: Model | None, at: datetime) -> PlaceCode:
    """Take a code out of use; retiring it again changes nothing."""
    PlaceCode.objects.live().filter(pk=code.pk).update(retired_at=at)
    code.refresh_from_db()
    return code


def _make(place: Place, by: Model | None, at: datetime) -> PlaceCode:
    require(place.retired_at is None, _("「%(name)s」已经停用，不用再贴码。") % {"name": place.full_name})
    return PlaceCode.objects.create(place=place, issued_at=at, issued_by=_named(by))


def _named(by: Model | None) -> str:
    """Return "people.Person:42": this floor names persons as text."""
    return f"{by._meta.label}:{by.pk}" if by is not None else ""
