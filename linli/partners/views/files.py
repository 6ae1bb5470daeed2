"""The file of a partner for those who look after it and for its own people; applications and every act."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.base.access import signed_in, staff
from linli.base.asked import Asked, tried
from linli.base.pages import page_of
from linli.organisations.models import Membership
from linli.organisations.rules import Power, roles_with
from linli.partners import actions
from linli.partners.actions import Profile
from linli.partners.forms.fields import SERVED, ActForm
from linli.partners.forms.money import StandardForm
from linli.partners.forms.standing import GroupForm, MentorForm, ProfileForm
from linli.partners.models import Contract, Evaluation, Paper, Partner, RoundReport, Term, TermMember
from linli.partners.rules import Kind, State
from linli.partners.rules.rights import NEVER, OF_THE_BODY, rights
from linli.partners.views.acting import Act, offered, opened, require_side, row_for, sides_of
from linli.partners.views.estate_acts import ESTATE_ACTS, OWN_ACTS
from linli.partners.views.lines import contract_lines, paper_lines, sentence_of, steps_of, term_lines
from linli.partners.views.money_acts import MONEY_ACTS
from linli.partners.views.standing_acts import PROFILE_ACTS, STANDING_ACTS
from linli.people.models import Person
from linli.places.models import Place

ACTS: dict[str, Act] = STANDING_ACTS | MONEY_ACTS | ESTATE_ACTS
TERM_ACTS = ("file-term", "seat")
ON_CONTRACT = frozenset(
    {"promise", "renew-contract", "end-contract", "deliver", "accept", "send-back", "penalise", "pay"}
)


@staff(Power.DISPATCH, Power.OVERSEE, Power.AUDIT)
def desk(request: Asked) -> HttpResponse:
    """All partners of the caller's places by state, and the papers that run out next."""
    rows = Partner.objects.looked_after_by(request.memberships).select_related("organisation", "place")
    state = request.GET.get("state", "")
    if state in State.values:
        rows = rows.filter(state=state)
    now = timezone.localtime()
    page = page_of(rows, request, ["name", "id"])
    ending = (
        Paper.objects.filter(replaced_at=None, expires_on__isnull=False)
        .filter(partner__in=Partner.objects.looked_after_by(request.memberships).shown())
        .select_related("partner")
        .order_by("expires_on", "id")[:8]
    )
    context = {
        "page": page,
        "lines": [(row, *sentence_of(row, now)) for row in page.rows],
        "states": State.choices,
        "state": state,
        "ending": ending,
        "today": now.date(),
    }
    return render(request, "partners/desk.html", context)


@signed_in
def mine(request: Asked) -> HttpResponse:
    """The bodies that the caller works for, applied for or leads, and the way to apply."""
    person = request.acting_for or request.person
    memberships = [] if request.acting_for else request.memberships
    rows = Partner.objects.of_own(person, memberships).select_related("organisation").order_by("name", "pk")
    now = timezone.localtime()
    lines = [(row, *sentence_of(row, now)) for row in rows[:40]]
    return render(request, "partners/mine.html", {"lines": lines})


@signed_in
def apply(request: Asked) -> HttpResponse:
    """Apply for a body to be admitted."""
    form = ProfileForm(request.POST or None, initial=_here(request))
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: _applied(request, form.cleaned_data["kind"], form.cleaned_data))
        if made is not None:
            messages.success(request, _("收到了。社区会在 5 个工作日内答复，在这一页看得到。"))
            return redirect("partners:file", made.token)
    return render(request, "partners/apply.html", {"form": form}, status=422 if form.errors else 200)


@signed_in
def group(request: Asked) -> HttpResponse:
    """Register a residents' group on one page."""
    form = GroupForm(request.POST or None, initial=_here(request))
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: _applied(request, Kind.RESIDENTS_GROUP, form.cleaned_data))
        if made is not None:
            messages.success(request, _("收到了。社区会在 5 个工作日内答复，在这一页看得到。"))
            return redirect("partners:file", made.token)
    return render(request, "partners/group.html", {"form": form}, status=422 if form.errors else 200)


