"""Publishing which other platforms staff must use."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from linli.base.errors import require
from linli.front.models import OtherPlatform, Relation
from linli.organisations.models import Membership
from linli.organisations.rules import Power
from linli.people.models import Person


@dataclass(frozen=True)
class Declared:
    """What is published of another platform."""

    name: str
    owner: str
    used_for: str
    relation: str


@transaction.atomic
def declare_platform(declared: Declared, *, by: Person, at: datetime) -> OtherPlatform:
    """Publish another platform, or what has changed about one of that name; the same again changes nothing."""
    _require_administrator(by, at)
    require(bool(declared.name.strip()), _("请写下平台的名称。"))
    require(declared.relation in Relation.values, _("请选一个与邻里的关系。"))
    platform, _is_new = OtherPlatform.objects.update_or_create(
        name=declared.name.strip(),
        defaults={
            "owner": declared.owner,
            "used_for": declared.used_for,
            "relation": declared.relation,
            "ended_at": None,
        },
        create_defaults={
            "owner": declared.owner,
            "used_for": declared.used_for,
            "relation": declared.relation,
            "declared_at": at,
        },
    )
    return platform


@transaction.atomic
def end_platform(platform: OtherPlatform, *, by: Person, at: datetime) -> None:
    """Say that a platform is no longer used here; it stays in the list as ended."""
    _require_administrator(by, at)
    OtherPlatform.objects.filter(pk=platform.pk, ended_at=None).update(ended_at=at)


def _require_administrator(by: Person, at: datetime) -> None:
    roles = Membership.objects.current(by, at.date())
    require(
        any(Power.ADMINISTER in membership.powers for membership in roles),
        _("只有系统管理员可以改这张表。请把要改的内容告诉区里的系统管理员。"),
        rule=_("一张表由一个单位负责（数据标准）"),
    )
