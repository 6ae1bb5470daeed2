"""Columns that more than one domain needs."""

import secrets
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    CharField = models.CharField[str, str]
else:
    CharField = models.CharField

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def public_token() -> str:
    """Return a random name for a row in public addresses: 12 signs (59 bits) that cannot be counted or mistaken."""
    return "".join(secrets.choice(ALPHABET) for _ in range(12))


class TokenField(CharField):
    """The row's public name: unique, random, never changed."""

    def __init__(self, **options: Any) -> None:
        fixed: dict[str, Any] = {"max_length": 12, "default": public_token, "unique": True, "editable": False}
        super().__init__(**(fixed | options))


class PathField(CharField):
    """A path, key or number found by its beginning: compared byte by byte on both databases, one index range."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        """Add the bytewise collation where the database would otherwise sort by its language."""
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters
