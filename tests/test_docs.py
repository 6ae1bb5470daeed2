"""The documents are true: what they name exists, and what exists of commands and settings stands in them."""

import csv
import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
LARGEST_PICTURE = 150 * 1024
# What a deployment's reader need not know: the tests' own switches.
OF_TESTS_ALONE = {"LINLI_SHOTS", "LINLI_DEMO_PORT"}
# What would tell where or with what this was written, in two parts so that this file does not hold it itself.
NEVER_NAMED = [
    re.compile(first + last)
    for first, last in (
        (r"(?<![\w.<{}*])/wo", r"rk/"),
        (r"(?<![\w.])/ro", r"ot/"),
        ("artifac", "tory"),
        ("files.python", "hosted"),
        ("registry.npm", r"js\.org"),
        (r"pypi\.", "org"),
    )
]

pytestmark = pytest.mark.once


def words_of(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def code_of(document: Path) -> str:
    return "\n".join(CODE.findall(words_of(document)))


def tracked() -> list[Path]:
    try:
        names = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no git here: which files belong to the repository is not known")
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_make_target_that_is_named_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", words_of(ROOT / "Makefile"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z][a-z-]+)", code_of(document)))
    assert named <= targets


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_two_commands_stand_in_the_readme(readme: Path) -> None:
    assert {"demo", "test"} <= set(re.findall(r"^make ([a-z]+)", words_of(readme), re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_linli_command_that_is_named_exists(document: Path) -> None:
    named = set(re.findall(r"(?<![\w/-])linli ([a-z][a-z-]+)", code_of(document)))
    assert {name.replace("-", "_") for name in named} - {"help"} <= set(get_commands())


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_that_is_linked_is_there(document: Path) -> None:
    broken = [link for link in LINK.findall(words_of(document)) if not (document.parent / link).exists()]
    assert not broken


def test_pictures_are_named_small_and_made_by_the_command() -> None:
    made = re.findall(r'Shot\("([\w-]+)"', words_of(ROOT / "tools" / "screenshots.py"))
    kept = {path.stem: path.stat().st_size for path in (ROOT / "docs" / "pictures").glob("*.png")}
    assert sorted(kept) == sorted(made)
    assert max(kept.values()) <= LARGEST_PICTURE
    for readme in READMES:
        assert "docs/pictures/" in words_of(readme), readme.name


def variables_read() -> set[str]:
    """Return the environment variables of ours that some file other than a test reads."""
    sources = [*ROOT.glob("linli/**/*.py"), *ROOT.glob("linli_verify/**/*.py")]
    sources = [path for path in sources if "tests" not in path.parts]
    reading = re.compile(
        r'(?:env(?:\.\w+)?\(|environ(?:\.get)?[(\[]|ENVIRONMENT = )\s*"(LINLI_\w+|DATABASE_URL)"'
    )
    return {name for path in sources for name in reading.findall(words_of(path))}


def test_every_setting_is_explained_and_nothing_else_is() -> None:
    told = set(re.findall(r"`(LINLI_\w+|DATABASE_URL)` \|", words_of(ROOT / "docs" / "deployment.md")))
    assert told == variables_read() - OF_TESTS_ALONE


@pytest.mark.parametrize("document", [*DOCUMENTS, ROOT / "Makefile"], ids=lambda path: path.name)
def test_no_document_names_a_setting_that_nothing_reads(document: Path) -> None:
    assert set(re.findall(r"\bLINLI_[A-Z_]+\b", words_of(document))) - OF_TESTS_ALONE <= variables_read()


def test_every_tunable_number_of_the_clocks_is_explained() -> None:
    limits = words_of(ROOT / "linli" / "cases" / "rules" / "limits.py")
    numbers = re.findall(r"^    (\w+): (?:int|dict\[)", limits, re.MULTILINE)
    explained = words_of(ROOT / "docs" / "configuration.md")
    assert len(numbers) > 10
    assert [name for name in numbers if f"`{name}`" not in explained] == []


def test_the_two_readmes_show_the_same_people() -> None:
    people = [set(re.findall(r"\*\*([\u4e00-\u9fff]{2,3})\*\*", words_of(readme))) for readme in READMES]
    cast = set(
        re.findall(r'Part\("[\w-]+", "([\u4e00-\u9fff]{2,3})", ', words_of(ROOT / "linli/demo/bodies.py"))
    )
    assert cast - {"陈福生"} <= people[0] & people[1]


def test_the_two_readmes_show_the_same_pictures_commands_and_documents() -> None:
    shown = [set(LINK.findall(words_of(readme))) - {"README.md", "README.zh-CN.md"} for readme in READMES]
    assert shown[0] == shown[1]
    commands = [re.findall(r"^(?:linli|make) \S+", words_of(readme), re.MULTILINE) for readme in READMES]
    assert commands[0] == commands[1]


def test_the_tutorial_still_meets_the_files_it_changes() -> None:
    """Each step of docs/first-change.md names a place in a file; it is there, and there once."""
    steps = re.findall(
        r"<!-- (\S+) (append|after|before|replace)(?: `(.*?)`)? -->", words_of(ROOT / "docs/first-change.md")
    )
    assert len(steps) > 10
    for path, how, place in steps:
        file = ROOT / path
        if how != "append":
            assert words_of(file).count(place.replace("\\n", "\n")) == 1, (path, place)


def test_the_tutorials_row_of_who_may_call_is_the_row_it_says_to_copy() -> None:
    """A column that the table gained is a column of the tutorial, too."""
    table = (ROOT / "tests/access.csv").read_text(encoding="utf-8")
    written = re.findall(r"^front:take_back,.*$", words_of(ROOT / "docs/first-change.md"), re.MULTILINE)
    rows = {row["name"]: row for row in csv.DictReader([*table.splitlines(), *written])}
    copied, told = rows["front:platforms"], rows["front:take_back"]
    assert told | {"name": "", "arguments": ""} == copied | {"name": "", "arguments": ""}


def test_the_repository_names_no_machine_and_no_registry() -> None:
    found = []
    for path in tracked():
        try:
            words = words_of(path)
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {sign.pattern}" for sign in NEVER_NAMED if sign.search(words)]
    assert not found
