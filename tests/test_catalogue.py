"""English is complete: every message that a domain says has its English words, and none that it no longer says."""

import io
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

import catalogue


@pytest.mark.parametrize("domain", catalogue.domains())
def test_the_english_catalogue_is_complete(domain: str) -> None:
    faults = catalogue.check(domain)
    assert not faults, f"run tools/catalogue.py {domain}\n" + "\n".join(faults)


@pytest.mark.parametrize("domain", catalogue.domains())
def test_the_catalogue_is_written_as_the_tool_writes_it(domain: str) -> None:
    path = catalogue.po_path(domain)
    if path.exists():
        assert path.read_bytes() == catalogue.as_text(catalogue.merged(domain))


def one_message(chinese: str, english: str) -> Catalog:
    made = Catalog(locale="en")
    made.add(chinese, english)
    return made


@pytest.mark.parametrize(
    ("chinese", "english", "fault"),
    [
        ("还剩 %(n)s 天", "", "no English"),
        ("还剩 %(n)s 天", "a few days left", "placeholders differ"),
        ("还剩 %(n)s 天", "%(n)s 天 left", "Chinese left"),
        ("核查", "checked (核查)", ""),
        ("还剩 %(n)s 天", "%(n)s days left", ""),
    ],
)
def test_the_check_sees_what_a_reader_would_stumble_over(chinese: str, english: str, fault: str) -> None:
    faults = catalogue.untranslated(one_message(chinese, english))
    assert bool(faults) == bool(fault)
    assert all(fault in line for line in faults)


def test_merging_keeps_english_finds_new_messages_and_drops_old_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "HOUSE", tmp_path / "house")
    page = tmp_path / "house" / "yard" / "templates" / "yard" / "page.html"
    page.parent.mkdir(parents=True)
    (tmp_path / "house" / "yard" / "rules.py").write_text('WORDS = _("门")\n', encoding="utf-8")
    page.write_text(
        '{% translate "窗" %}\n  {% blocktranslate trimmed with n=3 %}\n    有 {{ n }} 扇\n  {% endblocktranslate %}\n',
        encoding="utf-8",
    )
    assert len(catalogue.update("yard")) == 3
    path = catalogue.po_path("yard")
    filled = path.read_text(encoding="utf-8").replace('msgid "门"\nmsgstr ""', 'msgid "门"\nmsgstr "door"')
    path.write_text(filled, encoding="utf-8")
    page.write_text('{% translate "窗" %}', encoding="utf-8")
    assert catalogue.update("yard") == ["no English: 窗"]
    kept = read_po(io.BytesIO(path.read_bytes()))
    assert kept["门"].string == "door"
    assert "有 %(n)s 扇" not in kept


def test_one_word_has_one_english_in_all_catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "HOUSE", tmp_path / "house")
    for domain, english in {"garden": "gate", "yard": "door"}.items():
        (tmp_path / "house" / domain).mkdir(parents=True)
        (tmp_path / "house" / domain / "__init__.py").touch()
        (tmp_path / "house" / domain / "rules.py").write_text('WORDS = _("门")\n', encoding="utf-8")
        catalogue.po_path(domain).parent.mkdir(parents=True)
        catalogue.po_path(domain).write_bytes(catalogue.as_text(one_message("门", english)))
    assert catalogue.check("garden") == []
    assert catalogue.check("yard") == ["garden says otherwise: 门 → door"]
