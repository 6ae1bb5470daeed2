"""Whose personal data a page or a file shows: the values that the community's own rows hold, found in its text.

What counts as personal data of somebody:

- their telephone and identity number, wherever they stand, also those of staff;
- their name in full, unless they hold a role today: who works for a body is named in public for what they do there
  (a worker's name, body and role are no secret to those whom they serve);
- the door of their home, and a tag of theirs, where the same answer names them, in full or masked: a door without
  a person is a place, "张**, 502室" is 张秀英.

A masked name or number alone is not: it is what masking is for. Nor is, for a reader, the name of whoever they act for
or who acts for them (each gave it to the other with the proxy), nor the door of the home that is their own too.
"""

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from html import unescape

import pypdf
from django.http import HttpResponse
from django.utils.timezone import localdate

from linli.organisations.models import Membership
from linli.people.models import Person, Proxy, Residency
from linli.register.models import Profile, Tag

TAGS = re.compile(r"<(?:script|style).*?</(?:script|style)>|<[^>]+>", re.DOTALL)
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")  # as JSON may write what is not ASCII


def words_of(response: HttpResponse) -> str:
    """Return what a reader of this answer reads: pages, JSON, CSV, and what is inside PDF and office files."""
    content = response.getvalue() if response.streaming else response.content
    kind = response.get("Content-Type", "")
    if content[:5] == b"%PDF-":
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            inside = [
                parts.read(name) for name in parts.namelist() if name.endswith((".xml", ".json", ".csv"))
            ]
        return unescape(TAGS.sub(" ", b"\n".join(inside).decode(errors="replace")))
    if "html" in kind:
        page = content.decode()
        main = page.find('<main id="main"')  # above stands for whom one acts, on every page
        return unescape(TAGS.sub("", page[max(main, 0) :]))
    if kind.startswith(("image/", "audio/")):
        return ""
    text = content.decode(errors="replace")
    return ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), text)


@dataclass(frozen=True)
class Fact:
    """One value of one person; `with_name` counts only where the person is named too."""

    subject: str
    kind: str
    value: str
    with_name: bool = False


class Personal:
    """The personal data of everybody known at a moment, to be looked for in many answers."""

    def __init__(self, on: date) -> None:
        workers = set(Membership.objects.on(on).values_list("person", flat=True))
        self.names: dict[str, tuple[str, ...]] = {}
        self.masked: dict[str, str] = {}
        self.facts: dict[str, list[Fact]] = {}
        for person in Person.objects.all():
            self.names[person.subject] = tuple(filter(None, (person.name, person.name and person.masked)))
            self.masked[person.subject] = person.masked
            if person.pk not in workers and len(person.name) > 1:
                self._keep(Fact(person.subject, "name", person.name))
            if person.phone:
                self._keep(Fact(person.subject, "phone", person.phone.removeprefix("+86")))
        for profile in Profile.objects.exclude(identity_index=""):
            self._keep(Fact(f"people.Person:{profile.pk}", "identity", profile.identity))
        for residency in Residency.objects.on(on).with_building():
            subject = f"people.Person:{residency.person_id}"
            self._keep(Fact(subject, "home", residency.home.name, with_name=True))
        for tag in Tag.objects.filter(until=None).select_related("kind"):
            self._keep(Fact(f"people.Person:{tag.person_id}", "tag", tag.kind.name, with_name=True))
        longest_first = sorted(self.facts, key=len, reverse=True)
        self.pattern = re.compile("|".join(map(re.escape, longest_first)))

    def _keep(self, fact: Fact) -> None:
        if fact.value:
            self.facts.setdefault(fact.value, []).append(fact)

    def shown(self, text: str) -> set[Fact]:
        """Return the facts that this text shows."""
        found = {fact for value in set(self.pattern.findall(text)) for fact in self.facts[value]}
        return {fact for fact in found if not fact.with_name or self._is_named(fact.subject, text)}

    def _is_named(self, subject: str, text: str) -> bool:
        return any(name in text for name in self.names[subject])


def known_to(viewer: Person, at: datetime) -> set[tuple[str, str]]:
    """Return (kind, subject or value) of what is no news to this reader: their own, and what a proxy says."""
    joined = Proxy.objects.in_force(at).concerning(viewer).values_list("principal", "agent")
    names = {("name", f"people.Person:{key}") for pair in joined for key in pair}
    doors = Residency.objects.on(localdate(at)).filter(person=viewer).values_list("home__name", flat=True)
    return names | {("home", door) for door in doors}


def news(facts: Iterable[Fact], viewer: Person | None, at: datetime) -> list[Fact]:
    """Return the facts about others than the reader that the reader did not have before."""
    if viewer is None:
        return sorted(facts, key=str)
    known = known_to(viewer, at)
    others = (fact for fact in facts if fact.subject != viewer.subject)
    return sorted((f for f in others if not {(f.kind, f.subject), (f.kind, f.value)} & known), key=str)
