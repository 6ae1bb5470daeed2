"""Residents sign in: by a code sent to their number, or by a paper code where there is no phone."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.crypto import constant_time_compare

from linli.base import gateways
from linli.base.crypto import blind_index
from linli.base.errors import Refused, require
from linli.base.fields import ALPHABET
from linli.base.words import said as _
from linli.people.actions.devices import end_all_sign_ins
from linli.people.actions.persons import notify, register
from linli.people.actions.tries import spend
from linli.people.models import Account, Person, SignInCode
from linli.people.rules import (
    PERSONS_PER_ACCOUNT,
    SIGN_IN_CODE_LIFE,
    SIGN_IN_CODE_TRIES,
    clean_code,
    phone_number,
)

WORDS_OF_OUTCOME = {gateways.Sent: "sent", gateways.Failed: "failed", gateways.TimedOut: "unknown"}


def send_sign_in_code(typed_phone: str, address: str, at: datetime) -> SignInCode:
    """Send a 6-digit code to a mobile number, known or not: the answer is the same. `address` is where the
    request is from.

    Earlier codes for the number stop opening. The message leaves after its row is committed; where the
    gateway does not answer, `outcome` is "unknown" and only a person asks again.
    """
    text = _("【邻里】登录码 %(code)s，10 分钟内有效。谁问您要都不要给，社区也不会要。")
    return send_code(typed_phone, text, address, at)


def send_code(typed_phone: str, text: str, address: str, at: datetime) -> SignInCode:
    """Send `text` with a fresh code at %(code)s to a mobile number; see `send_sign_in_code`."""
    number = phone_number(typed_phone, mobile=True)
    require(bool(number), _("请写您的手机号。"))
    spend("code_to_address", address, at)
    spend("code_to_phone", number, at)
    code = f"{secrets.randbelow(1_000_000):06d}"
    with transaction.atomic():
        SignInCode.objects.filter(phone_index=blind_index(number), used_at=None, ends_at__gt=at).update(
            ends_at=at
        )
        row = SignInCode(asked_at=at, ends_at=at + SIGN_IN_CODE_LIFE)
        row.phone = number
        row.code_index = blind_index(f"{row.token}:{code}")
        row.save()
    row.outcome = WORDS_OF_OUTCOME[type(gateways.send(row.token, number, text % {"code": code}))]
    row.save(update_fields=["outcome"])
    return row


def open_sign_in_code(token: str, typed: str, address: str, at: datetime) -> Account:
    """Return the account of the number to which the code went. A number new to Linli becomes a person.

    Each call costs a try, counted before the code is looked at; a code opens once.
    """
    spend("code_tried_address", address, at)
    asked = SignInCode.objects.filter(token=token).first()
    if asked is not None:
        spend("code_tried_phone", asked.phone_index, at)
    account = _open_code(asked.pk, clean_code(typed), at) if asked is not None else None
    if account is None:
        raise Refused(_("登录码不对，或者已经过期、用过。请核对短信，或重新要一个。"))
    require(account.is_active, _("这个号码已停用，请找社区服务台。"))
    return account


@transaction.atomic
def _open_code(pk: int, code: str, at: datetime) -> Account | None:
    row = SignInCode.objects.select_for_update().get(pk=pk)
    return account_of_phone(row.phone, at) if is_opened(row, code, at) else None


def is_opened(row: SignInCode, code: str, at: datetime) -> bool:
    """Count one try at a locked code and tell whether it opens: the right digits, in time, once."""
    if row.used_at is not None or row.ends_at <= at or row.tries >= SIGN_IN_CODE_TRIES:
        return False
    row.tries += 1
    is_right = constant_time_compare(row.code_index, blind_index(f"{row.token}:{code}"))
    row.used_at = at if is_right else None
    row.save(update_fields=["tries", "used_at"])
    return is_right


def account_of_phone(number: str, at: datetime) -> Account:
    """Find or make the account of a number whose holder is here; it serves all persons of that number."""
    account = Account.objects.select_for_update().filter(phone_index=blind_index(number)).first()
    if account is None:
        account = Account()
        account.phone = number
        account.set_unusable_password()
        account.save()
    known = list(Person.objects.of_phone(number))
    if not known and not account.persons.exists():
        known = [register("", number, at)]
    account.persons.add(*known)
    return account


@transaction.atomic
def open_phone_account(person: Person, at: datetime) -> Account:
    """Return the account of the person's own number, serving them, as signing in by code would make it.

    It opens nothing by itself: whoever uses it still has to sign in.
    """
    require(bool(person.phone_index), _("没有登记手机号，请改用纸质登录码。"))
    account = account_of_phone(person.phone, at)
    account.persons.add(person)
    return account


@transaction.atomic
def add_person_to_account(account: Account, name: str, at: datetime) -> Person:
    """Let one more person of the household use this phone."""
    row = Account.objects.select_for_update().get(pk=account.pk)
    require(bool(row.phone_index), _("只有手机号登录可以几个人合用。"))
    require(bool(name.strip()), _("请写这位家人的姓名或称呼。"))
    require(
        row.persons.count() < PERSONS_PER_ACCOUNT,
        _("一部手机最多 %(count)s 个人合用，其他人请用自己的手机或纸质登录码。")
        % {"count": PERSONS_PER_ACCOUNT},
    )
    person = register(name, row.phone, at)
    row.persons.add(person)
    return person


@transaction.atomic
def leave_account(account: Account, person: Person, at: datetime) -> None:
    """This number no longer is that person's: numbers change hands. The person is told, and finds it at the
    counter.
    """
    row = Account.objects.select_for_update().get(pk=account.pk)
    require(bool(row.phone_index), _("这个账号不是手机号登录的。"))
    row.persons.remove(person)
    if person.phone_index == row.phone_index:
        person.phone = ""
        person.save(update_fields=["phone_sealed", "phone_index"])
    notify(
        person,
        f"left-account:{row.token}:{at.isoformat()}",
        _("一个手机号不再代表您"),
        _("有人用这个手机号登录时说“这不是我”。如果是弄错了，请到社区窗口改回来。"),
        "",
        at,
    )


@transaction.atomic
def issue_paper_code(person: Person, by: Person, at: datetime) -> str:
    """Return a new paper code for someone without a phone, in clear, to be printed once; an older one stops
    opening.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    account = _paper_account(person)
    if account is None:
        account = Account()
        account.set_unusable_password()
    else:
        end_all_sign_ins(account, at)
    code = "".join(secrets.choice(ALPHABET) for _sign in range(12))
    account.paper_code_index = blind_index(f"paper:{code}")
    account.save()
    account.persons.set([person])
    notify(
        person,
        f"paper-code:{account.token}:{at.isoformat()}",
        _("给您发了纸质登录码"),
        _("凭它可以登录看您说过的事。丢了请告诉社区，马上作废。"),
        "",
        at,
    )
    return code


