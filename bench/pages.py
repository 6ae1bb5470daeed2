"""The measured pages: what they are called, who asks for them, and where."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A page by URL name; `who` is "resident", "worker" or "" for nobody."""

    key: str
    title: str
    url: str
    who: str
    takes_token: bool = False


PAGES = [
    Page("list", "工单 list (20 rows)", "cases:desk", "worker"),
    Page("todos", "待办 to-do list", "todos:mine", "worker"),
    Page("estate", "public estate page", "front:estate", "", takes_token=True),
    Page("rates", "三率", "insights:rates", "worker"),
]
