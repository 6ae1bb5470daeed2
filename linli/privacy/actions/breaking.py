"""紧急查看: a reason opens what lies outside one's own places, for 15 minutes, before everybody's eyes."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from linli.base.errors import Refused, require
from linli.base.words import said as _
from linli.organisations.models import Membership
from linli.people import actions as people
from linli.people.models import Person
from linli.places.models import Kind, Place
from linli.privacy import told
from linli.privacy.actions.officers import alert, guards
from linli.privacy.models import BreakGlass
from linli.privacy.rules import grant_ends, review_due, says_something
from linli.trail import actions as trail
from linli.trail.models import Reveal, Seen
from linli.trail.rules import Purpose

CARD = "people.Person.card"
TOO_WIDE = {Kind.PROVINCE, Kind.CITY, Kind.DISTRICT, Kind.STREET, Kind.COMMUNITY}
MOST_SHOWN = 50


@transaction.atomic
def break_glass(
    role: Membership, reason: str, at: datetime, person: Person | None = None, place: Place | None = None
) -> BreakGlass:
    """Let the holder of `role` see one person, or who lives at one place, for 15 minutes.

    The data officers get a to-do and a notice at once, the person a notice. Asked again while it holds, it is the same
    grant: it cannot be extended. Refused without a reason that says something, within one's own places (there the work
    itself is the reason), and for whole communities.
    """
    by = Person.objects.select_for_update().get(pk=role.person_id)
    reason = " ".join(reason.split())
    require(says_something(reason), _("请写明发生了什么、为什么现在必须看，至少六个字。"))
    require(len(reason) <= 200, _("事由最多 200 个字，请写短一些。"))
    where = _where(role, person, place, at)
    held = BreakGlass.objects.open_of(by, at).filter(person=person)
    if person is None:
        held = held.filter(place=where)
    if (grant := held.first()) is not None:
        return grant
    grant = BreakGlass.objects.create(
        by=by, organisation=role.organisation, by_words=role.looker_words(by)[:120], person=person, place=where,
        reason=reason, at=at, ends_at=grant_ends(at), review_due=review_due(at),
    )  # fmt: skip
    _warn(grant)
    return grant


def _where(role: Membership, person: Person | None, place: Place | None, at: datetime) -> Place:
    """Return the place of the grant, or refuse one that is not needed or too wide."""
    if person is not None:
        home = person.home_now(localdate(at))
        where = home or role.place
        inside = home is not None and role.covers(home)
    elif place is not None:
        require(
            place.kind not in TOO_WIDE,
            _("紧急查看只能针对一户、一个单元、一幢楼或一个小区，请选小一点的范围。"),
        )
        where, inside = place, role.covers(place)
    else:
        raise Refused(_("请写明要看谁，或者看哪里。"))
    require(not inside, _("这在您的工作范围内，不用紧急查看：请从“居民”里查找，写明事由打开。"))
    return where


def _warn(grant: BreakGlass) -> None:
    whom = _("一位居民") if grant.person_id else grant.place.full_name
    alert(
        grant.place,
        f"{grant.subject}:review",
        _("复核紧急查看：%(who)s") % {"who": grant.by_words},
        _("查看范围：%(whom)s。事由：%(reason)s。15 分钟后自动关闭，请在 3 天内复核是否正当。")
        % {"whom": whom, "reason": grant.reason},
        f"/privacy/glass/{grant.token}/review/",
        grant.review_due,
        grant.at,
    )
    if grant.person is not None:
        _tell(grant, grant.person, grant.at)


def _tell(grant: BreakGlass, person: Person, at: datetime) -> None:
    """Tell somebody that they were looked at in an emergency, once for each grant (个人信息保护法 第十八条)."""
    people.notify(
        person,
        f"{grant.subject}:told",
        _("有工作人员紧急查看了您的信息"),
        _("%(who)s，事由：%(reason)s。数据官会在 3 天内复核；看了什么，“谁看了我的信息”里都有。")
        % {"who": grant.by_words, "reason": grant.reason},
        "/looks/mine/",
        at,
    )


@transaction.atomic
def seen_under(grant: BreakGlass, at: datetime) -> list[Person]:
    """Return whom the grant lets see (masked), at most 50; each reads in their trail that they were shown."""
    require(grant.is_open(at), _("15 分钟到了。还需要看，请重新申请并写明事由。"))
    if grant.person is not None:
        shown = [grant.person]
    else:
        living = Person.objects.living_within([grant.place], localdate(at))
        shown = list(living.order_by("pk")[:MOST_SHOWN])
    trail.looked_at_many(
        [person.subject for person in shown],
        grant.by.subject,
        grant.by_words,
        _("遮盖后的姓名、楼栋"),
        _("紧急查看：%s") % grant.reason,
        at,
        grant.subject,
        Purpose.EMERGENCY,
    )
    return shown


@transaction.atomic
def reveal_under(grant: BreakGlass, person: Person, at: datetime) -> Reveal | None:
    """Open name, number and home of somebody whom the grant covers, for 60 seconds; they are told at once."""
    require(grant.is_open(at), _("15 分钟到了。还需要看，请重新申请并写明事由。"))
    today = localdate(at)
    is_covered = grant.person_id == person.pk or (
        grant.person_id is None
        and Person.objects.living_within([grant.place], today).filter(pk=person.pk).exists()
    )
    require(is_covered, _("这个人不在这次紧急查看的范围里。"))
    _tell(grant, person, at)
    return trail.reveal(
        person.subject,
        CARD,
        grant.by.subject,
        grant.by_words,
        _("姓名、电话、住址"),
        _("紧急查看：%s") % grant.reason,
        at,
        grant.subject,
    )


@transaction.atomic
def review(grant: BreakGlass, was_right: bool, words: str, by: Person, at: datetime) -> BreakGlass:
    """Say whether a grant was right; whoever was seen is told where it was not. Again changes nothing."""
    row = (
        BreakGlass.objects.select_for_update(of=("self",)).select_related("place", "person").get(pk=grant.pk)
    )
    require(guards(by, row.place, at), _("只有这里的数据官可以复核。"))
    require(row.by_id != by.pk, _("自己的紧急查看要由别人复核。"))
    require(bool(words.strip()), _("请写明复核意见。"))
    if row.reviewed_at is not None:
        return row
    row.was_right, row.review, row.reviewed_by, row.reviewed_at = was_right, words.strip()[:500], by, at
    row.save(update_fields=["was_right", "review", "reviewed_by", "reviewed_at"])
    told.close_todo(f"{row.subject}:review", at)
    if not was_right:
        _tell_wronged(row, at)
    return row


def _tell_wronged(grant: BreakGlass, at: datetime) -> None:
    """Tell everybody whom the grant showed, by name or as living at a place, that it was not right."""
    seen = Seen.objects.filter(look__under=grant.subject).values_list("subject", flat=True)
    ids = {int(subject.rpartition(":")[2]) for subject in seen}
    if grant.person_id is not None:
        ids.add(grant.person_id)
    for person in Person.objects.filter(pk__in=ids).order_by("pk"):
        people.notify(
            person,
            f"{grant.subject}:wrong",
            _("对您信息的一次紧急查看被认定不正当"),
            _("数据官的意见：%(words)s。您可以要求进一步说明。") % {"words": grant.review},
            "/privacy/mine/",
            at,
        )
