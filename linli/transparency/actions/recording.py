"""Writing a public act down, in the transaction of the act itself."""

import os
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli.base.errors import require
from linli.transparency import merkle, rules
from linli.transparency.models import Entry


def record(log: str, type: str, subject: str, ref: str, payload: dict[str, Any], at: datetime) -> Entry:
    """Record one public act: call it inside the act's own transaction, so that both happen or neither.

    `log` is the community's division code, `type` like "case.filed", `subject` like "cases.Case:7", `ref` the number
    people know. `payload` is what anyone may read: no names, no free text that was not checked for publishing;
    telephone and identity numbers are refused. It gets its place in the tree when `seal` runs.
    """
    return _write(log, type, subject, ref, payload, at, corrects=None)


@transaction.atomic
def correct(entry: Entry, payload: dict[str, Any], at: datetime) -> Entry:
    """Record that `entry` was wrong: a new leaf names the old one by its hash; the old stays, struck through."""
    require(entry.corrects_id is None, _("更正不能再被更正，请对原来的记录再写一次更正。"))
    named = {**payload, "corrects": merkle.hash_leaf(bytes(entry.leaf)).hex()}
    return _write(entry.log, rules.CORRECTION, entry.subject, entry.ref, named, at, corrects=entry)


@transaction.atomic
def erase(entry: Entry) -> None:
    """Forget what `entry` says: payload and salt go, the leaf and every proof stay valid (PIPL 47)."""
    Entry.objects.filter(pk=entry.pk).update(payload=None, salt=b"")
    entry.payload, entry.salt = None, b""


def _write(
    log: str,
    type: str,
    subject: str,
    ref: str,
    payload: dict[str, Any],
    at: datetime,
    *,
    corrects: Entry | None,
) -> Entry:
    rules.check_log_name(log)
    payload = rules.plain(payload)
    rules.check_public(payload)
    at, salt = at.replace(microsecond=0), os.urandom(rules.SALT_BYTES)
    leaf = rules.leaf(type, at, ref, rules.commitment(salt, payload))
    return Entry.objects.create(
        log=log,
        type=type,
        subject=subject,
        ref=ref,
        at=at,
        payload=payload,
        salt=salt,
        leaf=leaf,
        corrects=corrects,
    )
