"""What each journey starts with: the cast, folders of its own, and browsers of a phone's and a desktop's size."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from linli.base.gateways import memory
from linli.people.models import Person
from tests.browser import DESKTOP, PHONE
from tests.cast import Willow
from tests.signing_in import signed_in

SIZES = {"phone": PHONE, "desktop": DESKTOP}


@pytest.fixture(params=["phone", pytest.param("desktop", marks=pytest.mark.once)])
def size(request: pytest.FixtureRequest) -> dict[str, int]:
    """Both sizes for which the pages are made, one after the other; the width of a page knows no database."""
    return SIZES[request.param]


@pytest.fixture
def folders(settings: Any, tmp_path: Path) -> Path:
    """A place for uploads, keys and the published log that goes with the test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.LOG_FOLDER, settings.LOG_KEY = tmp_path / "log", tmp_path / "keys"
    memory.sent.clear()
    return tmp_path


@pytest.fixture
def house(willow: Willow, folders: Path) -> Willow:
    return willow


@pytest.fixture
def visit(open_page: Callable[..., Page], live_server: Any) -> Callable[..., Page]:
    """Return `visit(person, size=…, script=True)`: a browser in which that person is signed in already."""

    def open_as(person: Person | None, size: dict[str, int] = PHONE, *, script: bool = True) -> Page:
        page = open_page(size, script=script)
        if person is not None:
            cookie = signed_in(person).cookies["sessionid"]
            page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
        return page

    return open_as
