"""Saying something: one page, no log-in needed, nothing typed is lost on the way."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.base.access import open_to_all
from linli.base.addresses import address_for
from linli.base.asked import Asked, tried
from linli.base.errors import Refused
from linli.cases import actions
from linli.cases.forms.speaking import SpeakForm, answers_in
from linli.cases.models import Case
from linli.cases.rules import Channel
from linli.cases.views import drafts
from linli.cases.views.asking import ask_first
from linli.cases.views.finding import receipts_of, remember
from linli.cases.views.lines import Line, lines_of
from linli.duties.models import Category, Matter
from linli.organisations.models import Organisation
from linli.people import actions as people
from linli.people.models import Person
from linli.places import actions as places
from linli.places.actions import Choice
from linli.places.models import Kind, Place, PlaceCode, PlaceQuerySet

# A place small enough that somebody is responsible for it.
SPEAKABLE = (Kind.COMMUNITY, Kind.ESTATE, Kind.BUILDING, Kind.UNIT, Kind.FACILITY, Kind.GRID)
# 长辈版 asks one thing per page; the fields of each step, what else was typed goes along unseen.
STEPS = {
    "what": {"text"},
    "where": {"where", "place", "place_words", "place_asked", "latitude", "longitude", "is_private"},
    "who": {"phone", "name", "is_private"},
}
NOT_CARRIED = {"csrfmiddlewaretoken", "once", "step", "photos", "voice"}
FEEDBACK_SHOWN = 10
IDEA = "platform.idea"


@open_to_all
def speak(request: Asked) -> HttpResponse:
    """GET shows the form, knowing the place of the code that was scanned; POST files it."""
    return _speak(request, request.POST.get("matter", "") or request.GET.get("matter", ""))


@open_to_all
def feedback(request: Asked) -> HttpResponse:
    """About Linli itself, two taps from every page; what others said and what was answered stands below (G08)."""
    return _speak(request, Matter.FEEDBACK)


def _speak(request: Asked, matter: str) -> HttpResponse:
    matter = matter if matter in Matter.values else ""
    if request.method == "POST":
        return _say(request, matter)
    return _show(request, _form(request, matter), Choice("place", place=_known_place(request)), matter)


def _form(request: Asked, matter: str, once: str = "") -> SpeakForm:
    categories = Category.objects.leaves()
    if matter == Matter.FEEDBACK:
        categories = categories.filter(matter=matter)
    else:
        categories = categories.exclude(matter=Matter.FEEDBACK)
    asks_contact = _speaker(request) is None
    if once:
        data = request.POST.copy()
        data["once"] = once
        return SpeakForm(data, request.FILES, categories=categories, asks_contact=asks_contact)
    wanted = {"category": request.GET.get("category", "")}
    return SpeakForm(initial=wanted, categories=categories, asks_contact=asks_contact)


def _show(
    request: Asked, form: SpeakForm, choice: Choice, matter: str, *, step: str = "what", kept: int = 0
) -> HttpResponse:
    """Show the form, in 长辈版 the one step of it; with 422 where something is still wrong or missing."""
    data = request.POST if request.method == "POST" else request.GET
    is_feedback = matter == Matter.FEEDBACK
    now = timezone.localtime()
    context = {
        "form": form,
        "choice": choice,
        "code": data.get("code", ""),
        "knows_place": choice.place is not None and bool(data.get("code")),
        "matter": matter,
        "kept": kept,
        "step": step,
        "carried": _carried(request, step),
        "is_last": step == "who" or (step == "where" and not form.asks_contact),
        "is_feedback": is_feedback,
        "said_before": _feedback_lines() if is_feedback and request.method == "GET" else [],
        "now": now,
    }
    template = "cases/speak_elder.html" if request.elder else "cases/speak.html"
    is_wrong = form.is_bound and bool(form.errors or choice.problem)
    return render(request, template, context, status=422 if is_wrong else 200)


def _carried(request: Asked, step: str) -> list[tuple[str, str]]:
    """Return what was typed on other pages of 长辈版, to go along with this one."""
    left_out = NOT_CARRIED | STEPS[step]
    typed = [(name, request.POST.get(name, "")) for name in request.POST if name not in left_out]
    return [(name, value) for name, value in typed if value]


def _feedback_lines() -> list[Line]:
    """Return what was said about Linli of late, with the answers, as anyone may read it."""
    leaves = Category.objects.active().filter(matter=Matter.FEEDBACK)
    rows = Case.objects.public().filter(category__in=leaves).select_related("lead", "owner")
    return lines_of(rows.order_by("-id")[:FEEDBACK_SHOWN], timezone.localtime(), is_public=True)


def _speaker(request: Asked) -> Person | None:
    """Return who speaks: the family member or assisted resident, or whoever is signed in."""
    who: Person | None = request.acting_for or request.person
    return who


def _speakable() -> PlaceQuerySet:
    return Place.objects.live().filter(kind__in=SPEAKABLE)


def _scanned(request: Asked) -> Place | None:
    """Return the place of the code that was scanned, an old one too; a home's code stands for its estate."""
    code = (request.POST or request.GET).get("code")
    found = PlaceCode.objects.filter(token=code).select_related("place__estate").first() if code else None
    if found is None:
        return None
    return found.place.estate if found.place.shows_residents else found.place


def _known_place(request: Asked) -> Place | None:
    """Return what the form proposes: the place scanned or named in the address, or where the speaker lives."""
    if place := _scanned(request):
        return place
    if token := request.GET.get("place"):
        return _speakable().filter(token=token).first()
    speaker = _speaker(request)
    home = speaker.home_now(timezone.localdate()) if speaker else None
    if home is not None:
        return home.estate or home.community
    return _only_community()


def _only_community() -> Place | None:
    """Return the one community that has a desk here, None where there are several."""
    desks = Organisation.objects.active().filter(is_desk=True)
    found = list(Place.objects.live().filter(kind=Kind.COMMUNITY, served_by__in=desks).distinct()[:2])
    return found[0] if len(found) == 1 else None


def _say(request: Asked, matter: str) -> HttpResponse:
    """Keep the files, read the place, ask what must be asked, then file."""
    now, once = timezone.now(), drafts.key_of(request)
    if (before := drafts.filed_before(once)) is not None:
        return _filed(request, before)
    refusals = drafts.keep_files(request, once, now)
    form = _form(request, matter, once)
    kept = drafts.count_files(once)
    form.has_attachment = bool(kept)
    if request.elder and (step := _next_step(request, form)):
        drafts.say_refused(form, refusals)
        choice = _choice(request, must=request.POST.get("step") != "what")
        return _show(request, form, choice, matter, step=step, kept=kept)
    choice = _choice(request)
    if not form.is_valid() or choice.place is None:
        drafts.say_refused(form, refusals)
        return _show(request, form, choice, matter, step=_trouble(form, choice), kept=kept)
    category, place = form.cleaned_data["category"], choice.place
    if (page := ask_first(request, category, form.cleaned_data["text"], once)) is not None:
        return page
    case = tried(form, lambda: _file(request, form, place, matter, once))
    if case is None:
        return _show(request, form, choice, matter, step=_trouble(form, choice), kept=kept)
    drafts.hand_over(request, once, case, refusals)
    return _filed(request, case)


def _next_step(request: Asked, form: SpeakForm) -> str:
    """Return which page of 长辈版 comes next, "" when all that it asks was asked."""
    posted = request.POST.get("step", "")
    if posted == "what":
        return "where" if not set(form.errors) & set(STEPS["what"]) else "what"
    if posted == "where" and form.asks_contact:
        return "who" if _choice(request).place is not None else "where"
    return ""


def _trouble(form: SpeakForm, choice: Choice) -> str:
    """Return the step that still misses something."""
    if set(form.errors) & set(STEPS["what"]):
        return "what"
    return "where" if choice.place is None or not form.asks_contact else "who"


def _choice(request: Asked, *, must: bool = True) -> Choice:
    """Read the place: tapped, typed, scanned, or where the telephone says it stands."""
    if place := _scanned(request):
        return Choice("place", place=place)
    chosen = places.choose(request.POST, "place", _speakable(), SPEAKABLE)
    if chosen.place is not None or chosen.words:
        return chosen
    return _located(request, chosen) if must else Choice("place", place=_known_place(request))


