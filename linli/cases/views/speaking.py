"""Saying something: one page, no log-in needed, nothing typed is lost on the way."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from linli.attachments import actions as attachments
from linli.base.access import open_to_all
from linli.base.addresses import address_for
from linli.base.asked import Asked
from linli.base.errors import Refused
from linli.cases import actions
from linli.cases.forms.speaking import SpeakForm, answers_in, asked
from linli.cases.models import Case
from linli.cases.rules import Channel, stopped_by
from linli.duties.models import Category, Matter
from linli.people import actions as people
from linli.people.models import Person
from linli.places import actions as places
from linli.places.actions import Choice
from linli.places.models import Kind, Place, PlaceCode

RECEIPTS = "receipts"  # session key: receipts of what was said in this browser without signing in
MOST_RECEIPTS = 30
# A place small enough that somebody is responsible for it.
SPEAKABLE = (Kind.COMMUNITY, Kind.ESTATE, Kind.BUILDING, Kind.UNIT, Kind.FACILITY, Kind.GRID)
REFUSALS = "refusals"


@open_to_all
def speak(request: Asked) -> HttpResponse:
    """GET shows the form, knowing the place of the code that was scanned; POST files it."""
    if request.method == "POST":
        return _say(request)
    form = _form(request, None)
    return _show(request, form, Choice("place", place=_known_place(request)))


@open_to_all
def feedback(request: Asked) -> HttpResponse:
    """About Linli itself, two taps from every page; what others said and what was answered is below (G08)."""
    return redirect(f"{address_for_speak()}?matter={Matter.FEEDBACK}")


def address_for_speak() -> str:
    """Return the path of the form."""
    return "/cases/say/"


def _form(request: Asked, data: Any) -> SpeakForm:
    matter = (data or request.GET).get("matter", "")
    categories = Category.objects.leaves().select_related("parent")
    if matter in Matter.values:
        categories = categories.filter(matter=matter)
    else:
        categories = categories.exclude(matter=Matter.FEEDBACK)
    files = request.FILES if data is not None else None
    form = SpeakForm(data, files, categories=categories, asks_contact=_speaker(request) is None)
    if data is None and (wanted := request.GET.get("category")):
        form.initial["category"] = wanted
    return form


def _show(
    request: Asked, form: SpeakForm, choice: Choice, *, kept: int = 0, status: int = 200
) -> HttpResponse:
    data = request.POST if request.method == "POST" else request.GET
    context = {
        "form": form,
        "choice": choice,
        "code": data.get("code", ""),
        "matter": data.get("matter", ""),
        "kept": kept,
        "acting_for": request.acting_for,
    }
    return render(request, "cases/speak.html", context, status=status)


def _speaker(request: Asked) -> Person | None:
    """Return who speaks: the family member or assisted resident, or whoever is signed in."""
    return request.acting_for or request.person


def _speakable() -> QuerySet[Place]:
    return Place.objects.live().filter(kind__in=SPEAKABLE)


def _known_place(request: Asked) -> Place | None:
    """Return the place that the address names, or where the speaker lives, as far as a stranger may know it."""
    data = request.POST or request.GET
    if code := data.get("code"):
        found = PlaceCode.objects.live().filter(token=code).select_related("place__estate").first()
        if found is not None:
            return found.place.estate if found.place.shows_residents else found.place
    if token := data.get("place"):
        return _speakable().filter(token=token).first()
    speaker = _speaker(request)
    home = speaker.home_now(timezone.localdate()) if speaker and request.method == "GET" else None
    return (home.estate or home.community) if home else None


def _say(request: Asked) -> HttpResponse:
    """Keep the files, read the place, ask what must be asked, then file."""
    now = timezone.now()
    form = _form(request, request.POST)
    once = form.data.get("once") or ""
    draft = f"cases.Draft:{once[:40]}"
    refusals = _keep_files(request, draft, now) if once else []
    kept = attachments.of(draft).count() if once else 0
    form.has_attachment = bool(kept)
    choice = _choice(request)
    valid = form.is_valid()
    if not valid or choice.place is None:
        for refusal in refusals:
            form.add_error("photos", refusal)
        return _show(request, form, choice, kept=kept, status=422)
    category = form.cleaned_data["category"] or actions.pressing_category(form.cleaned_data["text"])
    answers = answers_in(request.POST, category)
    if (stopping := _stop_or_ask(request, category, answers)) is not None:
        return stopping
    try:
        case = _file(request, form, choice.place, category, answers, once, now)
    except Refused as refused:
        form.add_error(None, str(refused.reason))
        return _show(request, form, choice, kept=kept, status=422)
    attachments.move(draft, case.subject)
    request.session[REFUSALS] = refusals
    _remember(request, case)
    return redirect("cases:said", token=case.token)


def _choice(request: Asked) -> Choice:
    """Read the place: tapped, typed, scanned, or where the telephone says it stands."""
    known = _known_place(request)
    if known is not None:
        return Choice("place", place=known)
    latitude, longitude = request.POST.get("latitude"), request.POST.get("longitude")
    if latitude and longitude and not request.POST.get("place_words"):
        try:
            found = places.locate(float(latitude), float(longitude))
        except (Refused, ValueError) as refused:
            choice = places.choose(request.POST, "place", _speakable(), SPEAKABLE)
            choice.problem = choice.problem and str(refused)
            return choice
        if found is not None:
            return Choice("place", place=found)
    return places.choose(request.POST, "place", _speakable(), SPEAKABLE)


def _keep_files(request: Asked, draft: str, now: datetime) -> list[str]:
    """Keep what was uploaded under the form's key, so that no later question loses it; return what was refused."""
    by = request.person.subject if request.person else ""
    kept = attachments.attach_all(request.FILES.getlist("photos"), draft, "before", now, by)
    voice = attachments.attach_all(request.FILES.getlist("voice"), draft, attachments.VOICE, now, by)
    return kept.refusals + voice.refusals


