"""Where one lives and lived, and vouching for family."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from linli.base.access import signed_in
from linli.base.asked import Asked, tried
from linli.base.words import said as _
from linli.people import actions
from linli.people.forms import ClaimForm, HomeCodeForm, LeaveForm
from linli.people.models import Person, Residency
from linli.people.views.entering import address_of_asker
from linli.places.models import Kind, Place
from linli.trail import actions as trail

WAYS_DOWN = (Kind.ESTATE, Kind.BUILDING, Kind.UNIT, Kind.HOME)


@signed_in
def homes(request: Asked) -> HttpResponse:
    """Show the homes of now and before, and the family who wait for a word."""
    return _homes_page(request, HomeCodeForm())


@signed_in
@require_POST
def use_code(request: Asked) -> HttpResponse:
    """Be verified by the code that a worker handed out."""
    form, now = HomeCodeForm(request.POST), timezone.now()
    if form.is_valid():
        typed, person = form.cleaned_data, whose(request)
        used = tried(
            form,
            lambda: actions.use_home_code(
                person, typed["code"], typed["tenure"], address_of_asker(request), now
            ),
        )
        if used is not None:
            messages.success(request, _("核验好了。"))
            return redirect("people:homes")
    return _homes_page(request, form)


@signed_in
def claim(request: Asked) -> HttpResponse:
    """Find one's home step by step (community, estate, building, home) and say that one lives there."""
    at_place = _live_place(request.GET.get("at", ""))
    wanted = request.GET.get("q", "").strip()
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and at_place is not None and form.is_valid():
        typed, person, now = form.cleaned_data, whose(request), timezone.now()
        claimed = tried(
            form,
            lambda: actions.settle(
                person, at_place, typed["tenure"], typed["since"], Residency.Source.SELF, now
            ),
        )
        if claimed is not None:
            messages.success(request, _("记下了。请家人确认，或用社区给的核验码核验。"))
            return redirect("people:homes")
    context = {
        "form": form,
        "place": at_place,
        "q": wanted,
        "choices": _choices(at_place, wanted),
        "is_home": at_place is not None and at_place.kind == Kind.HOME,
    }
    return render(request, "people/claim.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def confirm_family(request: Asked, token: str) -> HttpResponse:
    """Confirm that somebody lives in the home where one lives verified oneself."""
    now, person = timezone.now(), whose(request)
    waiting = Residency.objects.awaiting_family(person, timezone.localdate(now))
    actions.confirm_family(get_object_or_404(waiting, token=token), by=person, at=now)
    messages.success(request, _("已确认。"))
    return redirect("people:homes")


@signed_in
def move_out(request: Asked, token: str) -> HttpResponse:
    """Say from which day one no longer lives somewhere."""
    now, person = timezone.now(), whose(request)
    row = get_object_or_404(Residency.objects.select_related("home"), person=person, until=None, token=token)
    form = LeaveForm(request.POST or None, initial={"on": timezone.localdate(now)})
    if request.method == "POST" and form.is_valid():
        on, by = form.cleaned_data["on"], request.person
        if tried(form, lambda: actions.move_out(row, on, by, now)) is not None:
            return redirect("people:homes")
    context = {"form": form, "row": row}
    return render(request, "people/move_out.html", context, status=422 if form.errors else 200)


def whose(request: Asked) -> Person:
    """Return whose homes and proxies these pages show: the assisted resident's, else one's own.

    Family who act for someone do so in the matters granted; where the person lives and who acts for them
    stays theirs.
    """
    person: Person = request.acting_for if request.assisting is not None else request.person
    return person


def _homes_page(request: Asked, form: HomeCodeForm) -> HttpResponse:
    today, person = timezone.localdate(), whose(request)
    rows = list(Residency.objects.filter(person=person).select_related("home").order_by("-since", "-pk"))
    waiting = list(Residency.objects.awaiting_family(person, today).select_related("person", "home"))
    _leave_trace(request, [row.person for row in waiting])
    context = {
        "form": form,
        "whose": person,
        "current": [row for row in rows if row.until is None or row.until > today],
        "past": [row for row in rows if row.until is not None and row.until <= today],
        "waiting": waiting,
    }
    return render(request, "people/homes.html", context, status=422 if form.errors else 200)


def _leave_trace(request: Asked, shown: list[Person]) -> None:
    """Whoever waits to be confirmed reads that family, or a worker who assists them, saw their name and home."""
    assisting = request.assisting
    words = assisting.looker_words(request.person) if assisting else _("同户家人")
    trail.looked_at_many(
        [person.subject for person in shown],
        request.person.subject,
        words,
        _("姓名、申报的住处"),
        _("确认您申报的住处"),
        timezone.now(),
        purpose="family",
    )


def _live_place(token: str) -> Place | None:
    return Place.objects.live().filter(token=token).first() if token else None


def _choices(place: Place | None, wanted: str) -> list[Place]:
    """Return the next step down, or the communities and estates whose name holds what was typed."""
    live = Place.objects.live()
    if place is not None:
        return list(live.filter(parent=place, kind__in=WAYS_DOWN).order_by("kind", "name", "pk")[:300])
    if not wanted:
        return []
    return list(
        live.filter(kind__in=[Kind.COMMUNITY, Kind.ESTATE], name__contains=wanted).order_by("name")[:30]
    )
