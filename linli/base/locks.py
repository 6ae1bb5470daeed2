"""Doing one thing at a time where there is no row yet that could be locked."""

import hashlib

from django.db import connection


def one_at_a_time(subject: str, name: str) -> None:
    """Wait until no other transaction holds this name of this subject, and hold it until ours ends.

    On PostgreSQL an advisory lock; on SQLite writers wait for each other anyway (BEGIN IMMEDIATE). The name is
    hashed to 64 bits: two names that meet there merely wait for each other.
    """
    if connection.vendor == "postgresql":
        digest = hashlib.sha256(f"{subject}:{name}".encode()).digest()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], signed=True)])
