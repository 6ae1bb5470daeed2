"""To-dos from other systems: JSON in, JSON out; every refusal is a sentence (docs/todo-api.md)."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.base.access import by_token, open_to_all
from linli.base.errors import Refused
from linli.todos import actions
from linli.todos.forms import CloseForm, RescheduleForm, TaskForm, json_of
from linli.todos.models import OutsideSystem, Todo
from linli.todos.schema import SCHEMA

PROBLEM = "application/problem+json"
Read = TypeVar("Read", bound=forms.Form)
Work = Callable[[OutsideSystem], HttpResponse]


@open_to_all
@require_GET
def schema(request: HttpRequest) -> HttpResponse:
    """Describe this API in OpenAPI 3.1."""
    return JsonResponse(SCHEMA)


@by_token
@require_http_methods(["GET", "POST"])
def tasks(request: HttpRequest) -> HttpResponse:
    """POST puts a task on a list, once per id; GET ?id=… says how it stands."""

    def post(system: OutsideSystem) -> HttpResponse:
        form = _read(TaskForm, request)
        todo, is_new = actions.post_from_outside(system, form.task_value(), timezone.now())
        return JsonResponse(_state(todo), status=201 if is_new else 200)

    def get(system: OutsideSystem) -> HttpResponse:
        return JsonResponse(_state(actions.posted(system, request.GET.get("id", ""))))

    return _answer(request, post if request.method == "POST" else get)


@by_token
@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Take a task off the list."""

    def work(system: OutsideSystem) -> HttpResponse:
        form = _read(CloseForm, request)
        todo = actions.close_from_outside(system, form.cleaned_data["id"], timezone.now())
        return JsonResponse(_state(todo))

    return _answer(request, work)


@by_token
@require_POST
def reschedule(request: HttpRequest) -> HttpResponse:
    """Give a task another due time."""

    def work(system: OutsideSystem) -> HttpResponse:
        form = _read(RescheduleForm, request)
        todo = actions.reschedule_from_outside(system, form.cleaned_data["id"], form.cleaned_data["due"])
        return JsonResponse(_state(todo))

    return _answer(request, work)


class _UnreadableError(Exception):
    """The request cannot be read; `errors` names the fields."""

    def __init__(self, title: str, errors: dict[str, list[str]]) -> None:
        super().__init__(title)
        self.errors = errors


def _answer(request: HttpRequest, work: Work) -> HttpResponse:
    """Find the system by its token, do `work` for it, and make each refusal problem details (RFC 9457)."""
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    system = actions.system_of(token.strip()) if kind.lower() == "bearer" and token.strip() else None
    if system is None:
        answer = _problem(401, _("请在 Authorization 里出示系统令牌：Bearer 加令牌。"))
        answer["WWW-Authenticate"] = "Bearer"
        return answer
    try:
        return work(system)
    except _UnreadableError as error:
        return _problem(400, str(error), errors=error.errors)
    except Refused as refused:
        return _problem(409, str(refused.reason), rule=str(refused.rule))


def _read(kind: type[Read], request: HttpRequest) -> Read:
    try:
        form = kind(json_of(request.body))
    except ValueError as error:
        raise _UnreadableError(str(error), {}) from error
    if not form.is_valid():
        fields = {name: [str(words) for words in errors] for name, errors in form.errors.items()}
        raise _UnreadableError(_("有几项没有写对，请按 errors 改。"), fields)
    return form


def _problem(status: int, title: str, **more: Any) -> HttpResponse:
    return JsonResponse({"title": title, "status": status, **more}, status=status, content_type=PROBLEM)


def _state(todo: Todo) -> dict[str, Any]:
    return {
        "id": todo.key.rpartition(":")[2],
        "state": "closed" if todo.closed_at else "open",
        "due": todo.due.isoformat(),
        "opened_at": todo.opened_at.isoformat(),
        "closed_at": todo.closed_at.isoformat() if todo.closed_at else None,
    }
