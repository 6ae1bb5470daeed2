"""Residents come in: by a code on their phone or a paper code, and go out."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linli.base.access import open_to_all
from linli.base.asked import Asked, tried
from linli.people import actions
from linli.people.forms import CodeForm, PaperForm, PhoneForm
from linli.people.models import SignInCode
from linli.people.views.entering import address_of_asker, enter, safe_next, start_page


@open_to_all
@never_cache
def sign_in(request: Asked) -> HttpResponse:
    """Ask for the phone number; the code goes out whether or not the number is known."""
    wanted = safe_next(request, request.POST.get("next", "") or request.GET.get("next", ""))
    if request.user.is_authenticated and request.method == "GET":
        if request.person is None:
            return redirect("people:who")
        return HttpResponseRedirect(wanted or start_page(is_staff=bool(request.powers)))
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        phone = form.cleaned_data["phone"]
        row = tried(form, lambda: actions.send_sign_in_code(phone, address_of_asker(request), timezone.now()))
        if row is not None:
            request.session["sign_in"] = {"code": row.token, "next": wanted}
            return redirect("people:sign_in_code")
    return _page(request, "people/sign_in.html", form, next=wanted)


@open_to_all
@never_cache
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code that went to the phone."""
    waiting = request.session.get("sign_in", {})
    row = SignInCode.objects.filter(token=waiting.get("code", "")).first()
    if row is None:
        return redirect("people:sign_in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code, now = form.cleaned_data["code"], timezone.now()
        account = tried(
            form, lambda: actions.open_sign_in_code(row.token, code, address_of_asker(request), now)
        )
        if account is not None:
            request.session.pop("sign_in", None)
            return enter(request, account, "phone", waiting.get("next", ""), now)
    return _page(request, "people/sign_in_code.html", form, asked=row, phone=row.phone)


@open_to_all
@require_POST
def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Send another code to the same number; a person asked for it."""
    waiting = request.session.get("sign_in", {})
    row = SignInCode.objects.filter(token=waiting.get("code", "")).first()
    if row is None:
        return redirect("people:sign_in")
    form = CodeForm()
    form.cleaned_data = {}
    again = tried(
        form, lambda: actions.send_sign_in_code(row.phone, address_of_asker(request), timezone.now())
    )
    if again is None:
        return _page(request, "people/sign_in_code.html", form, asked=row, phone=row.phone)
    request.session["sign_in"] = {**waiting, "code": again.token}
    return redirect("people:sign_in_code")


@open_to_all
@never_cache
def sign_in_paper(request: HttpRequest) -> HttpResponse:
    """Ask for the code on the slip that a worker printed."""
    wanted = safe_next(request, request.POST.get("next", "") or request.GET.get("next", ""))
    form = PaperForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code, now = form.cleaned_data["code"], timezone.now()
        account = tried(form, lambda: actions.open_paper_code(code, address_of_asker(request), now))
        if account is not None:
            return enter(request, account, "paper", wanted, now)
    return _page(request, "people/sign_in_paper.html", form, next=wanted)


@open_to_all
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave on this device."""
    actions.end_session(request.session.session_key or "", timezone.now())
    logout(request)
    return redirect("people:sign_in")


def _page(
    request: HttpRequest, template: str, form: PhoneForm | CodeForm | PaperForm, **more: object
) -> HttpResponse:
    return render(request, template, {"form": form, **more}, status=422 if form.errors else 200)
