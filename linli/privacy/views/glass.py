"""紧急查看, as the worker sees it."""

from math import ceil

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from linli.base.access import staff
from linli.base.asked import Asked, tried
from linli.base.errors import Refused
from linli.base.words import said as _
from linli.organisations.rules import Power
from linli.people.models import Person, Residency
from linli.people.rules import phone_number
from linli.places import actions as places
from linli.places.models import Kind, Place
from linli.privacy import actions
from linli.privacy.forms import GlassForm
from linli.privacy.models import BreakGlass
from linli.trail.models import Reveal

CARD = "people.Person.card"
KINDS = (Kind.ESTATE, Kind.BUILDING, Kind.UNIT, Kind.HOME)


@staff(Power.INTAKE, Power.HANDLE)
def break_glass(request: Asked) -> HttpResponse:
    """Ask to see beyond one's own places, for 15 minutes."""
    form, now, choice = GlassForm(request.POST or None), timezone.now(), places.Choice("place")
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        if not typed["phone"]:
            choice = places.choose(request.POST, "place", Place.objects.all(), KINDS)
        if typed["phone"] or choice.place is not None:
            role = next(row for row in request.memberships if {Power.INTAKE, Power.HANDLE} & row.powers)
            grant = tried(
                form,
                lambda: actions.break_glass(
                    role, typed["reason"], now, person=_person(typed["phone"]), place=choice.place
                ),
            )
            if grant is not None:
                return redirect("privacy:grant", grant.token)
    context = {
        "form": form,
        "choice": choice,
        "open": BreakGlass.objects.open_of(request.person, now).select_related("place"),
    }
    return render(
        request, "privacy/break_glass.html", context, status=422 if request.method == "POST" else 200
    )


def _person(phone: str) -> Person | None:
    if not phone:
        return None
    found = Person.objects.of_phone(phone_number(phone)).order_by("pk").first()
    if found is None:
        raise Refused(_("没有登记这个手机号的人。请核对号码，或者改选地点。"))
    return found


@staff(Power.INTAKE, Power.HANDLE)
def grant(request: Asked, token: str) -> HttpResponse:
    """Whom the grant lets see, masked but for what was opened within the last minute."""
    now = timezone.now()
    row = get_object_or_404(
        BreakGlass.objects.select_related("place", "person", "by"), token=token, by=request.person
    )
    shown = actions.seen_under(row, now) if row.is_open(now) else []
    homes = Residency.objects.on(timezone.localdate(now)).filter(person__in=shown).with_building()
    lives = {home.person_id: home for home in homes.order_by("pk")}
    opened = {
        reveal.subject: reveal
        for reveal in Reveal.objects.filter(looker=row.by.subject, field=CARD, ends_at__gt=now)
    }
    people = [
        {"person": person, "home": lives.get(person.pk), "is_open": person.subject in opened}
        for person in shown
    ]
    context = {"grant": row, "people": people, "is_open": row.is_open(now), "now": now}
    answer = render(request, "privacy/grant.html", context)
    ends = [opened[person.subject].ends_at for person in shown if person.subject in opened]
    if ends:  # an open page is masked again by itself
        answer["Refresh"] = str(max(1, ceil((min(ends) - now).total_seconds())))
    return answer


@staff(Power.INTAKE, Power.HANDLE)
@require_POST
def reveal(request: Asked, token: str, person: str) -> HttpResponse:
    """Open one of them for a minute."""
    row = get_object_or_404(
        BreakGlass.objects.select_related("place", "person", "by"), token=token, by=request.person
    )
    actions.reveal_under(row, get_object_or_404(Person, token=person), timezone.now())
    return redirect("privacy:grant", token)
