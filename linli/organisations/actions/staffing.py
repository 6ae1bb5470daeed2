"""People are appointed to roles and dismissed from them; a lost way in is given back."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from linli.base.errors import Refused, require
from linli.base.words import said as _
from linli.organisations.actions.bodies import create
from linli.organisations.models import Membership, Organisation, Tier
from linli.organisations.rules import ADMINISTRATION, Role, clashing
from linli.people import actions as people
from linli.people.models import Person
from linli.places.models import Place


@transaction.atomic
def appoint(
    person: Person,
    organisation: Organisation,
    role: str,
    place: Place,
    since: date,
    by: Person | None,
    at: datetime,
) -> Membership:
    """Give `person` a role in `organisation` at and under `place` from the day `since`.

    `by` is the administrator, None only for the installation itself. The same
    appointment again returns the one that holds.
    """
    require(role in Role.values, _("请选择角色。"))
    require(organisation.retired_at is None, _("这个单位已停用，不能再任用人员。"))
    Person.objects.select_for_update().get(pk=person.pk)
    held = Membership.objects.filter(person=person, until=None)
    other = clashing(role, held.values_list("role", flat=True))
    require(
        not other,
        _("“%(role)s”和“%(other)s”不能由同一个人担任。")
        % {"role": Role(role).label if role else "", "other": Role(other).label if other else ""},
        rule=_("岗位分离：管理员不得兼任数据官、审计员"),
    )
    known = held.filter(organisation=organisation, role=role, place=place).first()
    if known is not None:
        return known
    membership = Membership.objects.create(
        person=person, organisation=organisation, role=role, place=place, since=since, appointed_by=by
    )
    _tell(
        membership,
        _("您有了新的岗位"),
        _("%(role)s · %(organisation)s · %(place)s，从 %(day)s 起。"),
        since,
        at,
    )
    return membership


@transaction.atomic
def dismiss(membership: Membership, on: date, by: Person | None, at: datetime) -> Membership:
    """End a role: `on` is the first day without it. What was done in it stays in the history."""
    row = Membership.objects.select_for_update().get(pk=membership.pk)
    if row.until is not None and row.until <= on:
        return row
    row.until, row.dismissed_by = max(on, row.since), by
    row.save(update_fields=["until", "dismissed_by"])
    _tell(
        row,
        _("您的一个岗位结束了"),
        _("%(role)s · %(organisation)s · %(place)s，%(day)s 起不再有效。"),
        row.until,
        at,
    )
    return row


@transaction.atomic
def engage(
    name: str,
    phone: str,
    username: str,
    appointment: tuple[Organisation, str, Place],
    since: date,
    by: Person,
    at: datetime,
) -> tuple[Membership, str]:
    """Appoint someone by name and number to (organisation, role, place) and open their staff account.

    Returns the membership and the temporary password, "" where the person already has an account.
    """
    require(bool(name.strip()) and bool(phone.strip()), _("请写姓名和手机号。"))
    person = people.register(name, phone, at, by)
    require(person != by, _("不能任用自己，请另一位管理员来办。"))
    organisation, role, place = appointment
    membership = appoint(person, organisation, role, place, since, by, at)
    if person.staff_account is not None:
        return membership, ""
    _account, password = people.open_staff_account(person, username, by, at)
    return membership, password


@transaction.atomic
def install_administrator(
    name: str, username: str, body: str, place: Place, at: datetime
) -> tuple[Membership, str]:
    """Appoint the first administrator of a place, for whoever installs Linli, and return the temporary password.

    The body that administers is made where there is none.
    """
    organisation = Organisation.objects.active().filter(function=ADMINISTRATION, serves=place).first()
    if organisation is None:
        organisation = create(body, ADMINISTRATION, Tier.DISTRICT, [place], at)
    person = people.register(name, "", at)
    _account, password = people.open_staff_account(person, username, None, at)
    membership = appoint(person, organisation, Role.ADMINISTRATOR, place, localdate(at), None, at)
    return membership, password


@transaction.atomic
def recover(membership: Membership, by: Person, at: datetime) -> str:
    """Reset the staff account of a member and return the temporary password; nobody resets their own."""
    require(membership.person != by, _("不能重置自己的账号，请另一位管理员来办。"))
    account = membership.person.staff_account
    if account is None:
        raise Refused(_("这位工作人员还没有账号，请先给他开一个。"))
    return people.reset_staff_account(account, by, at)


def _tell(membership: Membership, title: str, body: str, day: date, at: datetime) -> None:
    words = {
        "role": membership.get_role_display(),
        "organisation": str(membership.organisation),
        "place": str(membership.place),
        "day": day,
    }
    people.notify(
        membership.person,
        f"membership:{membership.token}:{membership.until or ''}",
        title,
        body % words,
        "",
        at,
    )