def _stop_or_ask(request: Asked, category: Category | None, answers: dict[str, Any]) -> HttpResponse | None:
    """Return the page that asks what bears on safety, or says whom to ring first; None where nothing stops."""
    if category is None or request.POST.get("despite"):
        return None
    questions = [question for question in asked(category) if question["code"] not in answers]
    stop = stopped_by(category.questions, answers)
    if not questions and not stop:
        return None
    typed = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
    typed = [(name, value) for name, value in typed if name not in {"csrfmiddlewaretoken", "category"}]
    context = {
        "category": category,
        "questions": questions,
        "stop": stop,
        "typed": [*typed, ("category", category.code)],
    }
    return render(request, "cases/questions.html", context)


def _file(
    request: Asked, form: SpeakForm, place: Place, category: Any, answers: Any, once: str, now: datetime
) -> Case:
    cleaned = form.cleaned_data
    matter = request.POST.get("matter", "")
    position = (cleaned["latitude"], cleaned["longitude"]) if cleaned["latitude"] is not None else None
    said = actions.Said(
        text=cleaned["text"],
        place=place,
        channel=_channel(request, form),
        matter=matter if matter in Matter.values else "",
        category=category,
        answers=answers | ({"despite": "1"} if request.POST.get("despite") else {}),
        place_words=cleaned["where"],
        position=position if position and None not in position else None,
        is_private=cleaned["is_private"],
        has_attachment=form.has_attachment,
    )
    assisting = request.assisting
    if assisting is not None:
        return actions.file_for(said, resident=assisting.resident, by=request.person, at=now, once=once)
    reporter = _speaker(request) or _by_telephone(cleaned, now)
    by = request.person or reporter
    return actions.file(said, by=by, at=now, reporter=reporter, once=once)


def _by_telephone(cleaned: dict[str, Any], now: datetime) -> Person | None:
    """Return the person who left a number or a name, without asking who they are."""
    name, phone = cleaned.get("name", ""), cleaned.get("phone", "")
    return people.register(name, phone, now) if name or phone else None


def _channel(request: Asked, form: SpeakForm) -> str:
    assisting = request.assisting
    if assisting is not None:
        return str(assisting.channel)
    if request.POST.get("code"):
        return Channel.QR
    return Channel.VOICE if request.FILES.get("voice") and not form.cleaned_data["text"] else Channel.PAGE


def _remember(request: Asked, case: Case) -> None:
    """Let this browser read on: the receipt is all that somebody without an account has."""
    receipts = [*request.session.get(RECEIPTS, []), case.receipt]
    request.session[RECEIPTS] = receipts[-MOST_RECEIPTS:]


@open_to_all
def said(request: Asked, token: str) -> HttpResponse:
    """The receipt: number, who will probably act, when we answer, and what may be the same matter."""
    case = get_object_or_404(
        Case.objects.readable_by(request.person, request.memberships, _receipts(request), timezone.now()),
        token=token,
    )
    now = timezone.localtime()
    context = {
        "case": case,
        "now": now,
        "alike": actions.alike_to(case, now),
        "refusals": request.session.pop(REFUSALS, []),
        "signed_in": request.person is not None,
        "follow_address": case.address,
        "follow_full": f"{settings.PUBLIC_ADDRESS}/cases/r/{case.receipt}/",
        "proof": address_for("transparency:receipt", case.number),
    }
    return render(request, "cases/said.html", context)


def _receipts(request: Asked) -> list[str]:
    return list(request.session.get(RECEIPTS, []))


@open_to_all
@require_POST
def same(request: Asked, token: str) -> HttpResponse:
    """The speaker says that theirs is the same as an earlier public matter: theirs joins it as me-too."""
    rows = Case.objects.readable_by(request.person, request.memberships, _receipts(request), timezone.now())
    case = get_object_or_404(rows, token=token)
    earlier = get_object_or_404(Case.objects.public(), token=request.POST.get("as", ""))
    actions.join(case, earlier, by=request.person or case.reporter, at=timezone.now())
    return redirect("cases:case", token=earlier.token)