@signed_in
def file(request: Asked, token: str) -> HttpResponse:
    """Everything of a partner, with what the caller may do now."""
    partner, now = opened(request, token), timezone.localtime()
    sides = sides_of(request, partner)
    seated = Prefetch("members", TermMember.objects.select_related("person").order_by("pk"))
    terms = Term.objects.filter(partner=partner).prefetch_related(seated).order_by("-number")
    drafts = Evaluation.objects.opened_by(request.person, request.memberships).filter(partner=partner)
    sentence, tone = sentence_of(partner, now)
    context = {
        "partner": partner,
        "sentence": sentence,
        "tone": tone,
        "sides": sides,
        "acts": offered(ACTS, PROFILE_ACTS, partner, sides),
        "acts_lead": partner.state != State.ADMITTED,  # of one at work nothing is awaited
        "own_acts": offered(ACTS, OWN_ACTS, partner, sides),
        "money_acts": offered(ACTS, ("sign-contract", "draft-evaluation"), partner, sides),
        "may_add_paper": bool(offered(ACTS, ("paper",), partner, sides)),
        "may_drop_paper": sides.clerk,
        "papers": paper_lines(partner, now),
        "contracts": contract_lines(Contract.objects.filter(partner=partner), now),
        "evaluations": drafts.order_by("-since")[:12],
        "terms": [
            line | {"acts": offered(ACTS, TERM_ACTS, line["term"], sides)} for line in term_lines(terms, now)
        ],
        "grants": partner.grants.order_by("-id")[:12],
        "suspension": partner.suspensions.order_by("-id").first(),
        "handover": partner.handover.order_by("id"),
        "rounds": partner.rounds.filter(ended_on=None).select_related("place").order_by("title"),
        "devices": partner.devices.filter(ended_on=None).select_related("place").order_by("name"),
        "slots": partner.slots.filter(withdrawn_at=None, ends_at__gt=now)
        .select_related("place")
        .order_by("starts_at"),
        "defects": _open_defects(partner),
        "serves": partner.serves.order_by("path"),
        "steps": steps_of(partner.events.order_by("-id")[:40]),
        "now": now,
    }
    return render(request, "partners/file.html", context)


@signed_in
def people(request: Asked, token: str) -> HttpResponse:
    """Who acts for a partner and what they may see, in words; names are masked."""
    partner = opened(request, token)
    members = [(row, rights(row.powers)) for row in actions.members_now(partner, timezone.now())]
    context = {"partner": partner, "members": members, "all_in_all": OF_THE_BODY, "never": NEVER}
    return render(request, "partners/people.html", context)


@signed_in
def act(request: Asked, token: str, verb: str) -> HttpResponse:
    """Show the form of one act, and do it."""
    found = ACTS.get(verb)
    if found is None:
        raise Http404
    partner, now = opened(request, token), timezone.now()
    require_side(found, request, partner)
    row = row_for(found, request, partner)
    form = _form(found, request, partner, row, now)
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: found.do(request, row, form, now))
        if made is not None:
            messages.success(request, str(found.done))
            return redirect(_after(verb, partner, row, made))
    context = {"act": found, "form": form, "partner": partner, "row": row if found.rows else None}
    return render(request, "partners/act.html", context, status=422 if form.is_bound else 200)


@staff(Power.DISPATCH)
def standard(request: Asked) -> HttpResponse:
    """Publish criteria for a kind of partner in the caller's community or street."""
    place = next((row.place for row in request.memberships if Power.DISPATCH in row.powers), None)
    form = StandardForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and place is not None:
        typed = form.cleaned_data
        made = tried(
            form,
            lambda: actions.publish_standard(
                typed["kind"], place, typed["title"], typed["criteria"], typed["every_months"],
                by=request.person, at=timezone.now(),
            ),
        )  # fmt: skip
        if made is not None:
            return redirect("partners:standards")
    context = {"form": form, "place": place}
    return render(request, "partners/standard.html", context, status=422 if form.errors else 200)


def _applied(request: Asked, kind: str, typed: dict[str, Any]) -> Partner:
    serves = typed["serves"]
    place = serves[0].community or serves[0]
    names = ("name", "purpose", "credit_code", "telephone", "address")
    profile = Profile(kind, **{name: typed[name] for name in names if name in typed})
    leader = request.acting_for or request.person
    return actions.apply(profile, place, serves, by=request.person, at=timezone.now(), leader=leader)


def _form(found: Act, request: Asked, partner: Partner, row: Any, now: datetime) -> ActForm:
    item = row if found.rows is not None else None
    options: dict[str, Any] = {"workers": _workers(partner, now)} if found.form is MentorForm else {}
    data = request.POST if request.method == "POST" else None
    return found.form(data, request.FILES or None, partner=partner, item=item, **options)


def _workers(partner: Partner, now: datetime) -> Any:
    """Return who of the community may stand by a group."""
    above = partner.place.ancestor_ids()
    held = Membership.objects.on(now.date()).filter(place__in=above, role__in=roles_with(Power.INTAKE))
    return Person.objects.filter(pk__in=held.values("person")).order_by("name", "pk")


def _after(verb: str, partner: Partner, row: Any, made: Any) -> str:
    """Return the page on which what was done shows."""
    if isinstance(made, Contract | Evaluation):
        return made.address
    if verb in ON_CONTRACT:
        contract = row if isinstance(row, Contract) else row.contract
        return str(contract.address)
    return partner.address_of_file


def _open_defects(partner: Partner) -> list[RoundReport]:
    """Return the newest reports with something wrong that nobody has settled."""
    rows = RoundReport.objects.filter(round__partner=partner, settled_at=None).select_related("round__place")
    return [row for row in rows.order_by("-at")[:40] if row.defects]


def _here(request: Asked) -> dict[str, str]:
    """Return the place that a link named, to fill the form with."""
    place = Place.objects.live().filter(token=request.GET.get("in", ""), kind__in=SERVED).first()
    return {"serves": place.full_name} if place is not None else {}
