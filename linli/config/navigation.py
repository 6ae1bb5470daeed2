"""What every page shows around its content: the bars of the three faces."""

from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from linli.base.addresses import address_of, first_address
from linli.organisations.rules import Power

PHONE_SEATS = 4  # of the staff bar on a phone; the fifth leads to all doors
DESK_SEATS = 8  # on a desktop


@dataclass(frozen=True)
class Door:
    """One entry of a bar. It leads to the first of `names` that this deployment has; none, and it is not shown."""

    label: str | Promise
    icon: str
    names: tuple[str, ...]
    powers: frozenset[str] = field(default_factory=frozenset)  # any of these; empty means everybody

    @property
    def address(self) -> str:
        """Where it leads, "" nowhere."""
        return first_address(self.names)


HOME = Door(_("首页"), "home", ("front:home",))
SPEAK = Door(_("说"), "speak", ("cases:speak",))
NOTICES = Door(_("通知"), "bell", ("notices:inbox",))
MINE = Door(_("我的"), "mine", ("front:mine",))
# 办事 and 议 take their seats as soon as their domains exist; until then the seats show what there is.
SECOND = (Door(_("办事"), "services", ("services:home",)), Door(_("大家说"), "neighbours", ("front:around",)))
FOURTH = (Door(_("议"), "talk", ("deliberation:home",)), NOTICES)

# The workbench, by what one comes for. The bar shows the first that open; all of them stand on 更多.
STAFF: tuple[tuple[str | Promise, tuple[Door, ...]], ...] = (
    (
        _("每天的事"),
        (
            Door(_("待办"), "todo", ("todos:mine",)),
            Door(_("受理台"), "desk", ("cases:desk",), frozenset({Power.INTAKE, Power.DISPATCH})),
            Door(_("工单"), "orders", ("cases:orders",), frozenset({Power.HANDLE})),
            Door(_("登记来件"), "phone", ("cases:intake",), frozenset({Power.INTAKE})),
            Door(_("公开审校"), "public", ("cases:moderation",), frozenset({Power.DISPATCH})),
            Door(_("核查回访"), "check", ("cases:checks",), frozenset({Power.CHECK})),
            Door(_("裁定"), "ruling", ("cases:rulings",), frozenset({Power.ARBITRATE})),
            Door(_("我的单位"), "mine", ("partners:mine",), frozenset({Power.HANDLE})),
        ),
    ),
    (
        _("人和家"),
        (
            Door(_("居民"), "mine", ("organisations:assist_start",), frozenset({Power.INTAKE})),
            Door(
                _("居民档案"), "neighbours", ("register:people",), frozenset({Power.REGISTER, Power.INTAKE})
            ),
            Door(_("租住登记"), "home", ("lettings:desk",), frozenset({Power.INTAKE})),
            Door(_("台账导入导出"), "orders", ("imports:list",), frozenset({Power.REGISTER})),
            Door(_("报表"), "duties", ("reports:templates",), frozenset({Power.REGISTER})),
            Door(_("谁要了哪些表"), "rates", ("reports:demands",), frozenset({Power.OVERSEE})),
        ),
    ),
    (
        _("地方和部件"),
        (
            Door(
                _("地点"),
                "places",
                ("places:tree",),
                frozenset({Power.REGISTER, Power.OVERSEE, Power.ADMINISTER}),
            ),
            Door(
                _("公共部件"),
                "check",
                ("facilities:list",),
                frozenset({Power.HANDLE, Power.INTAKE, Power.REGISTER, Power.OVERSEE}),
            ),
        ),
    ),
    (
        _("单位和规则"),
        (
            Door(_("组织"), "people", ("organisations:list",), frozenset({Power.ADMINISTER, Power.OVERSEE})),
            Door(
                _("合作单位"),
                "neighbours",
                ("partners:desk",),
                frozenset({Power.DISPATCH, Power.OVERSEE, Power.AUDIT}),
            ),
            Door(_("权责清单"), "duties", ("duties:lists",)),
            Door(
                _("办件参数"),
                "clock",
                ("cases:numbers",),
                frozenset({Power.EDIT_DUTIES, Power.OVERSEE, Power.DISPATCH}),
            ),
            Door(
                _("三率"),
                "rates",
                ("insights:rates",),
                frozenset({Power.OVERSEE, Power.DISPATCH, Power.AUDIT}),
            ),
        ),
    ),
    (
        _("个人信息"),
        (
            Door(_("紧急查看"), "key", ("privacy:break_glass",), frozenset({Power.INTAKE})),
            Door(_("个人信息保护"), "key", ("privacy:desk",), frozenset({Power.PROTECT})),
            Door(_("影响评估"), "check", ("privacy:assessments",), frozenset({Power.AUDIT})),
            Door(_("后台表"), "search", ("admin:index",), frozenset({Power.AUDIT})),
        ),
    ),
    (
        _("给自己减负"),
        (
            Door(_("减负账本"), "clock", ("burden:mine",)),
            Door(_("没意义的任务"), "help", ("todos:statements",)),
            Door(_("查看记录审计"), "key", ("trail:audit",), frozenset({Power.AUDIT})),
            Door(_("对查看的疑问"), "help", ("trail:queries",), frozenset({Power.AUDIT})),
            Door(_("没送到的短信"), "bell", ("notices:troubled",), frozenset({Power.INTAKE})),
            Door(_("其他系统"), "globe", ("todos:systems",), frozenset({Power.ADMINISTER})),
        ),
    ),
)


