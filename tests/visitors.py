"""People who call over plain HTTP, as fast as they can: for tests of many at once and of processes that die."""

import re
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit

FORM = "application/x-www-form-urlencoded"


@dataclass
class Answer:
    """What came back: status, where it leads, and the page."""

    status: int
    location: str
    text: str


@dataclass
class Visitor:
    """One browser without a screen: keeps its cookies and opens a new connection for each request."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    patience: float = 30.0  # seconds

    def get(self, path: str) -> Answer:
        return self._send("GET", path, "")

    def post(self, path: str, typed: dict[str, Any]) -> Answer:
        """Send a form with the token that the last page gave."""
        typed = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **typed}
        return self._send("POST", path, urlencode(typed, doseq=True))

    def _send(self, method: str, path: str, body: str) -> Answer:
        connection = HTTPConnection(urlsplit(self.address).netloc, timeout=self.patience)
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": kept, "Content-Type": FORM, "Referer": self.address + path}
        try:
            connection.request(method, path, body.encode() or None, headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(answer.status, answer.headers.get("Location") or "", text)


LOST = (OSError, HTTPException)  # the server went away before it answered


def field_of(page: str, name: str) -> str:
    """Return the value of the hidden field `name` on a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page) or re.search(
        rf'value="([^"]*)"[^>]* name="{name}"', page
    )
    assert found, f"no field {name}"
    return found[1]
