"""A sentence is said in the language of whoever acts, and kept in the deployment's."""

import json

import pytest
from django.utils.translation import gettext_lazy, override

from linli.base.words import kept
from linli.base.words import said as _

SIGNED, THERE = "您的账号在一台新设备上登录了", "%(device)s，%(time)s。不是您本人的话，请马上让它退出。"


def in_english() -> list[str]:
    with override("en"):
        return [_(SIGNED), _(THERE) % {"device": _(SIGNED), "time": "10:00"}]


def test_whoever_acts_reads_their_own_language() -> None:
    title, body = in_english()
    assert title == "Your account was signed in on a new device"
    assert body.startswith(title)
    assert "10:00" in body


def test_what_is_kept_is_said_again_with_its_values() -> None:
    title, body = in_english()
    with override("en"):
        assert kept(title) == SIGNED
        assert kept(body) == THERE % {"device": SIGNED, "time": "10:00"}


@pytest.mark.parametrize("words", ["路灯不亮", gettext_lazy("邻里")], ids=["typed", "lazy"])
def test_other_words_are_kept_as_they_are(words: str) -> None:
    with override("en"):
        assert kept(words) == ("邻里" if not isinstance(words, str) else words)


def test_it_is_a_sentence_like_any_other() -> None:
    with override("en"):
        assert json.loads(json.dumps(_("邻里"))) == "Linli"
