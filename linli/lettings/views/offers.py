"""Empty homes to let: anyone reads, owners write, contact goes through the desk."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.base.access import open_to_all, signed_in
from linli.base.asked import Asked, tried
from linli.base.pages import page_of
from linli.lettings import actions
from linli.lettings.forms import OfferForm, WordsForm
from linli.lettings.models import Inquiry, Letting, Offer, desk_places, owned_homes
from linli.lettings.rules import Purpose
from linli.lettings.views.letting import whose
from linli.organisations.models import Membership, Organisation
from linli.organisations.rules import Power
from linli.places.models import Kind, Place


@open_to_all
@require_GET
def listed(request: Asked) -> HttpResponse:
    """Empty homes, by estate: the building at most, never the door, the owner or a number."""
    now = timezone.now()
    rows = Offer.objects.shown(now).with_building()
    wanted = request.GET.get("estate", "")
    estate = Place.objects.live().filter(token=wanted, kind=Kind.ESTATE).first() if wanted else None
    shown = rows.filter(home__estate=estate) if estate is not None else rows
    estates = Place.objects.filter(pk__in=Offer.objects.shown(now).values("home__estate")).order_by(
        "sort_name", "pk"
    )
    context = {
        "now": now,
        "page": page_of(shown, request, ["-id"]),
        "estates": estates[:60],
        "estate": estate,
    }
    return render(request, "lettings/offers.html", context)


@open_to_all
@never_cache
@require_GET
def one(request: Asked, token: str) -> HttpResponse:
    """One empty home, and how to leave word."""
    return _offer_page(request, _shown(token), WordsForm())


@signed_in
@require_http_methods(["GET", "POST"])
def ask(request: Asked, token: str) -> HttpResponse:
    """Leave word about an empty home; who is not signed in comes here by way of signing in."""
    row, form = _shown(token), WordsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        made = tried(form, lambda: actions.ask(row, whose(request), words, timezone.now()))
        if made is not None:
            messages.success(request, _("留好了。服务台或业主会在这里答复您。"))
            return redirect("lettings:inquiry", made.token)
    return _offer_page(request, row, form)


@signed_in
@require_http_methods(["GET", "POST"])
def put(request: Asked, home: str) -> HttpResponse:
    """Offer an empty home that one owns, or change what is said of it."""
    person, now = whose(request), timezone.now()
    place = get_object_or_404(owned_homes(person, timezone.localdate(now)), token=home)
    held = Offer.objects.shown(now).filter(home=place).first()
    initial = {"rooms": held.rooms, "free_from": held.free_from, "words": held.words} if held else {}
    form = OfferForm(request.POST or None, initial={"free_from": timezone.localdate(now)} | initial)
    if request.method == "POST" and form.is_valid():
        said = actions.Vacancy(**form.cleaned_data)
        row = tried(form, lambda: actions.offer(place, person, said, now))
        if row is not None:
            messages.success(request, _("发布了。门牌、您的姓名和电话都不公开。"))
            return redirect("lettings:offer", row.token)
    is_let = Letting.objects.live().filter(home=place).exclude(purpose=Purpose.ROOM).exists()
    context = {"form": form, "place": place, "held": held, "is_let": is_let}
    return render(request, "lettings/vacant.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def act(request: Asked, token: str, verb: str) -> HttpResponse:
    """Show it 60 days more, or take it down."""
    row = get_object_or_404(Offer, token=token, owner=whose(request))
    if verb == "renew":
        actions.renew(row, by=whose(request), at=timezone.now())
        messages.success(request, _("从今天起再展示 60 天。"))
        return redirect("lettings:offer", token)
    if verb == "close":
        actions.take_down(row, by=whose(request), at=timezone.now())
        messages.success(request, _("撤下了，别人看不到了。"))
        return redirect("lettings:mine")
    raise Http404


@signed_in
@require_http_methods(["GET", "POST"])
def inquiry(request: Asked, token: str) -> HttpResponse:
    """What somebody asked, to whoever asked, to the owner, and to the desk; the latter two answer."""
    row, role = _inquiry(request, token)
    form = WordsForm(request.POST or None)
    may_answer = row.person_id != request.person.pk and row.answered_at is None
    if request.method == "POST":
        if not may_answer:
            raise Http404
        if form.is_valid():
            words = form.cleaned_data["words"]
            done = tried(form, lambda: actions.answer(row, words, by=request.person, at=timezone.now()))
            if done is not None:
                messages.success(request, _("答复了，对方会收到通知。"))
                return redirect("lettings:inquiry", token)
    if row.person_id != request.person.pk:
        words = role.looker_words(request.person) if role is not None else _("业主")
        actions.shown_inquiries([row], request.person, words, timezone.now())
    form.fields["words"].label = _("答复")
    context = {"row": row, "form": form, "may_answer": may_answer, "role": role, "now": timezone.now()}
    return render(request, "lettings/inquiry.html", context, status=422 if form.errors else 200)


def _inquiry(request: Asked, token: str) -> tuple[Inquiry, Membership | None]:
    """Return an inquiry the caller may read, with the role in which (None: as asker or owner); else 404."""
    rows = Inquiry.objects.select_related("person", "offer__home__parent__parent", "offer__home__estate")
    row = rows.filter(token=token).first()
    if row is None:
        raise Http404
    if whose(request).pk in {row.person_id, row.offer.owner_id}:
        return row, None
    for role in request.memberships:
        if Power.INTAKE in role.powers and any(place.holds(row.offer.home) for place in desk_places([role])):
            return row, role
    raise Http404


def _shown(token: str) -> Offer:
    row: Offer = get_object_or_404(Offer.objects.shown(timezone.now()).with_building(), token=token)
    return row


def _offer_page(request: Asked, row: Offer, form: WordsForm) -> HttpResponse:
    reader = whose(request) if request.person is not None else None
    context = {
        "row": row,
        "form": form,
        "now": timezone.now(),
        "is_mine": reader is not None and row.owner_id == reader.pk,
        "desk": Organisation.objects.serving(row.home).filter(is_desk=True).first(),
    }
    return render(request, "lettings/offer.html", context, status=422 if form.errors else 200)
