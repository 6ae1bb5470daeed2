import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.triage.models import Proposal

pytestmark = pytest.mark.django_db


def decided(group: str, number: int, rank: int = 1) -> None:
    row = {"task": "category", "proposed": [], "engine": "x", "chosen": "a", "at": timezone.now()}
    Proposal.objects.bulk_create(
        Proposal(subject=f"cases.Case:{place}", group=group, rank=rank, **row) for place in range(number)
    )


def page(client: Client) -> str:
    answer = client.get(reverse("triage:card"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_anyone_reads_purpose_data_method_error_and_who_answers(client: Client) -> None:
    text = page(client)
    for words in (
        "用来做什么",
        "看哪些数据",
        "怎么算",
        "谁负责，怎么停",
        "LINLI_TRIAGE=off",
        "本平台的数据官",
    ):
        assert words in text


def test_no_group_below_the_minimum_count_shows_a_figure(client: Client) -> None:
    decided("page", 25)
    decided("voice", 3)
    text = page(client)
    assert "100%（25/25）" in text
    assert "（3/3）" not in text
    assert "件数不足" in text


def test_it_says_when_it_is_off_and_which_engine_speaks(client: Client, settings) -> None:
    settings.TRIAGE = "linli.triage.tests.engines.certain"
    assert "linli.triage.tests.engines.certain" in page(client)
    settings.TRIAGE = "off"
    assert "没有开启机器建议" in page(client)


def test_reading_the_card_takes_few_queries_and_writes_nothing(
    client: Client, django_assert_max_num_queries
) -> None:
    decided("page", 30)
    with django_assert_max_num_queries(3):
        page(client)
    assert client.post(reverse("triage:card")).status_code == 405
