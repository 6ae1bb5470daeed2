"""A person died: nobody signs in as them, acts for them or tells them anything any more."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from linli.base.words import said as _
from linli.people.actions.devices import end_all_sign_ins
from linli.people.actions.persons import notify
from linli.people.models import Account, Person, Proxy


@transaction.atomic
def close(person: Person, by: Person, at: datetime) -> Person:
    """End a person's accounts and proxies, and everything they would be told. The row and its history stay.

    An account that others of the household use goes on for them. The caller checked `by`'s right and the paper.
    Again changes nothing.
    """
    row = Person.objects.select_for_update().get(pk=person.pk)
    if row.closed_at is not None:
        return row
    for proxy in Proxy.objects.in_force(at).concerning(row).select_related("agent", "principal"):
        proxy.revoked_at, proxy.revoked_by = at, by
        proxy.save(update_fields=["revoked_at", "revoked_by"])
        other = proxy.principal if proxy.agent_id == row.pk else proxy.agent
        notify(
            other,
            f"proxy-ended:{proxy.token}",
            _("亲情代办已收回"),
            _("社区登记了一位家人的变动，这项代办到此为止。"),
            reverse("people:proxies"),
            at,
        )
    for account in Account.objects.select_for_update().filter(persons=row):
        if account.persons.exclude(pk=row.pk).exists():
            account.persons.remove(row)
            continue
        account.is_active = False
        account.save(update_fields=["is_active"])
        end_all_sign_ins(account, at)
    row.closed_at = row.changed_at = at
    row.save(update_fields=["closed_at", "changed_at"])
    return row
