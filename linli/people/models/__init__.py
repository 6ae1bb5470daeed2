"""Persons, the homes they live in, who may act for whom, and how they sign in."""

from linli.people.models.entering import PhoneChange, SignIn, SignInCode, Tries
from linli.people.models.persons import (
    Account,
    HomeCode,
    PendingNotice,
    Person,
    PersonQuerySet,
    Proxy,
    Residency,
    ResidencyQuerySet,
    may_act_for,
)
from linli.people.rules import Tenure

__all__ = [
    "Account",
    "HomeCode",
    "PendingNotice",
    "Person",
    "PersonQuerySet",
    "PhoneChange",
    "Proxy",
    "Residency",
    "ResidencyQuerySet",
    "SignIn",
    "SignInCode",
    "Tenure",
    "Tries",
    "may_act_for",
]
