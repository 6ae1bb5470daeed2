"""The data tracker in OpenAPI 3.0.3, in our words: it answers as the Estonian protocol 1.6 (2.1.0) does.

Operations, parameters, fields and statuses are those of e-gov/AJ; purposeCode, requestId, leafIndex and disclosure
are ours, and so is the bearer token: X-Road would have authenticated the caller.
"""

from typing import Any

from linli.trail.rules import Disclosure, Purpose

MOMENT: dict[str, Any] = {"type": "string", "format": "date-time"}
NUMBER: dict[str, Any] = {"type": "integer", "format": "int32"}
CODE: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 60}

USAGE: dict[str, Any] = {
    "type": "object",
    "required": ["logtime", "action", "receiverCode", "receiverSystem"],
    "properties": {
        "logtime": MOMENT | {"description": "When the data was looked at."},
        "action": {"type": "string", "description": "Why, in words that the person can read."},
        "receiverCode": {"type": "string", "description": "Code of the body that looked."},
        "receiverName": {"type": "string", "description": "Its name."},
        "receiverSystem": {"type": "string", "description": "The system in which it looked."},
        "purposeCode": {"type": "string", "enum": Purpose.values},
        "requestId": {"type": "string", "description": "Of the request in which it was shown."},
        "leafIndex": NUMBER | {"minimum": 0, "description": "Place of the look in the append-only trail."},
        "disclosure": {"type": "string", "enum": Disclosure.values},
    },
}
FOUND: dict[str, Any] = {
    "type": "object",
    "required": ["totalUsages", "usages"],
    "properties": {
        "totalUsages": NUMBER | {"description": "All of the period, whatever limit and offset are."},
        "usages": {"type": "array", "items": {"$ref": "#/components/schemas/Usage"}},
    },
}
PERIOD: dict[str, Any] = {
    "type": "object",
    "required": ["periodStart"],
    "properties": {"periodStart": MOMENT, "periodEnd": MOMENT},
}
HEARTBEAT: dict[str, Any] = {
    "type": "object",
    "required": ["status"],
    "properties": {"status": {"type": "string", "enum": ["OK", "FAIL"]}, "message": {"type": "string"}},
}
ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["title", "status"],
    "properties": {"title": {"type": "string"}, "status": {"type": "integer"}},
}


def _answer(words: str, name: str, kind: str = "application/json") -> dict[str, Any]:
    return {"description": words, "content": {kind: {"schema": {"$ref": f"#/components/schemas/{name}"}}}}


def _query(name: str, words: str, schema: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "description": words, "schema": schema}


REFUSED = _answer("The query cannot be read.", "Error", "application/problem+json")
UNKNOWN = _answer("No token, or one that opens nothing.", "Error", "application/problem+json")
SHUT = _answer("Not assessed for its impact on people.", "Error", "application/problem+json")
FAILED = _answer("It failed while answering.", "Error", "application/problem+json")
PARAMETERS: list[dict[str, Any]] = [
    {
        "name": "X-Road-UserId",
        "in": "header",
        "required": True,
        "description": "Who asks: identity number or token.",
        "schema": CODE,
    },
    _query("userCode", "About whom; another than who asks where they act for them.", CODE, required=True),
    _query("periodStart", "From when; a time without offset is local.", MOMENT),
    _query("periodEnd", "Until when.", MOMENT),
    _query("offset", "How many of the newest to skip.", NUMBER | {"default": 0, "minimum": 0}),
    _query("limit", "At most how many; never more than 10,000.", NUMBER | {"default": 1000, "minimum": 1}),
]


def _get(name: str, summary: str, schema: str, more: dict[str, Any]) -> dict[str, Any]:
    answers = {"200": _answer("Answered.", schema), "400": REFUSED, "500": FAILED}
    operation = {"operationId": name, "tags": ["usage"], "summary": summary, "responses": answers}
    return {"get": operation | more}


_GUARDED: dict[str, Any] = {"security": [{"token": []}]}
SCHEMA: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {
        "title": "Linli data tracker",
        "version": "2.1.0",
        "description": "Who looked at a person's data, newest first, as the person may read it now.",
        "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
    },
    "tags": [{"name": "usage", "description": "Use of personal data"}],
    "paths": {
        "/v2/findUsage": _get(
            "findUsage", "Who looked at a person's data", "FindUsageResponse",
            _GUARDED | {"parameters": PARAMETERS},
        ),
        "/v2/usagePeriod": _get("usagePeriod", "How far back the trail goes", "UsagePeriodResponse", _GUARDED),
        "/v2/heartbeat": _get("heartbeat", "Whether it answers", "HeartbeatResponse", {}),
    },
    "components": {
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        "schemas": {
            "FindUsageResponse": FOUND, "Usage": USAGE, "UsagePeriodResponse": PERIOD,
            "HeartbeatResponse": HEARTBEAT, "Error": ERROR,
        },
    },
}  # fmt: skip
for _path in ("/v2/findUsage", "/v2/usagePeriod"):
    SCHEMA["paths"][_path]["get"]["responses"] |= {"401": UNKNOWN, "403": SHUT}
