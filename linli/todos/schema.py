"""The to-do API in OpenAPI 3.1, served at /todos/api/schema/; docs/todo-api.md explains it in words."""

from typing import Any

TEXT: dict[str, Any] = {"type": "string"}
MOMENT: dict[str, Any] = {"type": "string", "format": "date-time"}
ID: dict[str, Any] = {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,60}$"}

TASK: dict[str, Any] = {
    "type": "object",
    "required": ["id", "task", "due", "place", "function", "address"],
    "properties": {
        "id": ID | {"description": "Your own id of the task; posting it again changes nothing."},
        "task": TEXT | {"maxLength": 60, "description": "The admitted task, word for word."},
        "title": TEXT
        | {"maxLength": 100, "description": "What is special about this one; no personal data."},
        "due": MOMENT | {"description": "With offset."},
        "place": {"type": "string", "pattern": "^[0-9]{12}$", "description": "Division code."},
        "function": TEXT | {"maxLength": 40, "description": "Who is to do it, such as community_desk."},
        "address": {"type": "string", "format": "uri", "maxLength": 300, "description": "Its page, https."},
    },
}
CLOSE: dict[str, Any] = {"type": "object", "required": ["id"], "properties": {"id": ID}}
RESCHEDULE: dict[str, Any] = {
    "type": "object",
    "required": ["id", "due"],
    "properties": {"id": ID, "due": MOMENT},
}
STATE: dict[str, Any] = {
    "type": "object",
    "required": ["id", "state", "due", "opened_at", "closed_at"],
    "properties": {
        "id": ID,
        "state": {"type": "string", "enum": ["open", "closed"]},
        "due": MOMENT,
        "opened_at": MOMENT,
        "closed_at": {"type": ["string", "null"], "format": "date-time"},
    },
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["title", "status"],
    "properties": {
        "title": TEXT | {"description": "A sentence that says what to do."},
        "status": {"type": "integer"},
        "rule": TEXT | {"description": "The rule behind a refusal."},
        "errors": {"type": "object", "additionalProperties": {"type": "array", "items": TEXT}},
    },
}


def _answer(words: str, name: str, kind: str) -> dict[str, Any]:
    return {"description": words, "content": {kind: {"schema": {"$ref": f"#/components/schemas/{name}"}}}}


REFUSALS: dict[str, Any] = {
    "400": _answer("A field is missing or wrong.", "Problem", "application/problem+json"),
    "401": _answer("No token, or one that opens nothing.", "Problem", "application/problem+json"),
    "409": _answer("Refused: no admission, unknown id …", "Problem", "application/problem+json"),
}


def _post(words: str, body: str, answers: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{body}"}}}
    return {
        "summary": words,
        "requestBody": {"required": True, "content": content},
        "responses": answers | REFUSALS,
    }


STANDS = _answer("How it stands now.", "State", "application/json")
SCHEMA: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Linli to-dos", "version": "1"},
    "security": [{"token": []}],
    "paths": {
        "/todos/api/": {
            "post": _post(
                "Put a task on a list",
                "Task",
                {"201": _answer("It is on the list.", "State", "application/json"), "200": STANDS},
            ),
            "get": {
                "summary": "How a task stands",
                "parameters": [{"name": "id", "in": "query", "required": True, "schema": ID}],
                "responses": {"200": STANDS} | REFUSALS,
            },
        },
        "/todos/api/close/": {"post": _post("Take a task off", "Close", {"200": STANDS})},
        "/todos/api/reschedule/": {"post": _post("Change the due time", "Reschedule", {"200": STANDS})},
    },
    "components": {
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        "schemas": {
            "Task": TASK,
            "Close": CLOSE,
            "Reschedule": RESCHEDULE,
            "State": STATE,
            "Problem": PROBLEM,
        },
    },
}
