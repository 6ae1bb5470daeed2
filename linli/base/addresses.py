"""Addresses by URL name, built once: reversing a name costs more than most of what a page shows."""

from functools import lru_cache

from django.urls import NoReverseMatch, reverse


@lru_cache(maxsize=256)
def address_of(name: str) -> str:
    """Return the address of the page `name` ("cases:speak"), "" where this deployment has no such page.

    A module may be switched off; whoever links to it shows the link only if there is an address.
    """
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def first_address(names: tuple[str, ...]) -> str:
    """Return the address of the first of `names` that exists, "" where none does."""
    return next((address for address in map(address_of, names) if address), "")
