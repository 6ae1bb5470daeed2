"""The data tracker: GET /v2/findUsage, /v2/usagePeriod and /v2/heartbeat as the Estonian protocol has them.

Shown is what the person may read at this moment, newest first; what is withheld or not yet due is neither listed nor
counted. Callers are admitted outside systems, by bearer token.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.module_loading import import_string
from django.utils.timezone import is_naive, localtime, make_aware
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.base.access import by_token, open_to_all
from linli.base.errors import Refused
from linli.base.words import said as _
from linli.trail import actions
from linli.trail.models import Look, Seen, subjects_of
from linli.trail.rules import Purpose
from linli.trail.schema import SCHEMA

PROBLEM = "application/problem+json"
SYSTEM = "Linli"
USUAL_LIMIT, MOST = 1000, 10_000
LARGEST = 2**31 - 1  # int32


@dataclass(frozen=True)
class Asked:
    """A query as it was read: codes as they came, times aware or None."""

    asker: str
    code: str
    start: datetime | None
    end: datetime | None
    offset: int
    limit: int


class _UnreadableError(Exception):
    """The query cannot be answered as it stands; its words say why."""


@open_to_all
@require_GET
def schema(request: HttpRequest) -> HttpResponse:
    """Describe the data tracker in OpenAPI 3.0.3."""
    return JsonResponse(SCHEMA)


def _guarded(view: Callable[[HttpRequest, str], dict[str, Any]]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer whoever shows the token of an admitted system; what cannot be read is 400, in words."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        kind, _space, token = request.headers.get("Authorization", "").partition(" ")
        shown = token.strip() if kind.lower() == "bearer" else ""
        system = import_string("linli.config.personal.system_of_token")(shown) if shown else ""
        if not system:
            answer = _problem(401, _("请在 Authorization 里出示系统令牌：Bearer 加令牌。"))
            answer["WWW-Authenticate"] = "Bearer"
            return answer
        try:
            import_string("linli.config.personal.require_tracker_assessed")(timezone.now())
            return JsonResponse(view(request, system))
        except Refused as refused:
            return _problem(403, str(refused.reason))
        except _UnreadableError as error:
            return _problem(400, str(error))

    return guarded


@by_token
@require_GET
@never_cache
@_guarded
def find_usage(request: HttpRequest, system: str) -> dict[str, Any]:
    """Who looked at the data of `userCode`, as they may read it now. Whoever asks for another must act for them.

    A code that nobody is known by answers like a person whom nobody looked at.
    """
    asked, now = _read(request), timezone.now()
    subject = _about(asked, system, now)
    lines = Seen.objects.about(subjects_of(subject) if subject else []).shown(now)
    lines = lines.between(asked.start, asked.end)
    page = lines.order_by("-at", "-id")[asked.offset : asked.offset + asked.limit]
    return {"totalUsages": lines.count(), "usages": [_usage(line) for line in page]}


@by_token
@require_GET
@never_cache
@_guarded
def usage_period(request: HttpRequest, system: str) -> dict[str, Any]:
    """How far back the trail goes; without an end, because it goes on to this moment."""
    first = Look.objects.order_by("at").values_list("at", flat=True).first()
    return {"periodStart": _moment(first or timezone.now())}


@open_to_all
@require_GET
@never_cache
def heartbeat(request: HttpRequest) -> HttpResponse:
    """Whether the tracker can answer: OK, or FAIL where its database does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "FAIL", "message": _("数据库没有应答。")})
    return JsonResponse({"status": "OK", "message": _("可以查询。")})


def _about(asked: Asked, system: str, at: datetime) -> str:
    """Return about whom, "" where nobody is known by that code; a proxy's reading is a look like any other."""
    find = import_string("linli.config.personal.person_of_code")
    subject = str(find(asked.code))
    if asked.asker == asked.code:
        return subject
    asker = str(find(asked.asker))
    if asker == subject:
        return subject
    if not (asker and subject and import_string("linli.config.personal.may_ask_for")(asker, subject, at)):
        raise _UnreadableError(_("X-Road-UserId 不能替 userCode 查询：没有代办授权。"))
    known = import_string("linli.config.personal.people_of")([asker])[asker]
    words = _("家人%(name)s · 代看") % {"name": known.masked}
    reason = _("亲情代办，通过%(system)s查询") % {"system": system}
    with transaction.atomic():
        fields = _("谁看了我的信息")
        actions.looked(subject, asker, words, fields, reason, at, "", Purpose.FAMILY)
    return subject


def _usage(line: Seen) -> dict[str, Any]:
    look = line.look
    return {
        "logtime": _moment(look.at),
        "action": f"{look.reason}（{look.fields}）",
        "receiverCode": look.body or look.purpose,
        "receiverName": look.body_words,
        "receiverSystem": SYSTEM,
        "purposeCode": look.purpose,
        "requestId": look.request_id,
        "leafIndex": look.pk - 1,
        "disclosure": look.disclosure,
    }


def _read(request: HttpRequest) -> Asked:
    asker, code = request.headers.get("X-Road-UserId", "").strip(), request.GET.get("userCode", "").strip()
    if not asker:
        raise _UnreadableError(_("请在 X-Road-UserId 里写明是谁在查。"))
    if not code or len(code) > 60 or "\0" in code + asker:
        raise _UnreadableError(_("请在 userCode 里写明查谁的记录。"))
    start, end = _time(request, "periodStart"), _time(request, "periodEnd")
    if start and end and end < start:
        raise _UnreadableError(_("periodEnd 要不早于 periodStart。"))
    limit = min(_number(request, "limit", USUAL_LIMIT, 1), MOST)
    return Asked(asker, code, start, end, _number(request, "offset", 0, 0), limit)


def _time(request: HttpRequest, name: str) -> datetime | None:
    typed = request.GET.get(name)
    if typed is None:
        return None
    try:
        read = parse_datetime(typed.replace(" ", "+"))  # a plus sign that nobody escaped
        return _in_utc(make_aware(read) if read and is_naive(read) else read)
    except (ValueError, OverflowError):
        raise _UnreadableError(_("%s 请写成 2026-03-09T10:20:30+08:00 这样。") % name) from None


def _in_utc(read: datetime | None) -> datetime:
    """Return it as the database will have it; year 1 east of Greenwich overflows here, not there."""
    if read is None:
        raise ValueError
    return read.astimezone(UTC)


def _number(request: HttpRequest, name: str, usual: int, least: int) -> int:
    typed = request.GET.get(name)
    if typed is None:
        return usual
    if not (typed.isascii() and typed.isdigit() and least <= int(typed[:12]) <= LARGEST and len(typed) <= 10):
        raise _UnreadableError(_("%(name)s 请写不小于 %(least)d 的整数。") % {"name": name, "least": least})
    return int(typed)


def _moment(at: datetime) -> str:
    return localtime(at).isoformat(timespec="milliseconds")


def _problem(status: int, title: str) -> HttpResponse:
    return JsonResponse({"title": title, "status": status}, status=status, content_type=PROBLEM)
