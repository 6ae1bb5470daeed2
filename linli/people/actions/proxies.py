"""Family acting for someone: granted by the person themselves, taken back by either side, and the person is
told.
"""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from linli.base.errors import require
from linli.base.words import said as _
from linli.people.actions.persons import notify, register
from linli.people.models import Person, Proxy
from linli.people.rules import Scope


@transaction.atomic
def grant_proxy(
    principal: Person, agent: Person, scope: str, by: Person, at: datetime, until: datetime | None = None
) -> Proxy:
    """Let `agent` act for `principal` within `scope` until it is revoked or `until`.

    `by` is the principal, or a worker who has them at the counter (whose right the caller checked); never the
    agent. A new grant for the same agent replaces the old one; the same grant again changes nothing. Both
    sides are told.
    """
    require(principal != agent, _("自己的事自己就能办，不用授权给自己。"))
    require(by != agent, _("代办要由本人授权，不能自己授权给自己。"))
    require(scope in Scope.values, _("请选择可以代办哪些事。"))
    require(until is None or until > at, _("到期时间要晚于现在。"))
    Person.objects.select_for_update().get(pk=principal.pk)
    dead = Person.objects.filter(pk__in=[principal.pk, agent.pk]).exclude(closed_at=None)
    require(not dead.exists(), _("有一方已登记去世，不能再授权代办。"))
    held = Proxy.objects.filter(principal=principal, agent=agent, revoked_at=None).first()
    if held is not None:
        if held.scope == scope and held.until == until:
            return held
        _revoke(held, by, at)
    proxy = Proxy.objects.create(
        principal=principal, agent=agent, scope=scope, granted_at=at, granted_by=by, until=until
    )
    words = {"agent": str(agent), "principal": str(principal), "scope": proxy.get_scope_display()}
    address = reverse("people:proxies")
    notify(
        principal,
        f"proxy:{proxy.token}",
        _("您授权了家人代办"),
        _("%(agent)s 可以替您办：%(scope)s。不想要了，随时可以收回。") % words,
        address,
        at,
    )
    notify(
        agent,
        f"proxy:{proxy.token}",
        _("家人请您代办"),
        _("%(principal)s 请您代办：%(scope)s。不方便时可以退出。") % words,
        address,
        at,
    )
    return proxy


@transaction.atomic
def grant_proxy_to_phone(
    principal: Person,
    name: str,
    phone: str,
    scope: str,
    by: Person,
    at: datetime,
    until: datetime | None = None,
) -> Proxy:
    """Grant to the person of that name and number; someone unknown so far becomes known, and finds it on
    signing in.
    """
    require(bool(name.strip()) and bool(phone.strip()), _("请写家人的姓名和手机号。"))
    return grant_proxy(principal, register(name, phone, at, by), scope, by, at, until)


@transaction.atomic
def revoke_proxy(proxy: Proxy, by: Person, at: datetime, acting_for: Person | None = None) -> Proxy:
    """End a proxy at once: by the principal, by the agent, or by a worker whose running session assists one
    of them.
    """
    row = Proxy.objects.select_for_update(of=("self",)).select_related("principal", "agent").get(pk=proxy.pk)
    side = acting_for or by
    require(side in {row.principal, row.agent}, _("只有本人或代办的家人可以收回。"))
    if row.revoked_at is not None:
        return row
    _revoke(row, by, at)
    for person in {row.principal, row.agent} - {by}:
        notify(
            person,
            f"proxy-ended:{row.token}",
            _("亲情代办已收回"),
            _("%(agent)s 不再替 %(principal)s 代办。")
            % {"agent": str(row.agent), "principal": str(row.principal)},
            reverse("people:proxies"),
            at,
        )
    return row


def _revoke(proxy: Proxy, by: Person, at: datetime) -> None:
    proxy.revoked_at, proxy.revoked_by = at, by
    proxy.save(update_fields=["revoked_at", "revoked_by"])
