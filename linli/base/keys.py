"""Secrets that a deployment makes for itself, once, outside the database."""

import os
import secrets
from pathlib import Path


def keep_secret(path: Path) -> str:
    """Return the secret kept at `path`, making it (64 hex digits, readable by its owner only) if there is none.

    Two processes that start together agree: the first to create the file wins and the other reads it.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
