"""An owner offers an empty home; who is interested leaves word; the desk or the owner answers."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy

from linli.base.errors import require
from linli.base.locks import one_at_a_time
from linli.base.words import said as _
from linli.lettings import rules
from linli.lettings.actions.desk import put_before_desk, take_off_desk
from linli.lettings.models import Inquiry, Letting, Offer, owned_homes
from linli.lettings.rules import OfferState, Purpose
from linli.people import actions as people
from linli.people.models import Person
from linli.places.models import Place


@dataclass(frozen=True)
class Vacancy:
    """What the public reads of an empty home beside its building and floor area."""

    rooms: int
    free_from: date
    words: str = ""


@transaction.atomic
def offer(home: Place, owner: Person, said: Vacancy, at: datetime) -> Offer:
    """Offer an empty home for 60 days; offering it again writes the words anew and counts the days anew."""
    one_at_a_time("lettings.home", home.token)
    owns = owned_homes(owner, localdate(at)).filter(pk=home.pk).exists()
    require(owns, _("登记里您不是这套房已核验的业主。请先核验，或带产权证到社区窗口。"))
    require(1 <= said.rooms <= 20, _("请写几间房，1 到 20。"))
    words = " ".join(said.words.split())
    rules.check_public_words(words)
    is_let = Letting.objects.live().filter(home=home).exclude(purpose=Purpose.ROOM).exists()
    require(not is_let, _("这套房正登记出租，退租以后再发布空房。"))
    held = Offer.objects.filter(home=home, state=OfferState.OPEN).first()
    row = held or Offer(home=home, opened_at=at)
    row.owner, row.rooms, row.free_from, row.words = owner, said.rooms, said.free_from, words
    row.ends_at = at + rules.OFFER_LIFE
    row.save()
    return row


@transaction.atomic
def renew(offered: Offer, *, by: Person, at: datetime) -> Offer:
    """Show it for 60 more days from now."""
    row = Offer.objects.select_for_update().get(pk=offered.pk)
    _check_owner(row, by)
    require(row.state == OfferState.OPEN, _("这套空房已经撤下了，请重新发布。"))
    row.ends_at = at + rules.OFFER_LIFE
    row.save(update_fields=["ends_at"])
    return row


@transaction.atomic
def take_down(offered: Offer, *, by: Person, at: datetime) -> Offer:
    """The owner no longer offers it. Again changes nothing."""
    row = Offer.objects.select_for_update().get(pk=offered.pk)
    _check_owner(row, by)
    if row.state == OfferState.OPEN:
        _close(row, OfferState.WITHDRAWN, at)
    return row


def close_offers(home: Place, at: datetime) -> None:
    """It was let: nobody reads of it any more."""
    for row in Offer.objects.select_for_update().filter(home=home, state=OfferState.OPEN):
        _close(row, OfferState.LET, at)


def _close(row: Offer, state: str, at: datetime) -> None:
    row.state, row.closed_at = state, at
    row.save(update_fields=["state", "closed_at"])
    for inquiry in row.inquiries.waiting():
        take_off_desk(inquiry.subject, at)


@transaction.atomic
def ask(offered: Offer, person: Person, words: str, at: datetime) -> Inquiry:
    """Leave word; the desk finds it on its list, the owner is told. The same words again are the same inquiry."""
    row = Offer.objects.select_for_update(of=("self",)).select_related("home", "owner").get(pk=offered.pk)
    require(row.is_shown(at), _("这套房已经租出去或撤下了，请看看别的。"))
    require(row.owner_id != person.pk, _("这是您自己的房子。"))
    words = " ".join(words.split())
    require(bool(words), _("请写一两句，例如几个人住、什么时候想看房。"))
    require(len(words) <= 300, _("最多 300 个字，请写短一些。"))
    known = Inquiry.objects.waiting().filter(offer=row, person=person, words=words).first()
    if known is not None:
        return known
    lately = Inquiry.objects.filter(person=person, asked_at__gt=at - rules.A_DAY).count()
    require(lately < rules.INQUIRIES_A_DAY, _("今天留言的次数多了，请明天再留，或打社区电话。"))
    inquiry = Inquiry.objects.create(offer=row, person=person, words=words, asked_at=at)
    people.notify(
        row.owner,
        f"lettings-inquiry:{inquiry.token}",
        _("有人想租您的空房"),
        _("%(name)s 留了话。您可以在这里答复，也可以由社区服务台答复；双方都看不到号码。")
        % {"name": person.masked},
        reverse("lettings:inquiry", args=[inquiry.token]),
        at,
    )
    title = gettext_lazy("求租留言：请答复或转给业主")
    put_before_desk(inquiry.subject, title, row.home, reverse("lettings:inquiry", args=[inquiry.token]), at)
    return inquiry


@transaction.atomic
def answer(inquiry: Inquiry, words: str, *, by: Person, at: datetime) -> Inquiry:
    """Answer as the owner or for the desk (the caller checked which); who asked is told. The first answer stands."""
    row = Inquiry.objects.select_for_update(of=("self",)).select_related("offer", "person").get(pk=inquiry.pk)
    words = " ".join(words.split())
    if row.answered_at is not None:
        require(row.answer == words, _("这条留言已经答复过了。"))
        return row
    require(bool(words), _("请写怎么答复，例如“周六下午在服务台等您，一起去看房”。"))
    require(len(words) <= 300, _("最多 300 个字，请写短一些。"))
    row.answer, row.answered_at, row.answered_by = words, at, by
    row.save(update_fields=["answer", "answered_at", "answered_by"])
    take_off_desk(row.subject, at)
    people.notify(
        row.person,
        f"lettings-answer:{row.token}",
        _("您问的空房有答复了"),
        words,
        reverse("lettings:inquiry", args=[row.token]),
        at,
    )
    return row


def _check_owner(row: Offer, by: Person) -> None:
    require(row.owner_id == by.pk, _("只有发布的业主可以改。"))
