"""In which request somebody looks: its number, and the body and place of the role in which they are here.

Who looks, why and when is always said by the caller; this only adds what every look of one request shares.
"""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Circumstances:
    """`request_id` of the request, `body` the organisation's token, `path` the tree path of the role's place."""

    request_id: str = ""
    body: str = ""
    path: str = ""


NOWHERE = Circumstances()
PRESENT: ContextVar[Circumstances] = ContextVar("circumstances", default=NOWHERE)
