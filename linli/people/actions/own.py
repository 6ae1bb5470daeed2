"""A person changes their own telephone number, proved by a code on the new one, or (staff) their password."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from linli.base import gateways
from linli.base.errors import Refused, require
from linli.base.text import masked_phone
from linli.base.words import said as _
from linli.people.actions.devices import end_all_sign_ins
from linli.people.actions.persons import notify
from linli.people.actions.residents import WORDS_OF_OUTCOME, account_of_phone, is_opened, send_code
from linli.people.actions.tries import spend
from linli.people.actions.workers import change_password, check_totp
from linli.people.models import Account, Person, PhoneChange, SignInCode
from linli.people.rules import clean_code, phone_number


def ask_phone_change(person: Person, typed_phone: str, totp: str, address: str, at: datetime) -> SignInCode:
    """Send a code to the number that `person` wants to be reached by; nothing changes before it comes back.

    Whoever has a staff account proves themselves with `totp`, the digits of their authenticator, first.
    """
    number = phone_number(typed_phone, mobile=True)
    require(bool(number), _("请写新的手机号。"))
    require(number != person.phone, _("这就是您现在登记的手机号，不用换。"))
    account = person.staff_account
    if account is not None:
        check_totp(account, totp, at)
    spend("phone_change", str(person.pk), at)
    text = _("【邻里】换手机号的验证码 %(code)s，10 分钟内有效。不是您在换号，就不要理会，更不要给别人。")
    return send_code(number, text, address, at)


def change_phone(person: Person, token: str, typed: str, address: str, at: datetime) -> Account:
    """Make the number to which the code `token` went the person's own; return the account of that number.

    Their old number opens nothing of theirs any more: devices signed in by it are signed out where nobody else
    uses it. The old number is told by message, once; where the gateway does not answer, the row says "unknown".
    """
    spend("code_tried_address", address, at)
    asked = SignInCode.objects.filter(token=token).first()
    if asked is not None:
        spend("code_tried_phone", asked.phone_index, at)
    changed = _change_phone(person, asked.pk, clean_code(typed), at) if asked is not None else None
    if changed is None:
        raise Refused(_("验证码不对，或者已经过期、用过。请核对短信，或重新要一个。"))
    account, change = changed
    if change.old_phone:
        text = _("【邻里】您登记的手机号已换成 %(phone)s。不是您本人换的，请马上打社区电话。")
        outcome = gateways.send(change.token, change.old_phone, text % {"phone": masked_phone(account.phone)})
        change.outcome = WORDS_OF_OUTCOME[type(outcome)]
        change.save(update_fields=["outcome"])
    return account


@transaction.atomic
def _change_phone(person: Person, pk: int, code: str, at: datetime) -> tuple[Account, PhoneChange] | None:
    row = SignInCode.objects.select_for_update().get(pk=pk)
    if not is_opened(row, code, at):
        return None
    person = Person.objects.select_for_update().get(pk=person.pk)
    change = PhoneChange(person=person, at=at)
    change.old_phone = person.phone
    change.save()
    _leave_number(person, at)
    person.phone, person.changed_at = row.phone, at
    person.save(update_fields=["phone_sealed", "phone_index", "changed_at"])
    account = account_of_phone(row.phone, at)
    require(account.is_active, _("这个号码已停用，请找社区服务台。"))
    notify(
        person,
        f"phone-changed:{change.token}",
        _("您的手机号已换"),
        _("现在用 %(phone)s 登录。不是您本人换的，请马上告诉社区。") % {"phone": person.masked_phone},
        reverse("people:me"),
        at,
    )
    return account, change


def _leave_number(person: Person, at: datetime) -> None:
    """Take the person off the accounts of telephone numbers; what nobody else uses is signed out everywhere."""
    by_phone = Account.objects.filter(persons=person).exclude(phone_index=None)
    for account in by_phone.select_for_update(of=("self",)):
        account.persons.remove(person)
        if not account.persons.exists():
            end_all_sign_ins(account, at)


def change_own_password(account: Account, present: str, password: str, address: str, at: datetime) -> Account:
    """Set another password for a staff account whose holder knows the present one; every device is signed out.

    Guessing the present one costs tries like signing in does.
    """
    require(account.username is not None, _("您用手机号登录，没有密码。"))
    spend("password_address", address, at)
    spend("password_account", account.username or "", at)
    require(account.check_password(present), _("现在的密码不对，请再写一次。忘了就请管理员重置。"))
    with transaction.atomic():
        changed = change_password(account, password, at)
        for person in changed.persons.all():
            notify(
                person,
                f"password-changed:{changed.token}:{at.isoformat()}",
                _("您的登录密码已改"),
                _("所有设备都已退出，请用新密码登录。不是您本人改的，请马上找管理员。"),
                reverse("people:devices"),
                at,
            )
    return changed
