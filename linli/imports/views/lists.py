"""Lists that go out."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.base.access import staff
from linli.base.asked import Asked, tried
from linli.base.pages import page_of
from linli.imports import actions
from linli.imports.forms import ExportForm
from linli.imports.models import Export
from linli.imports.rules.runs import KEPT_EXPORT, REGISTERS
from linli.imports.views.ledgers import as_file
from linli.organisations.rules import Power
from linli.places.models import grounds, inside


@staff(Power.REGISTER)
def export(request: Asked) -> HttpResponse:
    """Take a list of residents out: masked unless a reason asks for more, traced for each of them."""
    form = ExportForm(request.POST if request.method == "POST" else None, memberships=request.memberships)
    now = timezone.now()
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        made = tried(
            form,
            lambda: actions.export(
                typed["place"], typed["fields_chosen"], typed["kind"], reason=typed["reason"],
                is_clear=typed["is_clear"], by=request.person, memberships=request.memberships, at=now,
            ),
        )  # fmt: skip
        if made is not None:
            return redirect("imports:exported", made.token)
    page = page_of(
        Export.objects.filter(by=request.person).select_related("place"), request, ["-id"], size=10
    )
    context = {"form": form, "page": page, "now": timezone.localtime(now)}
    return render(request, "imports/export.html", context, status=422 if form.errors else 200)


def _own(request: Asked, token: str) -> Export:
    """Return one's own export, as long as one keeps the register of its place."""
    own = Export.objects.filter(inside(grounds(request.memberships, REGISTERS), "place__"), by=request.person)
    made: Export = get_object_or_404(own.select_related("place"), token=token)
    return made


@staff(Power.REGISTER)
@require_safe
def exported(request: Asked, token: str) -> HttpResponse:
    """Show one's own export: what is in it, until when it can be fetched."""
    made = _own(request, token)
    ends = made.at + KEPT_EXPORT
    context = {"made": made, "ends": ends, "is_over": bool(made.purged_at) or ends <= timezone.now()}
    return render(request, "imports/exported.html", context)


@staff(Power.REGISTER)
@require_safe
def download(request: Asked, token: str) -> HttpResponse:
    """Hand one's own export out, for a day."""
    made = _own(request, token)
    if made.purged_at or made.at + KEPT_EXPORT <= timezone.now():
        return redirect("imports:exported", token)
    return as_file(
        actions.pieces_of(made),
        _("居民名单-%(day)s") % {"day": f"{timezone.localtime(made.at):%Y%m%d}"},
        made.kind,
    )
