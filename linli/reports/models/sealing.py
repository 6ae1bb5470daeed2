"""Files and tables at rest: packed, then sealed like every personal field, so that a dump shows nothing."""

import base64
import json
import zlib
from typing import Any

from linli.base.crypto import seal, unseal


def sealed(content: bytes, bound_to: str) -> bytes:
    """Return `content` as it may lie in the database, openable for this one place only."""
    return seal(base64.b64encode(content).decode("ascii"), bound_to=bound_to)


def unsealed(stored: bytes | memoryview, bound_to: str) -> bytes:
    """Return what `sealed` took, b"" where nothing is stored."""
    return base64.b64decode(unseal(stored, bound_to=bound_to))


def sealed_table(table: Any, bound_to: str) -> bytes:
    """Return anything JSON can say, packed and sealed."""
    return sealed(zlib.compress(json.dumps(table, ensure_ascii=False).encode(), 6), bound_to)


def unsealed_table(stored: bytes | memoryview, bound_to: str) -> Any:
    """Return what `sealed_table` took, None where nothing is stored."""
    packed = unsealed(stored, bound_to)
    return json.loads(zlib.decompress(packed)) if packed else None
