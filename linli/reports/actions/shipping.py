"""The commonest ledgers are there before anybody asks: shipped templates for a community."""

import hashlib
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from linli.organisations.models import Membership
from linli.people.models import Person
from linli.places.models import Place
from linli.reports.actions.making import facts_of, tag_kinds
from linli.reports.actions.standing import registers
from linli.reports.models import Column, Demand, Template
from linli.reports.rules import Period, Source, Who
from linli.reports.rules.coding import codes_for
from linli.reports.rules.ledgers import (
    FIRST_ROW,
    FOOT_ROW,
    GROUP_ROW,
    NAME_ROW,
    NUMBER,
    Ledger,
    LedgerColumn,
    ledgers,
    workbook_of,
)

VALID_FOR = timedelta(days=365)


@transaction.atomic
def ship(place: Place, *, by: Person, at: datetime) -> list[Template]:
    """Set up the shipped ledgers for a community; those already there stay as they are. Returns the new ones.

    They stand in the community's own name, on the statute that has it keep such a list, for a year at a time;
    identity numbers and telephones are covered in the middle unless somebody fills them whole.
    """
    role = registers(by, place, at)
    Place.objects.select_for_update().get(pk=place.pk)
    there = set(Template.objects.filter(place=place).exclude(shipped="").values_list("shipped", flat=True))
    return [_shipped(ledger, place, role, by, at) for ledger in ledgers() if ledger.code not in there]


def _shipped(ledger: Ledger, place: Place, role: Membership, by: Person, at: datetime) -> Template:
    book = workbook_of(ledger)
    template = Template(
        name=ledger.name,
        place=place,
        shipped=ledger.code,
        subject=ledger.subject,
        file_name=f"{ledger.name}.xlsx",
        digest=hashlib.sha256(book).hexdigest(),
        sheet=ledger.name[:28],
        header_first=GROUP_ROW,
        header_last=NAME_ROW,
        data_first=FIRST_ROW,
        foot=FOOT_ROW,
        who=_who(ledger),
        made_by=by,
        made_at=at,
        is_ready=True,
    )
    template.book = book
    template.save()
    names = {name: code for code, name in tag_kinds()}
    Column.objects.bulk_create(
        [_column(template, number, column, names) for number, column in enumerate(ledger.columns, start=1)]
    )
    today = localdate(at)
    Demand.objects.create(
        template=template,
        organisation=role.organisation,
        demander=_("%(body)s（自用台账）") % {"body": role.organisation.name},
        basis=ledger.basis,
        period=Period.MONTH,
        since=today,
        until=today + VALID_FOR,
        recorded_by=by,
        recorded_at=at,
    )
    return template


def _who(ledger: Ledger) -> dict[str, object]:
    """Return who is in it, tags by their codes; a tag that this deployment has not keeps everybody out."""
    kept = {name: value for name, value in ledger.who.items() if name != "tag_names"}
    if names := ledger.who.get("tag_names", []):
        codes = [code for code, name in tag_kinds() if any(wanted in name for wanted in names)]
        kept["tags"] = codes or names
    return Who.of(kept).kept()


def _column(template: Template, number: int, column: LedgerColumn, tags: dict[str, str]) -> Column:
    words = " / ".join(part for part in (column.group, column.name) if part)
    if column.fact == NUMBER:
        return Column(template=template, number=number, words=words, source=Source.NUMBER)
    fact = column.fact
    prefix, sign, name = fact.rpartition(":")
    if sign:
        code = next((code for known, code in tags.items() if name in known), "")
        if not code:
            return Column(template=template, number=number, words=words, source=Source.BLANK)
        fact = f"{prefix}:{code}"
    held = facts_of(template.subject)[fact]
    return Column(
        template=template,
        number=number,
        words=words,
        source=Source.FACT,
        fact=fact,
        codes=codes_for(held, words, []),
    )
