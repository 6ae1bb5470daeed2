"""这条不对: what residents ask about looks at their data waits on the data officers' lists until it is answered."""

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.places.models import Place
from linli.privacy import told
from linli.privacy.actions.officers import alert
from linli.trail.models import Query

LOOK_BACK = timedelta(days=7)  # a job that rested for a week still closes what was answered meanwhile


@transaction.atomic
def list_questions(at: datetime) -> int:
    """Put open questions before those who guard their place, take answered ones off; returns how many wait.

    The trail stands below to-dos and cannot do it itself. A second run changes nothing.
    """
    for pk in Query.objects.filter(answered_at__gte=at - LOOK_BACK).values_list("pk", flat=True):
        told.close_todo(_key(pk), at)
    waiting = list(Query.objects.unanswered().select_related("seen__look"))
    paths = {row.seen.look.path for row in waiting}
    places = {place.path: place for place in Place.objects.filter(path__in=paths)}
    for row in waiting:
        alert(
            places.get(row.seen.look.path), _key(row.pk), _("答复居民对一次查看的疑问"),
            _("有居民说一次查看不对，请在期限内查清并答复。"), reverse("trail:query", args=[row.token]), row.due, at,
        )  # fmt: skip
    return len(waiting)


def _key(pk: int) -> str:
    return f"trail.Query:{pk}:answer"