@transaction.atomic
def revoke_paper_code(person: Person, by: Person, at: datetime) -> None:
    """Make the paper code of `person` open nothing any more, and end what it opened."""
    Person.objects.select_for_update().get(pk=person.pk)
    account = _paper_account(person)
    if account is None or account.paper_code_index is None:
        return
    account.paper_code_index = None
    account.save(update_fields=["paper_code_index"])
    end_all_sign_ins(account, at)
    notify(
        person,
        f"paper-code-ended:{account.token}:{at.isoformat()}",
        _("您的纸质登录码已作废"),
        _("旧的一张不能再登录。需要新的，请到社区窗口。"),
        "",
        at,
    )


def open_paper_code(typed: str, address: str, at: datetime) -> Account:
    """Return the account that a paper code opens. The try is counted first."""
    spend("paper_address", address, at)
    code = clean_code(typed)
    account = Account.objects.filter(paper_code_index=blind_index(f"paper:{code}"), is_active=True).first()
    if account is None:
        raise Refused(_("这个登录码不对，或者已经作废。请对照纸条再输一次，或请社区换一张。"))
    return account


def _paper_account(person: Person) -> Account | None:
    return (
        Account.objects.select_for_update(of=("self",))
        .filter(persons=person, username=None, phone_index=None)
        .first()
    )
