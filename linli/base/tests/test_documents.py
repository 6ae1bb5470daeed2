"""PDF files, read back by an independent library."""

import io
from typing import Any

import pypdf
import pytest
import typst

from linli.base import documents
from linli.base.errors import Refused

pytestmark = pytest.mark.once
LINES = """= #v.title
#for line in v.lines [#line #linebreak()]"""


@pytest.fixture(autouse=True)
def template(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "source_of", lambda name: LINES)


def text_of(made: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages)


def test_values_are_printed_as_they_are_and_never_read_as_markup() -> None:
    lines = ["138****1234", "#panic(1) _a_ $x$ @b [c] <d> \\ `e` {f}", "䶮 𬱖 张阿姨"]
    made = documents.pdf("x.typ", {"title": "我的数据", "lines": lines})
    found = text_of(made)
    assert made.startswith(b"%PDF")
    for line in ["我的数据", *lines]:
        assert line in found


def test_a_sign_that_no_font_has_is_refused_or_spelled() -> None:
    values: dict[str, Any] = {"title": "名单", "lines": ["王\U00032000", "😀好"]}
    with pytest.raises(Refused, match=r"U\+32000"):
        documents.pdf("x.typ", values)
    found = text_of(documents.pdf("x.typ", values, spell_unshown=True))
    assert "王〔U+32000〕" in found
    assert "好" in found


def test_without_a_chinese_font_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoFonts:
        def __init__(self, **options: Any) -> None:
            pass

        def families(self) -> list[str]:
            return ["DejaVu Sans"]

    documents.chinese_font.cache_clear()
    monkeypatch.setattr(typst, "Fonts", NoFonts)
    with pytest.raises(Refused, match="fonts-noto-cjk"):
        documents.pdf("x.typ", {"title": "x", "lines": []})
    documents.chinese_font.cache_clear()
