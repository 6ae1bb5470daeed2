"""QR codes for staff to make, look at, print and replace."""

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.base.access import open_to_all, staff
from linli.base.pages import page_of
from linli.places import actions as places
from linli.places.forms import SheetForm
from linli.places.models import Kind, Place, PlaceCode
from linli.places.rules import CHANGES_TREE
from linli.places.views.tree import seen

ON_A_PAGE = 12  # stickers of an A4 page, three across
PAGES_AT_ONCE = 20


def address_in(code: PlaceCode) -> str:
    """Return what the QR code says: the page of the place on this deployment's public address."""
    return f"{settings.PUBLIC_ADDRESS.rstrip('/')}/q/{code.token}/"


def drawn(code: PlaceCode) -> SafeString:
    """Return the QR code as SVG for a page: correction Q, as stickers get scratched; no style or script."""
    qr = segno.make(address_in(code), error="q", micro=False)
    return mark_safe(qr.svg_inline(border=4, omitsize=True, svgclass=None, lineclass=None))  # noqa: S308 drawn by us


@staff(*CHANGES_TREE)
def code(request: HttpRequest, token: str) -> HttpResponse:
    """The code of one place, to print by itself; those that were replaced, and how to replace it."""
    place = seen(request, token, CHANGES_TREE)
    codes = list(place.codes.order_by("-id")[:20])
    live = next((row for row in codes if row.is_live), None)
    context = {
        "place": place,
        "code": live,
        "picture": drawn(live) if live else "",
        "address": address_in(live) if live else "",
        "retired": [row for row in codes if not row.is_live],
    }
    return render(request, "places/code.html", context)


@staff(*CHANGES_TREE)
@require_POST
def change_code(request: HttpRequest, token: str, verb: str) -> HttpResponse:
    """Make the code of a place, make a new one in place of the old, or take it out of use."""
    place = seen(request, token, CHANGES_TREE)
    by, at = request.person, timezone.now()  # type: ignore[attr-defined]
    if verb == "issue":
        places.issue_code(place, by=by, at=at)
        words = _("码做好了，可以打印。")
    elif verb == "replace":
        places.replace_code(place, by=by, at=at)
        words = _("换好了。旧码扫开会说明已经作废，请把新码贴上。")
    elif verb == "retire":
        live = PlaceCode.objects.live().filter(place=place).first()
        if live is not None:
            places.retire_code(live, by=by, at=at)
        words = _("这个码已经作废。")
    else:
        raise Http404
    messages.success(request, words)
    return redirect("places:code", token=place.token)


@open_to_all
def picture(request: HttpRequest, token: str) -> HttpResponse:
    """The QR code as an SVG file for a print shop; it holds nothing but the public address."""
    live = get_object_or_404(PlaceCode.objects.live(), token=token)
    picture = segno.make(address_in(live), error="q", micro=False).svg_inline(scale=10, border=4)
    # A file, unlike a picture within a page, has to say that it is SVG.
    file = picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    answer = HttpResponse(file, content_type="image/svg+xml")
    answer["Cache-Control"] = "public, max-age=86400"
    return answer


@staff(*CHANGES_TREE)
def sheet(request: HttpRequest, token: str) -> HttpResponse:
    """Choose kinds, make the codes that are missing (POST), then show the A4 pages (GET with kinds)."""
    place = seen(request, token, CHANGES_TREE)
    form = SheetForm(request.POST if request.method == "POST" else request.GET or None)
    chosen = form.is_valid()
    beneath = Place.objects.live().within(place)
    if request.method == "POST" and chosen:
        kinds = form.cleaned_data["kinds"]
        by = request.person  # type: ignore[attr-defined]
        places.issue_codes(beneath.filter(kind__in=kinds), by=by, at=timezone.now())
        address = reverse("places:sheet", args=[place.token])
        return redirect(f"{address}?{urlencode({'kinds': kinds}, doseq=True)}")
    if not chosen:
        held = set(beneath.values_list("kind", flat=True).distinct())
        context = {"place": place, "form": form, "kinds": [kind for kind in Kind if kind in held]}
        return render(request, "places/sheet_kinds.html", context, status=422 if form.is_bound else 200)
    codes = PlaceCode.objects.live().filter(place__in=beneath.filter(kind__in=form.cleaned_data["kinds"]))
    page = page_of(
        codes.select_related("place__community"),
        request,
        ["place__path", "id"],
        size=ON_A_PAGE * PAGES_AT_ONCE,
    )
    # Siblings stand together by path; on paper they stand as people count.
    rows = sorted(page.rows, key=lambda row: (row.place.kind, row.place.parent_id or 0, row.place.sort_name))
    stickers = [(row.place, drawn(row)) for row in rows]
    pages = [stickers[start : start + ON_A_PAGE] for start in range(0, len(stickers), ON_A_PAGE)]
    context = {"place": place, "page": page, "pages": pages, "count": len(stickers)}
    return render(request, "places/sheet.html", context)
