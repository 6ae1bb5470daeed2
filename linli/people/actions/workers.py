"""Staff sign in: user name and password, then a code that changes every 30 seconds (TOTP, RFC 6238)."""

import secrets
from datetime import datetime

import pyotp
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import constant_time_compare

from linli.base.errors import Refused, require
from linli.base.fields import ALPHABET
from linli.base.words import said as _
from linli.people.actions.devices import end_all_sign_ins
from linli.people.actions.persons import notify
from linli.people.actions.tries import spend
from linli.people.models import Account, Person
from linli.people.rules import TOTP_STEP, clean_code, totp_steps


@transaction.atomic
def open_staff_account(person: Person, username: str, by: Person | None, at: datetime) -> tuple[Account, str]:
    """Open a staff account for one person (never shared) and return it with its temporary password, shown
    once.
    """
    username = clean_username(username)
    require(bool(username), _("请写用户名。"))
    Person.objects.select_for_update().get(pk=person.pk)
    require(
        person.staff_account is None,
        _("这位工作人员已经有用户名了，不用再开。"),
    )
    require(not Account.objects.filter(username=username).exists(), _("这个用户名已有人用，请换一个。"))
    account = Account(username=username, must_change_password=True)
    password = _temporary_password()
    account.set_password(password)
    account.save()
    account.persons.set([person])
    return account, password


@transaction.atomic
def reset_staff_account(account: Account, by: Person, at: datetime) -> str:
    """Recovery: a new temporary password, the second factor to be enrolled again, every device signed out.

    The caller checked that `by` administers the place; the account's person is told.
    """
    row = Account.objects.select_for_update().get(pk=account.pk)
    require(row.username is not None, _("这不是工作人员账号。"))
    password = _temporary_password()
    row.set_password(password)
    row.must_change_password, row.totp_secret, row.totp_enrolled_at = True, "", None
    row.save()
    end_all_sign_ins(row, at)
    for person in row.persons.all():
        notify(
            person,
            f"account-reset:{row.token}:{at.isoformat()}",
            _("您的工作账号已重置"),
            _("%(by)s 重置了您的密码和动态码。不是您要求的话，请马上告诉社区。") % {"by": str(by)},
            "",
            at,
        )
    return password


def check_password(username: str, password: str, address: str, at: datetime) -> Account:
    """Return the staff account, or refuse with the same words and after the same work whether it exists or
    not.
    """
    username = clean_username(username)
    spend("password_address", address, at)
    spend("password_account", username, at)
    account = Account.objects.filter(username=username, is_active=True).first() if username else None
    if account is None:
        make_password(password)
    is_right = account is not None and account.check_password(password)
    if account is None or not is_right:
        raise Refused(_("用户名或密码不对。忘了密码，请找管理员重置。"))
    return account


@transaction.atomic
def change_password(account: Account, password: str, at: datetime) -> Account:
    """Set a password of the person's own choice; other devices must sign in anew."""
    row = Account.objects.select_for_update().get(pk=account.pk)
    require(not row.check_password(password), _("新密码不能和现在的一样。"))
    try:
        validate_password(password, row)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from None
    row.set_password(password)
    row.must_change_password = False
    row.save(update_fields=["password", "must_change_password"])
    end_all_sign_ins(row, at)
    return row


@transaction.atomic
def prepare_totp(account: Account) -> None:
    """Make the secret that the worker's authenticator will hold, unless there is one."""
    row = Account.objects.select_for_update().get(pk=account.pk)
    if not row.totp_sealed:
        row.totp_secret = pyotp.random_base32()
        row.save(update_fields=["totp_sealed"])


def check_totp(account: Account, typed: str, at: datetime) -> Account:
    """Accept a 6-digit code of now or of a neighbouring half minute, once; the first accepted code enrols."""
    spend("totp_account", account.token, at)
    with transaction.atomic():
        row = Account.objects.select_for_update().get(pk=account.pk)
        step = _matching_step(row, clean_code(typed), at)
        if step is None:
            raise Refused(_("动态码不对或已经用过。请等验证器里出现下一个，再输一次。"))
        row.totp_last_step = step
        row.totp_enrolled_at = row.totp_enrolled_at or at
        row.save(update_fields=["totp_last_step", "totp_enrolled_at"])
    return row


def clean_username(typed: str) -> str:
    """Return a user name as stored: no spaces, lower case, full-width signs narrowed."""
    return Account.normalize_username(typed.strip()).lower()


def _matching_step(account: Account, code: str, at: datetime) -> int | None:
    if not account.totp_sealed:
        return None
    totp = pyotp.TOTP(account.totp_secret, interval=TOTP_STEP)
    for step in totp_steps(at):
        if step > account.totp_last_step and constant_time_compare(totp.generate_otp(step), code):
            return step
    return None


def _temporary_password() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _sign in range(4)) for _group in range(4))
