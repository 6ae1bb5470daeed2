"""Addresses by URL name, built once: reversing a name costs more than most of what a page shows."""

from functools import lru_cache

from django.urls import NoReverseMatch, reverse

PLACEHOLDER = "2222tttt2222"  # in the form of a token, so that every converter takes it


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


@lru_cache(maxsize=256)
def _pattern(name: str) -> str:
    try:
        return reverse(name, args=[PLACEHOLDER])
    except NoReverseMatch:
        return ""


def address_for(name: str, token: str) -> str:
    """Return the address of the row `token` under the page `name`, "" where there is no such page."""
    return _pattern(name).replace(PLACEHOLDER, token)
