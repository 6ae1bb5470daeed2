"""What everybody may read: what is kept and why, what was purged, which body misused data."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.base.access import open_to_all
from linli.base.pages import page_of
from linli.privacy import actions
from linli.privacy.models import ConsentNotice, FieldChange, Finding, Purge, catalogue
from linli.privacy.rules import Field


@open_to_all
def fields(request: HttpRequest) -> HttpResponse:
    """我们记什么、为什么、记多久: the catalogue in plain words, by purpose, with what was changed last."""
    known = list(catalogue().values())
    by_purpose: dict[str, list[Field]] = {}
    for field in known:
        by_purpose.setdefault(field.purpose, []).append(field)
    groups = list(by_purpose.items())
    changes = FieldChange.objects.order_by("-pk")[:10]
    context = {"groups": groups, "changes": changes, "count": len(known), "now": timezone.now()}
    return render(request, "privacy/fields.html", context)


@open_to_all
def duplicates(request: HttpRequest) -> HttpResponse:
    """Tell whether a form field would ask for a fact that is held already; `?format=json` for programs."""
    asked = request.GET.get("asked", "").strip()[:100]
    found = actions.duplicates_of(asked) if asked else []
    if request.GET.get("format") == "json":
        return JsonResponse(
            {"asked": asked, "is_held": bool(found), "held_as": [_as_json(field) for field in found]}
        )
    return render(request, "privacy/duplicates.html", {"asked": asked, "found": found})


def _as_json(field: Field) -> dict[str, str]:
    return {"code": field.code, "label": field.label, "purpose": field.purpose, "asked_in": field.asked_in}


@open_to_all
def purges(request: HttpRequest) -> HttpResponse:
    """What was purged when: counts, never whose."""
    page = page_of(Purge.objects.all(), request, ["-id"])
    return render(request, "privacy/purges.html", {"page": page, "now": timezone.now()})


@open_to_all
def findings(request: HttpRequest) -> HttpResponse:
    """Bodies that misused personal data, what they said, and what became of it."""
    found = Finding.objects.exclude(published_at=None).select_related("organisation")
    page = page_of(found, request, ["-id"])
    return render(request, "privacy/findings.html", {"page": page, "now": timezone.now()})


@open_to_all
def notice(request: HttpRequest, token: str) -> HttpResponse:
    """One version of a text to agree to, as it was published."""
    shown = get_object_or_404(ConsentNotice, token=token)
    return render(request, "privacy/notice.html", {"notice": shown, "title": _("同意书")})
