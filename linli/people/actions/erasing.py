"""A person asks to be forgotten: what goes, and what must stay."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from linli.people.actions.devices import end_all_sign_ins
from linli.people.models import Account, PendingNotice, Person, PhoneChange, Proxy, Residency, SignIn


@transaction.atomic
def erase_sign_ins(person: Person, at: datetime) -> int:
    """Sign the person out everywhere, forget their devices, and close accounts that nobody else uses; rows gone."""
    gone = 0
    for account in Account.objects.select_for_update().filter(
        persons=person
    ):  # a staff account too: roles are over
        is_shared = account.persons.exclude(pk=person.pk).exists()
        account.persons.remove(person)
        if not is_shared:
            end_all_sign_ins(account, at)
            gone += SignIn.objects.filter(account=account).delete()[0]
            gone += account.delete()[0]
    gone += PhoneChange.objects.filter(person=person).delete()[0]
    return gone + PendingNotice.objects.filter(person=person).delete()[0]


@transaction.atomic
def erase_proxies(person: Person, at: datetime) -> int:
    """Remove who may act for the person and for whom they may; rows gone."""
    return Proxy.objects.filter(Q(principal=person) | Q(agent=person)).delete()[0]


@transaction.atomic
def erase_person(person: Person, at: datetime) -> int:
    """Take name, number, year and homes of somebody who lives here no longer; the empty row stays for what names it."""
    row = Person.objects.select_for_update().get(pk=person.pk)
    row.name, row.called, row.phone, row.birth_year, row.changed_at = "", "", "", None, at
    row.save(update_fields=["name", "called", "phone_sealed", "phone_index", "birth_year", "changed_at"])
    return 1 + Residency.objects.filter(person=row).delete()[0]
