"""The measured pages and errands: what they are called, who asks for them, and the requests they are made of."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from bench.load import MADE, SERIAL
from bench.world import DONE, World, sessions_of

CSRF = "a" * 32
Request = dict[str, object]
Script = list[Request]


@dataclass(frozen=True)
class Page:
    """A page by URL name; `who` is "dispatcher", "officer" or "" for nobody."""

    key: str
    title: str
    url: str
    who: str
    takes_token: bool = False


PAGES = [
    Page("list", "list of cases, 20 rows (`cases:desk`)", "cases:desk", "dispatcher"),
    Page("todos", "to-do list, 20 rows (`todos:mine`)", "todos:mine", "dispatcher"),
    Page("estate", "public estate page, 15 rows (`front:estate`)", "front:estate", "", takes_token=True),
    Page(
        "rates",
        "三率 of a street of ten communities, 30 days (`insights:rates`)",
        "insights:rates",
        "officer",
    ),
]
TITLES = {
    "wsgi": "bare WSGI hello",
    "hello": "Django hello (Linli's settings, middleware and all)",
    "insert": "raw inserts: case + event + to-do + record entry, one transaction",
    "create": "creates (a resident's form, `cases:speak`)",
    "lifecycle": "lifecycles (create, dispatch, sign, resolve, search)",
    "search": "search by number (`cases:desk?q=`)",
    "words": "search by words (`cases:desk?q=`)",
} | {page.key: page.title for page in PAGES}


def get(path: str, session: str = "") -> Request:
    return {"path": path, "cookie": _cookie(session)}


def post(path: str, session: str, **fields: object) -> Request:
    return {
        "method": "POST", "path": path, "cookie": _cookie(session), "csrf": CSRF, "body": urlencode(fields),
        "expect": 302,
    }  # fmt: skip


def _cookie(session: str) -> str:
    return f"csrftoken={CSRF}" + (f"; sessionid={session}" if session else "")


def page_scripts(world: World, page: Page, *, plain: bool = False) -> list[Script]:
    """Return a script of one request for every caller of a page, each in another community."""
    if page.who == "officer":
        return [[get(address(page, "", plain=plain), world.officer_session)]]
    if page.takes_token:
        return [[get(address(page, c.estate.token, plain=plain))] for c in world.communities]
    return [[get(address(page, "", plain=plain), key)] for key in sessions_of(world, page.who)]


def address(page: Page, token: str, *, plain: bool) -> str:
    if plain:
        return f"/bench/{page.key}/" + (f"{token}/" if token else "")
    return reverse(page.url, kwargs={"token": token} if token else {})


def create_scripts(world: World) -> list[Script]:
    """Return for residents of all communities the one request with which they say something new."""
    return [
        [_say(community, community.resident_sessions[index])]
        for index in range(4)
        for community in world.communities
    ]


def _say(community, session: str) -> Request:
    words = f"3幢门前的路灯又不亮了，灯杆编号 {SERIAL}，晚上看不见台阶。"
    fields = {"text": words, "place": community.lamp.token, "category": "lighting.lamp_out"}
    return post(reverse("cases:speak"), session, **fields)


def lifecycle_scripts(world: World, numbers: list[str]) -> list[Script]:
    """Return create → dispatch → sign → resolve → search, by a resident, the desk, the unit and the desk again.

    Each step is what one tap sends; the pages between are not fetched. The search looks for any case of the
    community by its number, of all years alike.
    """
    scripts = []
    for index, number in enumerate(numbers):
        community = world.communities[index % len(world.communities)]
        desk, unit = community.dispatcher_session, community.worker_session
        made = f"/cases/{MADE}"
        scripts.append([
            _say(community, community.resident_sessions[index % 8]),
            post(f"{made}/dispatch/", desk, as_proposed="1", next="/todos/"),
            post(f"{made}/sign/", unit, next="/todos/"),
            post(f"{made}/resolve/", unit, answer=DONE, next="/todos/"),
            get(f"{reverse('cases:desk')}?q={number}", desk),
        ])  # fmt: skip
    return scripts


def search_scripts(world: World, numbers: list[str]) -> list[Script]:
    """Return searches for numbers of all years, each by the desk of its community."""
    desks = list(sessions_of(world, "dispatcher"))
    path = reverse("cases:desk")
    return [[get(f"{path}?q={number}", desks[i % len(desks)])] for i, number in enumerate(numbers)]


def word_scripts(world: World) -> list[Script]:
    """Return searches for words that some cases hold and for words that none does."""
    path = reverse("cases:desk")
    words = ("轮椅", "灯杆", "电动车棚漏雨")
    return [
        [get(f"{path}?{urlencode({'q': word})}", key)]
        for word in words
        for key in sessions_of(world, "dispatcher")
    ]
