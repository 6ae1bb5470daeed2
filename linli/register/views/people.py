"""The register at the desk: lists and search within one's places, and one person's record."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.base.access import staff
from linli.base.asked import Asked, tried
from linli.base.crypto import seal, unseal
from linli.base.pages import page_of
from linli.organisations.rules import SEARCH_LIMIT, Power
from linli.people.models import Person, Residency, ResidencyQuerySet
from linli.people.rules import Tenure
from linli.places.models import Kind, Place
from linli.register import actions
from linli.register.forms import SearchForm, StatementForm
from linli.register.models import Profile, Tag, TagKind, registered_places, residents_of
from linli.register.record import Record, register_role, staff_record
from linli.register.rules import FIELDS, masked
from linli.register.views.typed import typed_in

SEALED_FOR = "register.search"
SESSION_KEY = "register_search"
MOST_FOUND = 50


@staff(Power.REGISTER, Power.INTAKE)
def people(request: Asked) -> HttpResponse:
    """List who lives within one's places, or whom the words found. What was typed stays out of addresses."""
    now = timezone.now()
    form = SearchForm(typed_in(request))
    if request.method == "POST":
        if form.is_valid():
            typed = seal(form.cleaned_data["wanted"].strip(), bound_to=SEALED_FOR).hex()
            request.session[SESSION_KEY] = {"typed": typed, "ends_at": (now + SEARCH_LIMIT).timestamp()}
            return redirect("register:found")
        return render(request, "register/people.html", {"form": form, **_filters(request)}, status=422)
    rows = _listed(request, timezone.localdate(now))
    page = page_of(rows, request, ["home__path", "id"])
    residents = _lines(page.rows)
    filters = _filters(request)
    tags = [kind.name for kind in filters["kinds"] if kind.code == filters["tag"]]
    shown = (line["person"] for line in residents)
    actions.shown_in_list(shown, request.person, register_role(request), now, tags)
    context = {"form": form, "page": page, "residents": residents, **filters}
    return render(request, "register/people.html", context)


@staff(Power.REGISTER, Power.INTAKE)
def found(request: Asked) -> HttpResponse:
    """Show whom the search found, masked; each of them can see that they were shown."""
    now = timezone.now()
    kept = request.session.get(SESSION_KEY)
    if not kept or now.timestamp() >= kept["ends_at"]:
        return redirect("register:people")
    wanted = unseal(bytes.fromhex(kept["typed"]), bound_to=SEALED_FOR)
    form = SearchForm({"wanted": wanted})
    form.is_valid()
    persons = tried(form, lambda: actions.search(wanted, request.memberships, now, limit=MOST_FOUND)) or []
    tags = [name for name in TagKind.objects.values_list("name", flat=True) if name in wanted]
    actions.shown_in_search(persons, request.person, register_role(request), now, tags)
    context = {
        "form": form,
        "wanted": wanted,
        "residents": _with_homes(persons, request, now),
        "has_more": len(persons) == MOST_FOUND,
    }
    return render(request, "register/found.html", context, status=422 if form.errors else 200)


@staff(Power.REGISTER, Power.INTAKE)
def person(request: Asked, token: str) -> HttpResponse:
    """Show a person's record, masked; a row that was merged leads to the one that stands for it."""
    who = resident_of(request, token)
    if who.merged_into is not None:
        return redirect("register:person", who.merged_into.token)
    return record_page(request, who, {})


def record_page(request: Asked, who: Person, more: dict[str, Any], status: int = 200) -> HttpResponse:
    """Render the record; being shown leaves a line in the person's trail."""
    now = timezone.now()
    record = staff_record(who, request, now, with_history=True)
    actions.shown_record(who, request.person, register_role(request), _("看居民档案"), now)
    context = {"resident": who, "record": record, "now": now, "kinds": _open_kinds(record), **more}
    answer = render(request, "register/person.html", context, status=status)
    ends = [row.until for row in record.facts if row.until is not None]
    if ends:
        answer["Refresh"] = str(max(1, int((min(ends) - now).total_seconds())))
    return answer


