"""Who lives where, from when to when, and who vouches for it."""

import secrets
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate

from linli.base.crypto import blind_index
from linli.base.errors import Refused, require
from linli.base.fields import ALPHABET
from linli.base.words import said as _
from linli.people.actions.persons import notify, touch
from linli.people.actions.tries import spend
from linli.people.models import HomeCode, Person, Residency
from linli.people.rules import HOME_CODE_LIFE, Tenure, clean_code
from linli.places.models import Kind, Place

Source = Residency.Source


@transaction.atomic
def settle(
    person: Person,
    home: Place,
    tenure: str,
    since: date,
    source: str,
    at: datetime,
    *,
    lives_there: bool = True,
    is_registered: bool | None = None,
) -> Residency:
    """Record that `person` lives in (or owns) `home` from the day `since`; it counts as verified only after
    `verify`.

    Someone who already lives there keeps their row, so that a form sent twice changes nothing. `lives_there`
    is False for an owner who lives elsewhere; `is_registered`: whether the 户口 is there, None where unasked.
    """
    require(home.kind == Kind.HOME, _("请选到具体的一户（几幢几室）。"))
    require(tenure in Tenure.values, _("请选择是业主、家属还是租户。"))
    row = Person.objects.select_for_update().get(pk=person.pk)
    require(row.closed_at is None, _("%(name)s已登记去世，不能再登记住处。") % {"name": row.masked})
    require(row.merged_into_id is None, _("这份档案已经并入另一份，请到保留的那一份里办。"))
    known = Residency.objects.filter(person=person, home=home, until=None).first()
    if known is not None:
        return known
    touch([person.pk], at)
    return Residency.objects.create(
        person=person,
        home=home,
        tenure=tenure,
        since=since,
        source=source,
        lives_there=lives_there,
        is_registered=is_registered,
    )


@transaction.atomic
def describe(
    residency: Residency,
    by: Person,
    at: datetime,
    *,
    tenure: str | None = None,
    lives_there: bool | None = None,
    is_registered: bool | None = None,
) -> Residency:
    """Write in what way a person belongs to a home; None leaves a thing as is. The caller checked `by`'s right."""
    row = Residency.objects.select_for_update().get(pk=residency.pk)
    require(tenure is None or tenure in Tenure.values, _("请选择是业主、家属还是租户。"))
    row.tenure = row.tenure if tenure is None else tenure
    row.lives_there = row.lives_there if lives_there is None else lives_there
    row.is_registered = row.is_registered if is_registered is None else is_registered
    row.save(update_fields=["tenure", "lives_there", "is_registered"])
    touch([row.person_id], at)
    return row


@transaction.atomic
def verify(residency: Residency, by: Person, at: datetime, source: str) -> Residency:
    """Vouch for a residency: family at home (`source` FAMILY), or a worker (COUNTER, IMPORT) whose right the
    caller checked.

    CODE is for `use_home_code`. Again changes nothing.
    """
    row = (
        Residency.objects.select_for_update(of=("self",))
        .select_related("home", "person")
        .get(pk=residency.pk)
    )
    today = localdate(at)
    require(row.is_current(today), _("这段居住关系已经结束，不能再核验。"))
    if row.verified_at is not None:
        return row
    require(source != Source.SELF, _("核验要由工作人员或家人来做。"))
    if source == Source.FAMILY:
        require(by != row.person, _("不能给自己核验，请家人或社区工作人员来确认。"))
        same_home = Residency.objects.on(today).verified().filter(person=by, home=row.home)
        require(same_home.exists(), _("只有同住一户、已经核验的家人可以确认。"))
    row.source, row.verified_at, row.verified_by = source, at, by
    row.save(update_fields=["source", "verified_at", "verified_by"])
    notify(
        row.person,
        f"verified:{row.token}",
        _("您的住处已核验"),
        _("%(home)s，方式：%(source)s。如有不对，请告诉社区。")
        % {"home": row.home.full_name, "source": row.get_source_display()},
        reverse("people:homes"),
        at,
    )
    return row


def confirm_family(residency: Residency, by: Person, at: datetime) -> Residency:
    """A verified member of the same home says: yes, they live with us."""
    return verify(residency, by, at, Source.FAMILY)


@transaction.atomic
def move_out(residency: Residency, on: date, by: Person, at: datetime) -> Residency:
    """End a residency: `on` is the first day without it. The row stays as history; rights by relation end
    that day.
    """
    row = Residency.objects.select_for_update().get(pk=residency.pk)
    if row.until is not None:
        return row
    require(on >= row.since, _("搬走的日子不能早于搬来的日子。"))
    row.until = on
    row.save(update_fields=["until"])
    touch([row.person_id], at)
    if by != row.person:
        notify(
            row.person,
            f"moved-out:{row.token}",
            _("您的一段居住关系已结束"),
            _("从 %(day)s 起不再登记为住在这里。如有不对，请告诉社区。") % {"day": on},
            reverse("people:homes"),
            at,
        )
    return row


@transaction.atomic
def issue_home_code(home: Place, by: Person, at: datetime) -> tuple[HomeCode, str]:
    """Make a code for one home and return it with its clear text, which is kept nowhere."""
    require(home.kind == Kind.HOME, _("请选到具体的一户（几幢几室）。"))
    code = "".join(secrets.choice(ALPHABET) for _sign in range(8))
    row = HomeCode.objects.create(
        home=home,
        code_index=blind_index(f"home:{code}"),
        issued_by=by,
        issued_at=at,
        ends_at=at + HOME_CODE_LIFE,
    )
    return row, code


def use_home_code(person: Person, typed: str, tenure: str, address: str, at: datetime) -> Residency:
    """Verify `person` as living in the home whose code they typed. `address` is where the request came from.

    The try is counted before the code is looked at, in its own transaction.
    """
    spend("home_code_address", address, at)
    spend("home_code_person", str(person.pk), at)
    return _open_home_code(person, clean_code(typed), tenure, at)


@transaction.atomic
def _open_home_code(person: Person, code: str, tenure: str, at: datetime) -> Residency:
    row = (
        HomeCode.objects.select_for_update(of=("self",))
        .select_related("home")
        .filter(code_index=blind_index(f"home:{code}"), used_at=None, ends_at__gt=at)
        .first()
    )
    if row is None:
        raise Refused(_("这个核验码不对，或者已经用过、过期了。请核对，或向社区再要一张。"))
    row.used_by, row.used_at = person, at
    row.save(update_fields=["used_by", "used_at"])
    residency = settle(person, row.home, tenure, localdate(at), Source.CODE, at)
    return verify(residency, person, at, Source.CODE)
