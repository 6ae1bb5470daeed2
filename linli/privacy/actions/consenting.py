"""Somebody agrees to a text, and takes it back with one tap."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime

from linli.base.errors import require
from linli.base.words import said as _
from linli.people import actions as people
from linli.people.models import Person, may_act_for
from linli.people.rules import Scope
from linli.privacy import told
from linli.privacy.actions.officers import LOG, guards
from linli.privacy.models import Consent, ConsentNotice
from linli.transparency import actions as transparency


@transaction.atomic
def publish_notice(
    code: str, title: str, text: str, without: str, by: Person, at: datetime, is_sensitive: bool = False
) -> ConsentNotice:
    """Publish a text to agree to, or its next version; the hash of the text goes to the record. The same again: itself.

    Who agreed to an older version is asked anew: a consent holds for the words it was given for (PIPL 14).
    """
    require(guards(by, None, at), _("只有数据官可以发布同意书。"))
    require(all(part.strip() for part in (code, title, text)), _("请写全名称和正文。"))
    require(
        bool(without.strip()),
        _("请写明不同意会怎样：除必需的信息外，不同意不能影响服务。"),
        rule="个人信息保护法 第十六条",
    )
    digest = hashlib.sha256(text.strip().encode()).hexdigest()
    newest = ConsentNotice.objects.select_for_update().filter(code=code).order_by("-version").first()
    if newest is not None and newest.digest == digest and newest.title == title and newest.ended_at is None:
        return newest
    version = newest.version + 1 if newest else 1
    made = ConsentNotice.objects.create(
        code=code, version=version, title=title.strip(), text=text.strip(), without=without.strip(),
        is_sensitive=is_sensitive, digest=digest, published_at=at, published_by=by,
    )  # fmt: skip
    facts = {"code": code, "version": version, "sha256": digest}
    transparency.record(
        LOG, "privacy.notice", f"privacy.ConsentNotice:{made.pk}", f"{code}-{version}", facts, at
    )
    return made


@transaction.atomic
def end_notice(notice: ConsentNotice, by: Person, at: datetime) -> ConsentNotice:
    """Ask for it no longer; what was agreed to stays readable and can be withdrawn."""
    require(guards(by, None, at), _("只有数据官可以停用同意书。"))
    row = ConsentNotice.objects.select_for_update().get(pk=notice.pk)
    if row.ended_at is None:
        row.ended_at = at
        row.save(update_fields=["ended_at"])
    return row


@transaction.atomic
def consent(
    person: Person, notice: ConsentNotice, by: Person, at: datetime, channel: str = Consent.Channel.SELF
) -> Consent:
    """Write down that `person` agrees to this version, and send the receipt. Agreeing again is the same consent.

    By the person, a proxy in everything, or a worker who acts for them (`channel` COUNTER: the caller checks).
    """
    require(
        channel == Consent.Channel.COUNTER or may_act_for(by, person, Scope.EVERYTHING, at),
        _("只有本人，或本人授权代办一切事务的家人，可以替本人同意。"),
    )
    is_current = ConsentNotice.objects.current().filter(pk=notice.pk).exists()
    require(is_current, _("这份同意书已有新版本，请看新版本再决定。"))
    made, is_new = Consent.objects.get_or_create(
        person=person,
        notice=notice,
        withdrawn_at=None,
        defaults={"channel": channel, "given_by": by, "given_at": at},
    )
    if is_new:
        people.notify(
            person,
            f"privacy.Consent:{made.pk}:given",
            _("您同意了《%(title)s》") % {"title": notice.title},
            _("回执号 %(number)s，第 %(version)s 版，%(time)s。不想同意了，可以随时一键撤回，不影响办事。")
            % {
                "number": made.token,
                "version": notice.version,
                "time": localtime(at).strftime("%Y-%m-%d %H:%M"),
            },
            "/privacy/consents/",
            at,
        )
    return made


@transaction.atomic
def withdraw(given: Consent, by: Person, at: datetime) -> Consent:
    """Take a consent back; what it allowed ends now. Again changes nothing (PIPL 15)."""
    row = Consent.objects.select_for_update().select_related("notice", "person").get(pk=given.pk)
    require(may_act_for(by, row.person, Scope.EVERYTHING, at), _("只有本人或代办一切事务的家人可以撤回。"))
    if row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_by = at, by
        row.save(update_fields=["withdrawn_at", "withdrawn_by"])
        told.withdrawn(row.person, row.notice.code, by, at)
        people.notify(
            row.person,
            f"privacy.Consent:{row.pk}:withdrawn",
            _("您撤回了对《%(title)s》的同意") % {"title": row.notice.title},
            _("从现在起不再这样使用您的信息。撤回前已经做的仍然有效。"),
            "/privacy/consents/",
            at,
        )
    return row
