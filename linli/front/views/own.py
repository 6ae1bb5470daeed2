"""我的: everything of mine behind one door; and what Linli is, with the other platforms staff must use."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linli.base.access import open_to_all, staff
from linli.base.asked import Asked
from linli.cases.models import Case
from linli.front.actions import Declared, declare_platform, end_platform
from linli.front.forms import PlatformForm
from linli.front.models import OtherPlatform
from linli.front.views.home import concerned
from linli.front.views.lines import own_lines
from linli.notices.models import Notice
from linli.organisations.rules import Power
from linli.people.models import Proxy

NEWEST = 5


@open_to_all
@never_cache
def mine(request: Asked) -> HttpResponse:
    """My matters, my notices, who acts for me, and how Linli looks to me. A stranger finds the way in here."""
    now = timezone.localtime()
    person = concerned(request)
    if person is None:
        return render(request, "front/mine_stranger.html", {"now": now})
    own = Case.objects.of_person(person).select_related("lead", "owner", "estate").order_by("-id")[:NEWEST]
    context = {
        "now": now,
        "concerned": person,
        "own": own_lines(own, now),
        "unread": Notice.objects.of(person).unread().count(),
        "proxies": Proxy.objects.in_force(now).filter(principal=person).select_related("agent"),
        "principals": Proxy.objects.in_force(now).filter(agent=person).select_related("principal"),
    }
    return render(request, "front/mine.html", context)


@open_to_all
def about(request: Asked) -> HttpResponse:
    """关于邻里: what it is, its filing number, its rules, and which other platforms staff here must use."""
    platforms = OtherPlatform.objects.order_by("ended_at", "name")
    return render(request, "front/about.html", {"platforms": platforms, "now": timezone.localtime()})


@staff(Power.ADMINISTER)
def platforms(request: Asked) -> HttpResponse:
    """Publish another platform that staff must use, or end one."""
    form = PlatformForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = request.person
        declare_platform(Declared(**form.cleaned_data), by=person, at=timezone.now())
        messages.success(request, _("已公布在“关于邻里”。"))
        return HttpResponseRedirect(reverse("front:about"))
    status = 422 if form.errors else 200
    rows = OtherPlatform.objects.filter(ended_at=None).order_by("name")
    return render(request, "front/platforms.html", {"form": form, "platforms": rows}, status=status)


@staff(Power.ADMINISTER)
@require_POST
def end(request: Asked, token: str) -> HttpResponse:
    """Say that a platform is no longer used here."""
    platform = get_object_or_404(OtherPlatform, token=token)
    end_platform(platform, by=request.person, at=timezone.now())
    messages.success(request, _("已记为停用。"))
    return HttpResponseRedirect(reverse("front:platforms"))
