"""Keep the English catalogues: extract the messages of a domain, merge them, check them, compile them.

    catalogue.py DOMAIN …      merge new messages into linli/<domain>/locale/en/LC_MESSAGES/django.po, drop those that
                               are gone, and list what is untranslated (all domains where none is named); what
                               another domain says in English already is said alike
    catalogue.py --check …     change nothing; exit 1 where a catalogue is not complete or not up to date, or says
                               otherwise than another: readers see the first one's words for both
    catalogue.py --compile     write the .mo files of all domains (at set-up)

GNU gettext is not needed: Babel reads the Python files and Django's own templatize turns templates into the same form.
"""

import argparse
import io
import re
import sys
from functools import cache
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings

if not settings.configured:
    settings.configure(USE_I18N=True, LANGUAGE_CODE="zh-hans")
    django.setup()

from django.utils.translation.template import templatize

HOUSE = Path(__file__).resolve().parents[1] / "linli"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
CHINESE = re.compile(r"[\u3400-\u9fff]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


# Words of folders that are no app stand in the catalogue of another: only apps bring a locale folder.
ALSO = {"base": ["config"]}


def domains() -> list[str]:
    """Return the folders of linli that keep a catalogue."""
    lodgers = {folder for folders in ALSO.values() for folder in folders}
    return sorted(path.parent.name for path in HOUSE.glob("*/__init__.py") if path.parent.name not in lodgers)


def po_path(domain: str) -> Path:
    """Return where the English catalogue of `domain` is kept."""
    return HOUSE / domain / "locale" / "en" / "LC_MESSAGES" / "django.po"


def extracted(domain: str) -> Catalog:
    """Return the messages that the Python files and templates of `domain` contain, with where each is."""
    found = Catalog(locale="en", charset="utf-8")
    for folder in [domain, *ALSO.get(domain, [])]:
        for path in _sources(HOUSE / folder):
            where = path.relative_to(HOUSE.parent).as_posix()
            for _line, message, _comments, context in extract("python", _as_python(path), KEYWORDS):
                first = message if isinstance(message, str) else message[0]
                flags = ["python-format"] if "%(" in first else []
                found.add(message, locations=[(where, None)], context=context, flags=flags)
    return found


def _sources(folder: Path) -> list[Path]:
    files = sorted(
        [*folder.rglob("*.py"), *folder.glob("templates/**/*.html"), *folder.glob("templates/**/*.txt")]
    )
    return [path for path in files if not {"tests", "migrations"} & set(path.relative_to(folder).parts)]


def _as_python(path: Path) -> io.BytesIO:
    """Return a file as something that the Python extractor reads; what templatize leaves is not indented soundly."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        source = "\n".join(line.strip() for line in templatize(source, origin=str(path)).splitlines())
    return io.BytesIO(source.encode())


def kept(domain: str) -> Catalog:
    """Return the catalogue as it is in the repository, empty where there is none."""
    path = po_path(domain)
    if not path.exists():
        return Catalog(locale="en", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="en", charset="utf-8", abort_invalid=True)


@cache
def spoken(_house: Path) -> dict[tuple[str | None, object], tuple[str, object]]:
    """Return (domain, English) of each (context, words): one for all, since Django looks it up in all catalogues."""
    return {
        (message.context, message.id): (domain, message.string)
        for domain in reversed(domains())
        for message in kept(domain)
        if message.id and message.string
    }


def merged(domain: str) -> Catalog:
    """Return what the catalogue should be: every message of today, with the translations that there are."""
    found, held = extracted(domain), kept(domain)
    catalogue = Catalog(locale="en", charset="utf-8", header_comment=f"# English words of {domain}.")
    for message in found:
        if not message.id:
            continue
        before = held.get(message.id, message.context)
        catalogue.add(
            message.id,
            before.string if before else spoken(HOUSE).get((message.context, message.id), ("", None))[1],
            locations=sorted(set(message.locations)),
            context=message.context,
            flags=message.flags,
        )
    return catalogue


def untranslated(catalogue: Catalog) -> list[str]:
    """Return what is wrong, one line each: no English, Chinese left in it, or placeholders that differ."""
    return [line for message in catalogue if message.id for line in _faults(message)]


def _faults(message: Message) -> list[str]:
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    strings = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    if not all(strings):
        return [f"no English: {ids[0]}"]
    faults = []
    if any(CHINESE.search(string) for string in strings) and not message.flags & {"keep-chinese"}:
        faults += [f"Chinese left: {ids[0]} → {strings[0]}"] if not _quotes_chinese(strings) else []
    wanted = set(PLACEHOLDER.findall(ids[-1]))
    if any(set(PLACEHOLDER.findall(string)) != wanted for string in strings):
        faults.append(f"placeholders differ: {ids[0]} → {strings[0]}")
    return faults


def _quotes_chinese(strings: list[str]) -> bool:
    """Chinese stands in English only as a term in brackets, "(核查)"."""
    return all(not CHINESE.search(re.sub(r"\([^()]*\)|“[^”]*”", "", string)) for string in strings)


def as_text(catalogue: Catalog) -> bytes:
    """Return the .po file: no dates, no tools, no line numbers, so that it changes only when words change."""
    file = io.BytesIO()
    write_po(file, catalogue, width=110, omit_header=True, sort_output=True, include_lineno=False)
    header = 'msgid ""\nmsgstr ""\n"Language: en\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    plural = '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    return (header + plural).encode() + file.getvalue()


def update(domain: str) -> list[str]:
    """Merge the catalogue of `domain` and return what is untranslated."""
    catalogue = merged(domain)
    path = po_path(domain)
    if any(message.id for message in catalogue):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_text(catalogue))
    elif path.exists():
        path.unlink()
    return untranslated(catalogue)


def check(domain: str) -> list[str]:
    """Return what keeps the catalogue of `domain` from being complete; "" messages of yesterday count too."""
    catalogue, held = merged(domain), kept(domain)
    names = {(str(message.id), message.context) for message in catalogue if message.id}
    gone = [message for message in held if message.id and (str(message.id), message.context) not in names]
    return (
        untranslated(catalogue)
        + [f"no longer said: {message.id}" for message in gone]
        + [f"{first} says otherwise: {message.id} → {message.string}" for message, first in _otherwise(held)]
    )


def _otherwise(held: Catalog) -> list[tuple[Message, str]]:
    told = [
        (message, *spoken(HOUSE)[message.context, message.id])
        for message in held
        if message.id and message.string
    ]
    return [(message, first) for message, first, english in told if english != message.string]


def compile_all() -> None:
    """Write django.mo beside every django.po."""
    for domain in domains():
        if po_path(domain).exists():
            with po_path(domain).with_suffix(".mo").open("wb") as file:
                write_mo(file, kept(domain))


def main() -> int:
    """Do what the command line asks; return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("domains", nargs="*", choices=[*domains(), []], help="folders under linli/")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--compile", action="store_true")
    asked = parser.parse_args()
    if asked.compile:
        compile_all()
        return 0
    count = 0
    for domain in asked.domains or domains():
        faults = check(domain) if asked.check else update(domain)
        count += len(faults)
        for fault in faults:
            print(f"{domain}: {fault}")
    return 1 if count and asked.check else 0


if __name__ == "__main__":
    sys.exit(main())
