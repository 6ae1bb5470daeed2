"""Signing in without typing: residents by their telephone, staff as after password and second factor."""

from datetime import datetime

from django.test import Client
from django.utils import timezone

from linli.organisations.models import Membership
from linli.people import actions as people
from linli.people.models import Account, Person


def account_of(person: Person, at: datetime | None = None) -> Account:
    """Return the account with which `person` signs in: staff where they hold a role, else their telephone's.

    Who has neither gets an account that serves them alone, as a paper code would open it.
    """
    at = at or timezone.now()
    if Membership.objects.filter(person=person).exists():
        account = person.staff_account
        if account is None:
            account, _password = people.open_staff_account(person, f"staff{person.pk}", person, at)
        account.must_change_password, account.totp_enrolled_at = False, account.totp_enrolled_at or at
        account.save()
        return account
    if person.phone_index:
        return people.open_phone_account(person, at)
    account = person.accounts.first() or Account.objects.create()
    account.persons.add(person)
    return account


def sign_in(client: Client, person: Person) -> Client:
    """Sign `person` in on `client` (its session, and with it the powers of their roles) and return it."""
    client.force_login(account_of(person))
    session = client.session
    session["person"] = person.pk
    session.save()
    return client


def signed_in(person: Person) -> Client:
    """Return a new client on which `person` is signed in."""
    return sign_in(Client(), person)
