"""The pages of ledgers: what a worker sees, what a stranger does not, and what each look leaves."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from linli.imports import actions
from linli.imports.models import Conflict, Export, Run
from linli.imports.tests.books import book, with_part
from linli.imports.tests.rows import HEADINGS, WANG, checked, gone_on, load_rows, mapped, received, text
from linli.imports.views import ledgers, uploading
from linli.people.models import Person
from linli.trail.models import Look, Seen
from tests.cast import Willow
from tests.signing_in import signed_in


@pytest.fixture
def sun(willow: Willow) -> Client:
    return signed_in(willow.sun)


def upload(client: Client, house: Willow, content: bytes, name: str = "台账.csv", **more: Any) -> Any:
    typed = {"place": house.community.pk, "source": "派出所人口台账", "stated_on": "2026-03-01", **more}
    return client.post("/imports/new/", typed | {"file": SimpleUploadedFile(name, content)})


def test_a_ledger_goes_from_upload_to_the_register_page_by_page(
    willow: Willow, sun: Client, uploads: Path
) -> None:
    assert sun.get("/imports/").status_code == sun.get("/imports/new/").status_code == 200
    response = upload(sun, willow, text([[*WANG, "七"]], [*HEADINGS, "网格"]))
    run = Run.objects.get()
    assert response["Location"] == f"/imports/{run.token}/columns/"
    assert WANG[1].encode() not in b"".join(path.read_bytes() for path in uploads.iterdir())
    page = sun.get(f"/imports/{run.token}/columns/").content.decode()
    assert "样子：99999999999999999A" in page
    assert WANG[1] not in page
    typed = {f"column_{n}": run.mapping[heading] for n, heading in enumerate(run.headings)}
    typed |= {"day_order": "auto"}
    refused = sun.post(f"/imports/{run.token}/columns/", typed)
    assert refused.status_code == 422
    assert "这一列还没有去处" in refused.content.decode()
    assert sun.post(f"/imports/{run.token}/columns/", typed | {"column_9": "-"}).status_code == 302
    running = sun.get(f"/imports/{run.token}/").content.decode()
    assert "正在试算" in running
    assert 'hx-trigger="every 3s"' in running
    run.refresh_from_db()
    gone_on(run, timezone.now())
    report = sun.get(f"/imports/{run.token}/").content.decode()
    assert "试算：如果导入" in report
    assert "王**" in report
    assert "王小明" not in report
    assert "网格" in report
    assert not Person.objects.filter(name="王小明").exists()
    assert sun.post(f"/imports/{run.token}/load/").status_code == 302
    gone_on(run, timezone.now())
    assert "导入完成" in sun.get(f"/imports/{run.token}/").content.decode()
    assert Person.objects.filter(name="王小明").exists()
    assert "派出所人口台账" in sun.get("/imports/").content.decode()


def test_strangers_find_neither_ledgers_nor_conflicts_nor_errors(willow: Willow) -> None:
    load_rows(willow, [WANG, [*WANG[:4], "13900000009", *WANG[5:]], ["?"]])
    run, conflict = Run.objects.get(), Conflict.objects.get()
    stranger, li = signed_in(willow.stranger), signed_in(willow.li)
    for client in (stranger, li):
        for path in ("", "columns/", "conflicts/", "broken.csv", "broken.xlsx"):
            assert client.get(f"/imports/{run.token}/{path}").status_code == 404, path
        for verb in ("check", "load", "stop"):
            assert client.post(f"/imports/{run.token}/{verb}/").status_code == 404
        assert (
            client.post(f"/imports/conflicts/{conflict.token}/decide/", {"decision": "taken"}).status_code
            == 404
        )
    assert Client().get(f"/imports/{run.token}/").status_code == 302
    assert run.source.name not in stranger.get("/imports/").content.decode()


def test_conflicts_are_shown_with_a_trace_and_decided_row_by_row(willow: Willow, sun: Client) -> None:
    load_rows(willow, [WANG])
    run = load_rows(willow, [[*WANG[:4], "13922223333", *WANG[5:]]], source="另一本")
    page = sun.get(f"/imports/{run.token}/conflicts/").content.decode()
    assert "王**" in page
    assert "王小明" not in page
    assert "13922223333" not in page
    assert "139****3333" in page
    wang, look = Person.objects.get(name="王小明"), Look.objects.get(under=run.subject)
    assert Seen.objects.get(look=look).subject == wang.subject
    assert "电话" in look.fields
    assert "另一本" in look.reason
    conflict = Conflict.objects.get()
    for _again in range(2):
        answer = sun.post(f"/imports/conflicts/{conflict.token}/decide/", {"decision": "taken"})
        assert answer.status_code == 302
    wang.refresh_from_db()
    assert wang.phone == "13922223333"
    assert "没有等您决定的了" in sun.get(f"/imports/{run.token}/conflicts/").content.decode()
    assert "采用文件里的" in sun.get(f"/imports/{run.token}/conflicts/?show=done").content.decode()


def test_the_error_file_has_the_same_columns_and_the_reason(willow: Willow, sun: Client) -> None:
    bad = ["=王", *WANG[1:]]
    run = load_rows(willow, [bad])
    response = sun.get(f"/imports/{run.token}/broken.csv")
    lines = response.getvalue().decode("utf-8-sig").splitlines()
    assert lines[0].split(",") == [*HEADINGS, "没有导入的原因"]
    assert lines[1].startswith("'=王,")
    assert "姓名里不能有" in lines[1]
    assert "no-store" in response["Cache-Control"]
    assert sun.get(f"/imports/{run.token}/broken.xlsx").getvalue().startswith(b"PK")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsm", b"PK\x03\x04", "宏"),
        ("bomb.xlsx", with_part(book([HEADINGS]), "x.bin", b"\0" * 25_000_000), "大得不正常"),
        ("a.csv", b"", "空"),
        ("a.csv", b"\x00\x01\x02" * 50, "不像表格"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"x" * 50, "旧格式"),
    ],
)
def test_a_bad_upload_is_told_and_leaves_no_file(
    willow: Willow, sun: Client, uploads: Path, name: str, content: bytes, words: str
) -> None:
    response = upload(sun, willow, content, name)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert "派出所人口台账" in response.content.decode()  # what was typed is kept
    assert not Run.objects.exists()
    assert not uploads.exists() or not list(uploads.iterdir())


def test_an_upload_over_the_limit_is_told_before_it_is_read(
    willow: Willow, sun: Client, uploads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledgers, "IN_THE_PAGE", 10)
    monkeypatch.setattr(ledgers, "FORM_ROOM", 10)
    response = upload(sun, willow, text([WANG]))
    assert response.status_code == 413
    assert "500 MB" in response.content.decode()
    monkeypatch.undo()
    monkeypatch.setattr(uploading, "IN_THE_PAGE", 10)
    assert upload(sun, willow, text([WANG])).status_code == 422
    assert not uploads.exists() or not list(uploads.iterdir())


def test_a_form_without_its_token_is_refused_though_it_is_read_late(willow: Willow) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in(willow.sun).cookies
    assert upload(client, willow, text([WANG])).status_code == 403
    assert not Run.objects.exists()


def exported(client: Client, house: Willow, **more: Any) -> Any:
    typed = {
        "place": house.community.pk,
        "kind": "csv",
        "fields_chosen": ["name", "phone", "identity", "home"],
    }
    return client.post("/imports/export/", typed | {"reason": "核对独居老人名单"} | more)


def lines_of(client: Client, made: Export) -> list[str]:
    response = client.get(f"/imports/export/{made.token}/file/")
    return b"".join(response.streaming_content).decode("utf-8-sig").splitlines()


def test_a_list_goes_out_masked_with_watermark_and_a_trace_for_each(willow: Willow, sun: Client) -> None:
    load_rows(willow, [WANG])
    assert exported(sun, willow, reason="").status_code == 422
    assert not Look.objects.filter(purpose="export").exists()
    response = exported(sun, willow)
    made = Export.objects.get()
    assert response["Location"] == f"/imports/export/{made.token}/"
    lines = lines_of(sun, made)
    assert "孙*" in lines[0]
    assert "核对独居老人名单" in lines[0]
    assert made.rows_hash[:16] in lines[0]
    wang = next(line for line in lines if line.startswith("王**"))
    assert wang == "王**,1101**********002X,139****0001,柳树社区 · 杨柳苑 · 3幢"
    assert len(lines) == made.rows + 2
    look = Look.objects.get(purpose="export")
    assert Seen.objects.filter(look=look).count() == made.rows
    assert "已遮挡" in look.fields
    assert look.reason == "核对独居老人名单"
    exported(sun, willow, is_clear="on", kind="xlsx")
    clear = Export.objects.order_by("-pk")[0]
    assert sun.get(f"/imports/export/{clear.token}/file/").getvalue().startswith(b"PK")
    assert "不遮挡" in Look.objects.filter(purpose="export").order_by("-pk")[0].fields


def test_an_export_is_its_maker_s_alone_and_lasts_a_day(willow: Willow, sun: Client, uploads: Path) -> None:
    exported(sun, willow)
    made = Export.objects.get()
    assert "张秀英".encode() not in b"".join(path.read_bytes() for path in uploads.iterdir())
    for path in ("", "file/"):
        assert signed_in(willow.wang).get(f"/imports/export/{made.token}/{path}").status_code == 404
    Export.objects.update(place=willow.elsewhere)  # as if she had been given another community since
    assert sun.get(f"/imports/export/{made.token}/file/").status_code == 404
    Export.objects.update(place=willow.community, at=made.at - timedelta(days=2))
    assert sun.get(f"/imports/export/{made.token}/file/").status_code == 302
    assert actions.purge_exports(timezone.now()) == 1
    assert not list(uploads.iterdir())
    assert "按期删除" in sun.get(f"/imports/export/{made.token}/").content.decode()


def test_pages_keep_their_number_of_queries(
    willow: Willow, sun: Client, django_assert_max_num_queries: Any
) -> None:
    for day in range(1, 4):
        checked(mapped(received(willow, text([WANG]), stated_on=date(2026, 3, day), source=f"台账{day}")))
    with django_assert_max_num_queries(8):
        sun.get("/imports/")
