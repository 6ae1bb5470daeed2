"""Tags of one person, and the table of tags."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.base.access import staff
from linli.base.asked import Asked, tried
from linli.base.fields import public_token
from linli.organisations.rules import Power
from linli.register import actions
from linli.register.forms import ReasonForm, TagForm, TagKindForm
from linli.register.models import Tag, TagKind
from linli.register.record import register_role
from linli.register.views.people import record_page, resident_of
from linli.register.views.typed import typed_in


@staff(Power.REGISTER, Power.INTAKE)
def add_tag(request: Asked, token: str) -> HttpResponse:
    """Put a tag on somebody: for which purpose stands beside each."""
    who, now = resident_of(request, token), timezone.now()
    form = TagForm(typed_in(request), initial={"since": timezone.localdate(now)})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        made = tried(
            form,
            lambda: actions.tag(
                who, typed["kind"], since=typed["since"], source=typed["source"], by=request.person, at=now,
                source_words=typed["source_words"], detail=typed["detail"],
            ),
        )  # fmt: skip
        if made is not None:
            return redirect("register:person", token)
    actions.shown_record(who, request.person, register_role(request), _("加标签"), now)
    context = {"resident": who, "form": form, "kinds": TagKind.objects.filter(retired_at=None)}
    return render(request, "register/tag.html", context, status=422 if form.errors else 200)


@staff(Power.REGISTER, Power.INTAKE)
@require_POST
def end_tag(request: Asked, token: str) -> HttpResponse:
    """End a tag, saying why."""
    held = _tag(request, token)
    form = ReasonForm(request.POST)
    if form.is_valid():
        because = form.cleaned_data["because"]
        ended = tried(
            form, lambda: actions.untag(held, because=because, by=request.person, at=timezone.now())
        )
        if ended is not None:
            return redirect("register:person", held.person.token)
    return record_page(request, held.person, {"end_form": form, "ending": held}, status=422)


@staff(Power.REGISTER, Power.INTAKE)
@require_POST
def confirm_tag(request: Asked, token: str) -> HttpResponse:
    """One tap: it still holds."""
    held = _tag(request, token)
    actions.confirm_tag(held, by=request.person, at=timezone.now())
    return redirect("register:person", held.person.token)


@staff(Power.REGISTER, Power.INTAKE)
def kinds(request: Asked) -> HttpResponse:
    """The table of tags: what each is for, on which basis, how long it holds before it is asked again."""
    form = TagKindForm(typed_in(request))
    if request.method == "POST":
        if "common" in request.POST:
            count = actions.load_tag_kinds()
            messages.success(request, _("加了 %(count)s 种标签。") % {"count": count})
            return redirect("register:kinds")
        if form.is_valid():
            typed = form.cleaned_data
            code = slugify(typed["name"]) or public_token()
            if tried(form, lambda: actions.add_tag_kind(code, **typed)) is not None:
                return redirect("register:kinds")
    context = {"rows": TagKind.objects.order_by("id"), "form": form}
    return render(request, "register/kinds.html", context, status=422 if form.errors else 200)


def _tag(request: Asked, token: str) -> Tag:
    held: Tag = get_object_or_404(Tag.objects.select_related("person", "kind"), token=token)
    resident_of(request, held.person.token)
    return held
