"""What the tests of pages share: clients of the cast, the form as a browser would send it, small pictures."""

import re
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from linli.cases.models import Case
from linli.places.models import Place

TEXT = "3幢门前路灯不亮三天了，老人出门怕摔。"
SPEAK = "/cases/say/"


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def photo(name: str = "lamp.jpg", colour: str = "navy") -> SimpleUploadedFile:
    kept = BytesIO()
    Image.new("RGB", (320, 240), colour).save(kept, "JPEG")
    return SimpleUploadedFile(name, kept.getvalue(), "image/jpeg")


def once_in(page: str) -> str:
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found, "the form has no key"
    return found[1]


def carried_in(page: str) -> dict[str, str]:
    """The hidden fields of a page, by name."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def form_for(place: Place, **more: Any) -> dict[str, Any]:
    """What a browser sends when `place` was tapped; `once` is made of the words, so that each story has its own."""
    fields: dict[str, Any] = {
        "text": TEXT,
        "place": place.token,
        "place_words": place.full_name,
        "place_asked": place.full_name,
    }
    return fields | more


def say(client: Client, place: Place, **more: Any) -> HttpResponse:
    page = text_of(client.get(SPEAK))
    return client.post(SPEAK, form_for(place, once=once_in(page), **more))


def newest() -> Case:
    return Case.objects.order_by("-id")[0]


def count_queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)
