"""Which devices are signed in, and ending them."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.timezone import localtime

from linli.base.crypto import blind_index
from linli.base.words import kept
from linli.base.words import said as _
from linli.people.actions.persons import notify
from linli.people.models import Account, SignIn


@transaction.atomic
def record_sign_in(
    account: Account, session_key: str, mark: str, device: str | Promise, at: datetime, ends_at: datetime
) -> SignIn:
    """Keep a row for the device that just signed in. `mark` is the device's own random cookie, `device` its
    words.

    A device that the account never used before is told to everyone who uses the account, unless it is the
    very first.
    """
    device_index = blind_index(f"device:{mark}")
    earlier = account.sign_ins.all()
    is_new = earlier.exists() and not earlier.filter(device_index=device_index).exists()
    row = SignIn.objects.create(
        account=account,
        session_key=session_key,
        device_index=device_index,
        device=kept(device),
        at=at,
        ends_at=ends_at,
    )
    if is_new:
        words = {"device": device, "time": localtime(at).strftime("%m-%d %H:%M")}
        for person in account.persons.all():
            notify(
                person,
                f"new-device:{row.token}",
                _("您的账号在一台新设备上登录了"),
                _("%(device)s，%(time)s。不是您本人的话，请马上让它退出。") % words,
                reverse("people:devices"),
                at,
            )
    return row


@transaction.atomic
def end_sign_in(sign_in: SignIn, at: datetime) -> None:
    """Sign one device out, at once: its session is gone with this transaction."""
    row = SignIn.objects.select_for_update().get(pk=sign_in.pk)
    if row.ended_at is None:
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        import_string(f"{settings.SESSION_ENGINE}.SessionStore")(row.session_key).delete()


@transaction.atomic
def end_session(session_key: str, at: datetime) -> None:
    """Sign out the device that holds this session, if it is signed in."""
    row = SignIn.objects.filter(session_key=session_key, ended_at=None).first() if session_key else None
    if row is not None:
        end_sign_in(row, at)


@transaction.atomic
def end_all_sign_ins(account: Account, at: datetime) -> None:
    """Sign every device of the account out."""
    for row in account.sign_ins.filter(ended_at=None):
        end_sign_in(row, at)
