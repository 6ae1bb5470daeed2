"""Newcomers who register themselves, lettings, and empty homes to let."""

from linli.lettings.models.letting import Letting, Tenant
from linli.lettings.models.newcomers import Newcomer
from linli.lettings.models.offers import Inquiry, Offer
from linli.lettings.models.reach import desk_places, homes_known_in, owned_homes

__all__ = [
    "Inquiry",
    "Letting",
    "Newcomer",
    "Offer",
    "Tenant",
    "desk_places",
    "homes_known_in",
    "owned_homes",
]
