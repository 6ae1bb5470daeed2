"""Every page of Linli as it is sent: through the test client, in the usual face, in 长辈版 and in English."""

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from linli.people.models import Account
from tests.access import Row, ask, rows
from tests.signing_in import account_of
from tests.world import LivedIn

FACES = {"usual": {}, "elder": {"elder": "1"}, "english": {"language": "en"}}
# Whose view of a page is looked at where several see it: those who use it most.
LOOKERS = (
    "asker", "community_worker", "checker", "district_officer", "administrator", "property_worker", "data_officer",
    "auditor", "grid_worker", "anonymous",
)  # fmt: skip
PASSWORD = "a good long password"


@dataclass(frozen=True)
class Page:
    """One page as it was sent to `viewer`."""

    label: str
    viewer: str
    address: str
    html: str
    headers: dict[str, str] = field(hash=False)


def is_page(response: HttpResponse) -> bool:
    """Whether it is something to look at, not a file, a redirect or data."""
    return response.headers.get("Content-Type", "").startswith("text/html") and response.status_code != 302


def looker_of(row: Row) -> str:
    """Return whose view of the row's page is taken."""
    return next((viewer for viewer in LOOKERS if row.expected[viewer] == "200"), "")


def pages(world: LivedIn, face: str, labels: Container[str] | None = None) -> list[Page]:
    """Return the pages of the table and those between: after a step, after a mistake, in other states.

    `labels` names those that are wanted, None all.
    """
    found = []
    for label, viewer, way in visits(world):
        if labels is None or label in labels:
            response = way(world, browser(world, viewer, face))
            if is_page(response) or label in BETWEEN:
                found.append(_page(label, viewer, response))
    return found


def visits(world: LivedIn) -> Iterator[tuple[str, str, "Way"]]:
    """Yield (label, who, the way there) of all that answers GET in the table and of the pages between."""
    for row in rows():
        if "GET" in row.methods and (viewer := looker_of(row)):
            yield row.name, viewer, lambda world, client, row=row: ask(client, row.address(world))
    yield from WAYS
    for label, viewer, name, recipe, query in OTHERS:
        address = reverse(name, kwargs=world.arguments(recipe)) + (f"?{query}" if query else "")
        yield label, viewer, lambda _world, client, address=address: client.get(address)


def browser(world: LivedIn, viewer: str, face: str) -> Client:
    """Return a browser of `viewer` that wears this face."""
    client = world.browser(viewer)
    for name, value in FACES[face].items():
        client.cookies[name] = value
    return client


def _page(label: str, viewer: str, response: HttpResponse) -> Page:
    assert is_page(response), f"{label} as {viewer}: {response.status_code} {response.headers}"
    request = response.wsgi_request
    return Page(label, viewer, request.get_full_path(), response.content.decode(), dict(response.headers))


Way = Callable[[LivedIn, Client], HttpResponse]


def form(name: str, recipe: str = "", **typed: str) -> Way:
    """Return the way that posts to an address and follows where it leads."""

    def way(world: LivedIn, client: Client) -> HttpResponse:
        address = reverse(name, kwargs=world.arguments(recipe))
        return client.post(address, {"csrfmiddlewaretoken": "of a form"} | typed, follow=True)

    return way


def home_code(world: LivedIn, client: Client) -> HttpResponse:
    address = f"{reverse('organisations:home_code')}?at={world.names['home']}"
    return client.post(address, follow=True)


def staff_password(must_change: bool) -> Way:
    """Return the way to the page after the password: a new one, or the second factor."""

    def way(world: LivedIn, client: Client) -> HttpResponse:
        account = account_of(world.willow.urban)
        account.set_password(PASSWORD)
        account.save()
        Account.objects.filter(pk=account.pk).update(must_change_password=must_change, totp_enrolled_at=None)
        typed = {"username": account.username, "password": PASSWORD}
        answer = client.post(reverse("people:sign_in_staff"), typed, follow=True)
        Account.objects.filter(pk=account.pk).update(must_change_password=False)
        return answer

    return way


def wrong_address(_world: LivedIn, client: Client) -> HttpResponse:
    return client.get("/e/nosuchestate/")


def lost_form(world: LivedIn, client: Client) -> HttpResponse:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    return strict.post(reverse("cases:speak"), {"text": "路灯不亮"})


def acting(world: LivedIn, client: Client) -> HttpResponse:
    client.post(reverse("people:act_for", args=[world.names["proxy"]]))
    return client.get(reverse("front:home"))


def by_paper(world: LivedIn, client: Client) -> HttpResponse:
    return client.get(reverse("cases:by_receipt", args=[world.names["anonymous_receipt"]]))