def page(request: HttpRequest) -> dict[str, Any]:
    """Give templates `person`, `powers`, `elder`, `text_size`, the bars and where "back" leads."""
    powers: frozenset[str] = getattr(request, "powers", frozenset())
    elder = getattr(request, "elder", False)
    text_size = getattr(request, "text_size", None)
    faces = ["elder"] * elder + [f"text-{text_size}"] * bool(text_size) + ["works"] * bool(powers)
    return {
        "person": getattr(request, "person", None),
        "powers": powers,
        "assisting": getattr(request, "assisting", None),
        "acting_for": getattr(request, "acting_for", None),
        "acting_until": getattr(request, "acting_until", None),
        "elder": elder,
        "text_size": text_size,
        "face_classes": " ".join(faces),
        "html_lang": "en" if get_language() == "en" else "zh-Hans",
        "bar": _seated(_staff_doors(powers) if powers else _resident_doors(elder), request.path),
        "work_doors": partial(staff_doors, powers),
        "here": _here(request),
        "filing_number": settings.FILING_NUMBER,
        "is_demo": settings.DEMO,
        "start": (address_of("todos:mine") if powers else "") or address_of("front:home") or "/",
    }


def staff_doors(powers: frozenset[str]) -> list[tuple[str | Promise, list[Door]]]:
    """Return the doors of the workbench that open for whoever holds `powers`, by heading, as far as they exist."""
    grouped = [
        (heading, [door for door in doors if door.address and (not door.powers or door.powers & powers)])
        for heading, doors in STAFF
    ]
    return [(heading, doors) for heading, doors in grouped if doors]


def _staff_doors(powers: frozenset[str]) -> list[Door]:
    found = [door for _heading, doors in staff_doors(powers) for door in doors]
    return [*found[:DESK_SEATS], MINE]


def _resident_doors(elder: bool) -> list[Door]:
    """Five seats; in 长辈版 three, so that each is large."""
    if elder:
        return [HOME, SPEAK, MINE]
    second = next((door for door in SECOND if door.address), None)
    fourth = next((door for door in FOURTH if door.address), None)
    return [door for door in (HOME, second, SPEAK, fourth, MINE) if door is not None]


def _seated(doors: list[Door], path: str) -> list[dict[str, Any]]:
    shown = [(door, door.address) for door in doors if door.address]
    here = max((address for _door, address in shown if _leads_to(address, path)), key=len, default=None)
    return [
        {
            "label": door.label,
            "icon": door.icon,
            "address": address,
            "is_here": address == here,
            "is_main": door is SPEAK,
            "is_spare": seat >= PHONE_SEATS and len(shown) > PHONE_SEATS + 1,
        }
        for seat, (door, address) in enumerate(shown)
    ]


def _leads_to(address: str, path: str) -> bool:
    return path == address if address == "/" else path.startswith(address)


def _here(request: HttpRequest) -> str:
    """Where a switch of face leads back to: this page, or the one before where this one answers a form."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    before = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(before, allowed_hosts={request.get_host()}):
        return "/"
    parts = urlsplit(before)
    return parts.path + (f"?{parts.query}" if parts.query else "")
