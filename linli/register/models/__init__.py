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
from linli.register.models.seeing import events_of, homes_of, merges_of, residents_of
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
    "events_of",
    "homes_of",
    "known",
    "merges_of",
    "opaque",
    "profile_or_empty",
    "registered_places",
    "residents_of",
    "word_keys",
]
