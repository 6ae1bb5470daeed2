"""The register: what is held of persons, households, tags, and what happened to them."""

from linli.register.models.acts import (
    Correction,
    Duplicate,
    Event,
    Merge,
    registered_places,
)
from linli.register.models.facts import FactChange, Profile
from linli.register.models.finding import PersonWords, opaque, word_keys
from linli.register.models.households import Household, HouseholdMember
from linli.register.models.known import OTHER_FIELDS, age, known, profile_or_empty
from linli.register.models.tags import Tag, TagKind

__all__ = [
    "OTHER_FIELDS",
    "Correction",
    "Duplicate",
    "Event",
    "FactChange",
    "Household",
    "HouseholdMember",
    "Merge",
    "PersonWords",
    "Profile",
    "Tag",
    "TagKind",
    "age",
    "known",
    "opaque",
    "profile_or_empty",
    "registered_places",
    "word_keys",
]
