"""What machines ask: no operation of any JSON interface answers 5xx, whatever is sent (schemathesis makes it up)."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import ignored_auth

from linli.todos.schema import SCHEMA as TODOS
from linli.trail.schema import SCHEMA as TRACKER
from tests.access import rows
from tests.world import LivedIn

pytestmark = [pytest.mark.django_db, pytest.mark.once]

FEW = settings(
    max_examples=6,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
# Open data, receipts and the record have no description of their own: theirs is made from their addresses.
OPEN = ("transparency:", "insights:open_", "places:find")


def described() -> dict[str, Any]:
    """Return what is open to everyone and answers machines: each argument of an address is any text."""
    paths: dict[str, Any] = {}
    for row in rows():
        if row.mark == "everyone" and "GET" in row.methods and row.name.startswith(OPEN):
            arguments = dict(part.split("=") for part in row.arguments.split())
            names = [name for name in arguments if name != "form"]
            marked = {name: 7007 if name == "level" else f"x{name}x" for name in names}
            address = reverse(row.name, kwargs=arguments | marked)
            for name in names:
                address = address.replace(str(marked[name]), f"{{{name}}}")
            text = {"type": "string", "minLength": 1, "maxLength": 40}
            inside = [{"name": n, "in": "path", "required": True, "schema": text} for n in names]
            asked = [{"name": n, "in": "query", "schema": {"type": "string"}} for n in ("q", "at", "after")]
            paths[address] = {
                "get": {"parameters": [*inside, *asked], "responses": {"200": {"description": "."}}}
            }
    return {"openapi": "3.0.3", "info": {"title": "Linli", "version": "1"}, "paths": paths}


@pytest.fixture
def open_database() -> Iterator[None]:
    """Keep the test's transaction open between requests, as the test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("open_database")
@pytest.mark.parametrize(
    ("description", "conforms"),
    [(TRACKER, True), (TODOS, False), (None, False)],
    ids=["tracker", "todos", "open"],
)
def test_nothing_that_a_machine_sends_is_answered_with_5xx(
    lived_in: LivedIn, description: dict[str, Any] | None, conforms: bool
) -> None:
    """The data tracker moreover answers as it is described, in status and shape."""
    schema = schemathesis.openapi.from_dict(description or described())
    schema.app = WSGIHandler()
    headers = {"Authorization": f"Bearer {lived_in.names['bearer']}"}
    asked = 0
    for result in schema.get_all_operations():
        operation = result.ok()

        @FEW
        @given(case=operation.as_strategy())
        def answer(case: Any) -> None:
            nonlocal asked
            response = case.call(headers=headers)
            assert response.status_code < 500, case.as_curl_command()
            asked += 1
            if conforms:
                case.validate_response(response, excluded_checks=[ignored_auth])  # it takes ours for made up

        answer()
    assert asked >= 10