@staff(Power.REGISTER, Power.INTAKE)
def edit(request: Asked, token: str) -> HttpResponse:
    """Write down what somebody said: a form filled with what is held, the masked left empty, for the minute in
    which it is open too: a form stays on the screen longer than that.
    """
    who, now = resident_of(request, token), timezone.now()
    record = staff_record(who, request, now)
    hidden = {row.code for row in record.facts if row.offer is not None or row.until is not None}
    only = [code for code in request.GET.getlist("fact") if code in FIELDS]
    wanted = only or [code for code in FIELDS if code != "died_on"]
    options: dict[str, Any] = {"profile": record.profile, "wanted": wanted, "hidden": hidden}
    form = StatementForm(typed_in(request), **options)
    is_good = request.method == "POST" and form.is_valid()
    if is_good and tried(form, lambda: _write(who, form, request, now)) is not None:
        messages.success(request, _("记好了。"))
        return redirect("register:person", token)
    actions.shown_record(who, request.person, register_role(request), _("登记资料"), now)
    context = {"resident": who, "form": form}
    return render(request, "register/edit.html", context, status=422 if form.errors else 200)


@staff(Power.REGISTER, Power.INTAKE)
@require_POST
def confirm(request: Asked, token: str) -> HttpResponse:
    """One tap when the person is met anyway: what is held is still right, all of it or one fact."""
    who = resident_of(request, token)
    fields = request.POST.getlist("fact") or None
    moved = actions.confirm(who, fields, by=request.person, at=timezone.now())
    messages.success(request, _("确认了 %(count)s 项。") % {"count": len(moved)})
    return redirect("register:person", token)


def resident_of(request: Asked, token: str) -> Person:
    """Return the person, where the caller keeps the register of their home; else 404."""
    rows = residents_of(request.memberships, timezone.localdate()).select_related("merged_into")
    who: Person = get_object_or_404(rows, token=token)
    return who


def _write(who: Person, form: StatementForm, request: Asked, at: datetime) -> Profile:
    typed = form.cleaned_data
    changed = form.changed_values()
    profile = actions.state(
        who,
        changed,
        source=typed["source"],
        source_words=typed["source_words"],
        by=request.person,
        at=at,
        is_certain=typed["is_certain"],
    )
    if typed["rest_is_right"]:
        rest = [code for code in form.wanted if code not in changed]
        actions.confirm(who, rest, by=request.person, at=at)
    return profile


def _listed(request: Asked, on: date) -> ResidencyQuerySet:
    """Return the residencies that the filters of the address leave, within one's places."""
    rows = Residency.objects.on(on).within(registered_places(request.memberships)).with_building()
    rows = rows.filter(person__merged_into=None).select_related("person", "home__parent__parent")
    place = _chosen_place(request)
    if place is not None:
        rows = rows.within([place])
    if request.GET.get("tenure") in Tenure.values:
        rows = rows.filter(tenure=request.GET["tenure"])
    kind = TagKind.objects.filter(code=request.GET.get("tag", "")).first()
    if kind is not None:
        rows = rows.filter(person__in=Tag.objects.on(on).filter(kind=kind).values("person"))
    return rows


def _chosen_place(request: Asked) -> Place | None:
    token = request.GET.get("at", "")
    own = Place.objects.within_any(registered_places(request.memberships))
    return get_object_or_404(own, token=token) if token else None


def _filters(request: Asked) -> dict[str, Any]:
    """Return what the list can be narrowed by, and what it is narrowed by now."""
    own = Place.objects.live().within_any(registered_places(request.memberships))
    return {
        "places": list(
            own.filter(kind__in=(Kind.GRID, Kind.ESTATE)).order_by("kind", "sort_name", "id")[:60]
        ),
        "kinds": list(TagKind.objects.filter(retired_at=None)),
        "tenures": Tenure.choices,
        "at_place": request.GET.get("at", ""),
        "tag": request.GET.get("tag", ""),
        "tenure": request.GET.get("tenure", ""),
    }


def _lines(rows: Iterable[Residency]) -> list[dict[str, Any]]:
    """Return list rows: masked name, masked telephone, address down to the building."""
    return [
        {
            "person": row.person,
            "name": row.person.masked,
            "phone": masked("phone", row.person.phone),
            "building": row.building.full_name if row.building else "",
            "tenure": row.get_tenure_display(),
            "lives_there": row.lives_there,
        }
        for row in rows
    ]


def _with_homes(persons: list[Person], request: Asked, at: datetime) -> list[dict[str, Any]]:
    rows = (
        Residency.objects.on(timezone.localdate(at))
        .within(registered_places(request.memberships))
        .filter(person__in=persons)
        .with_building()
        .select_related("person", "home__parent__parent")
    )
    by_person: dict[int, Residency] = {}
    for row in rows.order_by("lives_there", "since", "pk"):
        by_person[row.person_id] = row
    return _lines([by_person[one.pk] for one in persons if one.pk in by_person])


def _open_kinds(record: Record) -> list[TagKind]:
    held = {row["tag"].kind_id for row in record.tags}
    return [kind for kind in TagKind.objects.filter(retired_at=None) if kind.pk not in held]
