"""The shape of the house, held by machine: who writes, how long a file is, which doors lead into a domain."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

from linli.config.domains import DOMAINS

ROOT = Path(__file__).resolve().parents[1]
HOUSE = ROOT / "linli"
NAMES = [name for name, _address, _floor in DOMAINS]
LONGEST_FILE, LONGEST_FUNCTION = 400, 50
WRITES = {
    "create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "delete",
    "save",
    "update",
    "acreate",
    "asave",
}
DOORS = {"actions", "models", "rules"}
WRITERS = ("actions", "migrations", "tests")


def sources() -> list[Path]:
    return [p for p in sorted(HOUSE.rglob("*.py")) if "migrations" not in p.parts and "tests" not in p.parts]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def role(path: Path) -> str:
    """`cases/actions/filing.py` and `cases/actions.py` are both "actions"."""
    parts = path.relative_to(HOUSE).parts
    return parts[1].removesuffix(".py") if len(parts) > 1 else ""


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(HOUSE)))
def test_a_file_has_one_subject(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_FILE, f"{path.name} has {lines} lines: two subjects"
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{path.name}:{node.name} has {length} lines"


def names_a_table(call: ast.Attribute) -> bool:
    """Whether the verb is called on a table rather than on a plain dict or set."""
    chain = ast.unparse(call.value)
    if chain in {"image", "book"}:
        return False  # Pillow's and openpyxl's, into memory or a file that was asked for
    return ".objects" in chain or call.attr in {
        "save",
        "bulk_create",
        "bulk_update",
        "get_or_create",
        "update_or_create",
    }


def test_only_actions_write() -> None:
    found = []
    for path in sources():
        if role(path) in WRITERS or path.parts[-2] == "base" or "base" in path.relative_to(HOUSE).parts[:1]:
            continue
        for node in ast.walk(tree(path)):
            call = node.func if isinstance(node, ast.Call) else None
            if isinstance(call, ast.Attribute) and call.attr in WRITES and names_a_table(call):
                found.append(f"{path.relative_to(HOUSE)}:{call.lineno} .{call.attr}()")
    assert not found, f"writes outside actions: {found}"


def imported(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)


def test_a_domain_is_entered_through_actions_models_or_rules() -> None:
    found = []
    for path in sources():
        own = path.relative_to(HOUSE).parts[0]
        if own in {"config", "demo"}:
            continue
        for name, line in imported(path):
            parts = name.split(".")
            if parts[0] == "linli" and parts[1] in NAMES and parts[1] != own and parts[2] not in DOORS:
                found.append(f"{path.relative_to(HOUSE)}:{line} {name}")
    assert not found, f"side doors: {found}"


def test_import_linter_has_every_domain_on_the_floor_that_it_chose() -> None:
    contract = (
        (ROOT / ".importlinter").read_text(encoding="utf-8").split("exhaustive = True")[1].split("[")[0]
    )
    layers = [set(line.split(" | ")) for line in map(str.strip, contract.splitlines()[2:]) if line]
    floors: dict[str, set[str]] = {"0": {"base"}, "8": {"config"}}
    for name, _address, floor in DOMAINS:
        floors.setdefault(floor, set()).add(name)
    assert layers == [floors[floor] for floor in sorted(floors, reverse=True)]


def test_rules_are_pure() -> None:
    forbidden = (
        "django.db.transaction",
        "django.http",
        "django.utils.timezone",
        "django.conf",
        "linli.base.jobs",
    )
    found = []
    for path in sources():
        if role(path) != "rules":
            continue
        for name, line in imported(path):
            if name.startswith(forbidden) or (".models." in f"{name}." and name.startswith("linli.")):
                found.append(f"{path.relative_to(HOUSE)}:{line} {name}")
    assert not found, f"rules that know too much: {found}"


def test_actions_and_rules_have_no_hidden_clock() -> None:
    found = []
    for path in sources():
        if role(path) not in {"actions", "rules", "models"}:
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {
                "timezone.now",
                "datetime.now",
                "date.today",
                "now",
            }:
                found.append(f"{path.relative_to(HOUSE)}:{node.lineno}")
    assert not found, f"hidden clocks: {found}"


def views(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every view of Linli's own with its name, the read-only tables left out."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin":
                space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
                yield from views(pattern, space)
        else:
            yield f"{prefix}{pattern.name}", pattern


def test_every_view_wears_exactly_one_access_mark() -> None:
    bare = [name for name, pattern in views() if not hasattr(pattern.callback, "access_mark")]
    assert not bare, f"views without an access mark: {bare}"


def test_every_model_is_in_the_glossary() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    missing = []
    for model in apps.get_models():
        if model.__module__.startswith("linli."):
            row = f"| {model.__name__} | {model._meta.verbose_name} |"
            if row not in glossary:
                missing.append(row)
    assert not missing, "add to docs/glossary.md:\n" + "\n".join(missing)


def test_one_chinese_term_means_one_thing() -> None:
    terms: dict[str, str] = {}
    for model in apps.get_models():
        if model.__module__.startswith("linli."):
            term = str(model._meta.verbose_name)
            assert term not in terms, f"{term} names both {terms[term]} and {model.__name__}"
            terms[term] = model.__name__


def test_tables_are_read_only() -> None:
    writable = [
        model.__name__
        for model, table in admin.site._registry.items()
        if model.__module__.startswith("linli.") and table.__class__.__mro__[1].__name__ != "ReadOnlyAdmin"
    ]
    assert not writable, f"admins that write: {writable}"


def test_lock_files_pin_versions_and_hashes_and_name_no_address() -> None:
    for lock in ROOT.glob("locks/*.txt"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text, lock.name
        assert text.count("==") <= text.count("--hash=sha256:"), lock.name
    packages = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert "resolved" not in packages
    assert "integrity" in packages
