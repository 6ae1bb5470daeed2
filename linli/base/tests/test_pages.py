"""The pages that say no, and the components that every domain builds on."""

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.http import HttpResponse
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from linli.base import views
from linli.base.addresses import address_for, address_of, first_address
from linli.base.errors import Refused
from linli.base.middleware import Refusals

NOW = datetime(2026, 3, 11, 7, 20, tzinfo=UTC)  # 15:20 in Shanghai, a Wednesday


def shown(template: str, **context: object) -> str:
    return Template(template).render(Context({"now": NOW, **context}))


class LampForm(forms.Form):
    text = forms.CharField(label="什么事", help_text="一句话也行", max_length=5)
    wish = forms.ChoiceField(
        label="想要什么", choices=[("a", "报修")], widget=forms.RadioSelect, required=False
    )


def test_a_refused_form_gives_back_what_was_typed_and_none_of_its_keys(rf: RequestFactory) -> None:
    typed = {
        "reason": "路灯昨天亮了<script>",
        "csrfmiddlewaretoken": "x" * 64,
        "once": "9d1ccdbb-6b4a-4d9a-93cf-0123456789ab",
        "latitude": "28.00123",
        "key": "OIeCBNBDwycRBOIQ3lpV_0SISXeGfGfy",
    }
    request = rf.post("/anything/", typed)
    request._messages = []  # type: ignore[attr-defined]
    middleware = Refusals(lambda _request: HttpResponse())
    answer = middleware.process_exception(request, Refused("这件事正在办，请先打电话。", rule="第二十三条"))
    assert answer is not None
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "这件事正在办，请先打电话。" in page
    assert "第二十三条" in page
    assert "路灯昨天亮了&lt;script&gt;" in page
    for key in ("9d1ccdbb", "28.00123", "x" * 64, "OIeCBNBDwyc"):
        assert key not in page


def test_a_form_open_too_long_gives_back_what_was_typed(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/face/", {"elder": "1", "text": "楼道灯坏了"})
    assert answer.status_code == 403
    assert "楼道灯坏了" in answer.content.decode()


@pytest.mark.parametrize("name", ["400", "403", "404", "413", "500"])
def test_every_error_page_can_be_shown_with_nothing_known(name: str) -> None:
    page = render_to_string(f"{name}.html")
    assert page.count("<h1>") == 1
    assert 'href="/"' in page


def test_a_field_ties_help_and_error_to_its_input() -> None:
    form = LampForm({"text": "太长了太长了", "wish": ""})
    page = str(form["text"].as_field_group())
    assert 'aria-describedby="id_text_helptext id_text_error"' in page
    assert 'id="id_text_helptext"' in page
    assert 'id="id_text_error"' in page
    assert 'aria-invalid="true"' in page
    assert '<label for="id_text">' in page
    choice = str(form["wish"].as_field_group())
    assert "<fieldset" in choice
    assert "<legend>想要什么" in choice
    with translation.override("zh-hans"):
        assert "可以不填" in str(LampForm()["wish"].as_field_group())


def test_a_whole_form_says_first_that_something_is_missing() -> None:
    with translation.override("zh-hans"):
        assert "还差一点" in str(LampForm({}))
        assert "还差一点" not in str(LampForm())


def test_times_wear_a_time_element_and_the_views_own_now() -> None:
    with translation.override("zh-hans"):
        assert shown("{% moment at %}", at=NOW) == '<time datetime="2026-03-11T15:20+08:00">今天 15:20</time>'
        assert ">周五前</time>" in shown("{% by_when at %}", at=NOW + timedelta(days=2))
        assert shown("{% moment at %}{% by_when at %}", at=None) == ""
    tones = [shown("{% tone_of at %}", at=NOW + timedelta(days=days)) for days in (-1, 0, 1, 2)]
    assert tones == ["late", "soon", "soon", "calm"]


def test_a_door_that_a_deployment_lacks_has_no_address() -> None:
    assert address_of("base:set_face") == "/face/"
    assert address_of("nowhere:at_all") == ""
    assert first_address(("nowhere:at_all", "base:set_face")) == "/face/"
    assert address_for("nowhere:at_all", "abc") == ""
    assert address_for("front:estate", "abc") == "/e/abc/"


def test_the_pager_keeps_the_filters(rf: RequestFactory) -> None:
    request = rf.get("/?show=said&after=old")
    page = render_to_string("linli/pager.html", {"page": {"after": "new"}, "request": request}, request)
    assert "?show=said&amp;after=new" in page
    assert 'href="?show=said"' in page


def test_the_face_is_remembered_only_where_it_is_known(client: Client) -> None:
    answer = client.post("/face/", {"elder": "maybe", "text_size": "99", "back": "/about/"})
    assert not answer.cookies
    assert client.get("/face/").status_code == 405
    assert int(client.post("/face/", {"text_size": "22"}).cookies["text_size"]["max-age"]) == views.YEAR


def test_a_row_escapes_what_people_wrote() -> None:
    page = render_to_string("linli/row.html", {"title": "<b>灯</b>", "address": "/", "sentence": "正在办"})
    assert "&lt;b&gt;灯&lt;/b&gt;" in page
