"""What every test may ask for: the small named cast of 柳树社区, a browser, and a database that tests may empty."""

import os
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation

from linli.transparency import guards

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the test's thread

hypothesis.settings.register_profile("house", deadline=None)  # no test asserts a time
hypothesis.settings.load_profile("house")
pytest_plugins = ["tests.cast", "tests.standing", "tests.browser"]


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    """Start every test in the deployment's language: a request in English leaves its thread in English."""
    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Give SQLite a file: a page served to a browser needs a connection of its own per request, as in real life."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
        options = connection.settings_dict["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Take the record's guards down: a test that commits leaves rows, which must be swept away after it.

    What the guards refuse is tested where they are: linli/transparency/tests.
    """
    with django_db_blocker.unblock():
        guards.remove(connection)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name no test by the bytes it is given: processes that share the tests out must all call them the same."""
    return argname if isinstance(val, bytes) else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have each test's ground made before the test's own transaction; files with most to build go first, together."""
    lived_in = {}
    for item in items:
        names = getattr(item, "fixturenames", [])
        lived_in[item.path] = max(
            lived_in.get(item.path, 0), ("lived_in" in names) * (1 + ("chromium" in names))
        )
        if "_django_db_helper" in names or item.get_closest_marker("django_db"):
            names.insert(0, "ground")
    items.sort(key=lambda item: -lived_in[item.path])