# Pages that come after a step: (label, who, the way there).
WAYS: Iterable[tuple[str, str, Way]] = (
    ("people:sign_in_code", "anonymous", form("people:sign_in", phone="13800000009")),
    ("people:sign_in, no number", "anonymous", form("people:sign_in", phone="12345")),
    ("people:phone_code", "asker", form("people:phone", phone="13800000077")),
    ("people:new_password", "anonymous", staff_password(True)),
    ("people:second_factor", "anonymous", staff_password(False)),
    ("organisations:slip with a code", "community_worker", home_code),
    ("organisations:resident_in_clear", "community_worker",
     form("organisations:reveal", "token=chen", why="本人来电，要回电")),
    ("organisations:assist_start, found", "community_worker",
     form("organisations:assist_start", wanted="张秀英")),
    ("cases:reveal", "property_worker", form("cases:reveal", "token=under_way_case")),
    ("register:found", "community_worker", form("register:people", wanted="张秀英")),
    ("cases:speak, nothing said", "anonymous", form("cases:speak", text="")),
    ("cases:speak, place not found", "asker", form("cases:speak", text="路灯不亮", place_words="哪里都不是")),
    ("cases:intake, nothing said", "community_worker", form("cases:intake", text="")),
    ("cases:chat, cut into voices", "community_worker",
     form("cases:chat", chat="小何 08:01\n北门堵车\n\n老李 08:03\n路灯也不亮", place_words="杨柳苑")),
    ("refused", "property_worker", form("cases:reply", "token=under_way_case", words="收到")),
    ("not found", "anonymous", wrong_address),
    ("form from elsewhere", "asker", lost_form),
    ("front:home, acting for family", "agent", acting),
    ("front:home, assisting", "assisting", lambda world, client: client.get(reverse("front:home"))),
    ("cases:by_receipt, no account", "anonymous", by_paper),
)  # fmt: skip
CASE = "cases:case"
# Pages of the table in other states and for other eyes: (label, who, URL name, arguments, query).
OTHERS = (
    *(
        (f"own case, {state}", "asker", CASE, f"token={state}_case", "")
        for state in ("filed", "resolved", "confirmed", "partly", "declined", "withdrawn", "merged", "not_solved",
                      "unconfirmed", "paused")
    ),
    *((f"desk, {state}", "community_worker", CASE, f"token={state}_case", "")
      for state in ("filed", "accepted", "joint", "mixed", "merged", "hidden", "resolved", "history", "by_phone")),
    *((f"unit, {state}", "property_worker", CASE, f"token={state}_case", "")
      for state in ("assigned", "under_way", "paused", "return", "joint", "resolved")),
    ("checker", "checker", CASE, "token=to_check_case", ""),
    ("arbiter", "street_officer", CASE, "token=return_case", ""),
    ("public case", "stranger", CASE, "token=under_way_case", ""),
    ("public case, solved", "anonymous", CASE, "token=confirmed_case", ""),
    ("said", "asker", "cases:said", "token=filed_case", ""),
    ("home of a stranger", "anonymous", "front:home", "", ""),
    ("home of a neighbour", "resident", "front:home", "", ""),
    ("home of a worker", "community_worker", "front:home", "", ""),
    ("mine of a worker", "community_worker", "front:mine", "", ""),
    ("old code", "anonymous", "front:code", "token=old_code", ""),
    ("settled shelf", "anonymous", "front:estate", "token=estate", "show=solved"),
    ("search for 长辈版", "anonymous", "front:search", "", "q=亲情版"),
    ("a group of the list", "anonymous", "duties:list", "token=published", "group=lighting"),
    ("the draft", "district_officer", "duties:list", "token=draft", ""),
    ("what the draft changes", "district_officer", "duties:changes", "token=draft", ""),
    ("adding buildings", "community_worker", "places:add", "token=estate", "kind=building"),
    ("sheet of codes", "community_worker", "places:sheet", "token=community", "kinds=facility&kinds=estate"),
    ("desk, paused", "community_worker", "cases:desk", "", "state=paused"),
    ("desk of the street", "street_officer", "cases:desk", "", ""),
    ("to-dos of a unit", "property_worker", "todos:mine", "", ""),
    ("to-dos of a resident", "asker", "todos:mine", "", ""),
    ("statement to answer", "district_officer", "todos:statement", "token=statement", ""),
    ("work of the checker", "checker", "front:work", "", ""),
    ("rows of one body", "street_officer", "insights:rows", "measure=filed", ""),
    ("a solved question", "asker", "cases:mine", "", "show=followed"),
)  # fmt: skip
BETWEEN = frozenset(label for label, *_rest in (*WAYS, *OTHERS))