def _located(request: Asked, choice: Choice) -> Choice:
    """Take the place from the position, where nothing was typed; a point at sea says so."""
    try:
        latitude, longitude = float(request.POST["latitude"]), float(request.POST["longitude"])
        choice.place = places.locate(latitude, longitude)
    except Refused as refused:
        choice.problem = str(refused.reason)
    except (KeyError, ValueError):
        return choice
    return choice if choice.place is None else Choice("place", place=choice.place)


def _file(request: Asked, form: SpeakForm, place: Place, matter: str, once: str) -> Case:
    now, cleaned = timezone.now(), form.cleaned_data
    chosen = cleaned["category"] or _drawer_of(matter)
    guessed = None if chosen else actions.pressing_category(cleaned["text"])
    category, answers = answers_in(request.POST, chosen, guessed)
    said = actions.Said(
        text=cleaned["text"],
        place=place,
        channel=_channel(request, form),
        matter=matter,
        category=category,
        answers=answers,
        place_words=cleaned["where"],
        position=_on_land(cleaned["position"]),
        is_private=cleaned["is_private"],
        has_attachment=form.has_attachment,
    )
    assisting = request.assisting
    if assisting is not None:
        return actions.file_for(said, resident=assisting.resident, by=request.person, at=now, once=once)
    name, phone = cleaned.get("name", ""), cleaned.get("phone", "")
    reporter = _speaker(request) or (people.register(name, phone, now) if name or phone else None)
    return actions.file(said, by=request.person or reporter, at=now, reporter=reporter, once=once)


def _drawer_of(matter: str) -> Category | None:
    """Feedback about Linli that names no category counts as an idea: so somebody answers it, and in public."""
    return Category.objects.leaves().filter(code=IDEA).first() if matter == Matter.FEEDBACK else None


def _on_land(position: tuple[float, float] | None) -> tuple[float, float] | None:
    """Return the position if it can be one; a point at sea is left out where the place is known anyway."""
    if position is None:
        return None
    try:
        places.locate(*position)
    except Refused:
        return None
    return position


def _channel(request: Asked, form: SpeakForm) -> str:
    if request.assisting is not None:
        return str(request.assisting.channel)
    if request.POST.get("code"):
        return Channel.QR
    return Channel.VOICE if form.has_attachment and not form.cleaned_data["text"] else Channel.PAGE


def _filed(request: Asked, case: Case) -> HttpResponse:
    if (
        request.person is None or request.person.pk != case.reporter_id
    ):  # whoever is signed in reads their own
        remember(request, case.receipt)
    return redirect("cases:said", token=case.token)


@open_to_all
def said(request: Asked, token: str) -> HttpResponse:
    """The receipt: number, who will probably act, when we answer, and what may be the same matter."""
    now = timezone.localtime()
    rows = Case.objects.readable_by(request.person, request.memberships, receipts_of(request), now)
    case = get_object_or_404(rows.select_related("category", "proposed_lead", "owner", "place"), token=token)
    context: dict[str, Any] = {
        "case": case,
        "now": now,
        "alike": actions.alike_to(case, now),
        "is_known": case.reporter is not None,
        "signed_in": request.person is not None,
        "follow_full": f"{settings.PUBLIC_ADDRESS}/cases/r/{case.receipt}/",
        "proof": address_for("transparency:receipt", case.number),
        "next_words": _("首次回应：") if case.response_due else "",
    }
    return render(request, "cases/said.html", context)


@open_to_all
@require_POST
def same(request: Asked, token: str) -> HttpResponse:
    """The speaker says that theirs is the same as an earlier public matter: theirs joins it as me-too."""
    rows = Case.objects.asked_by(request.person, receipts_of(request), timezone.now())
    case = get_object_or_404(rows, token=token)
    earlier = get_object_or_404(Case.objects.public(), token=request.POST.get("as", ""))
    actions.join(case, earlier, by=request.person or case.reporter, at=timezone.now())
    return redirect("cases:case", token=case.token)
