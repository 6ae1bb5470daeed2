"""What every template may use without loading."""

import re
from datetime import date, datetime
from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils import dateformat, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linli.base import clockwords, text
from linli.base.addresses import address_of

CHINESE = re.compile("([\u3400-\u9fff][\u3000-\u303f\u3400-\u9fff\uff00-\uffef·\\d]*)")
register = template.Library()
register.filter("masked_name", text.masked_name)
register.filter("masked_phone", text.masked_phone)
register.filter("shorten", text.shorten)
register.simple_tag(address_of, name="door")


@register.filter
def mark_chinese(words: object) -> SafeString | str:
    """Mark each run of Chinese in a sentence of another language as Chinese, for those who hear the page."""
    if (get_language() or "").startswith("zh"):
        return str(words)
    runs = CHINESE.split(str(words))  # outside and inside of a run in turn
    return format_html_join(
        "", "{}", ((format_html('<span lang="zh-Hans">{}</span>', run) if turn % 2 else run,)
                   for turn, run in enumerate(runs))
    )  # fmt: skip


@register.filter
def unless_staff(name: object, assisting: object) -> str:
    """Return the name, masked where a worker reads it who assists somebody: `{{ agent|unless_staff:assisting }}`."""
    return text.masked_name(str(name)) if assisting else str(name)


@lru_cache(maxsize=128)
def _sprite(name: str) -> SafeString:
    address = f"{static('linli/icons.svg')}#{name}"
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"/></svg>', address
    )


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw a sign from linli/icons.svg; it says nothing by itself, so a word stands beside it."""
    return _sprite(name)


@register.simple_tag(takes_context=True)
def moment(context: template.Context, at: datetime | None) -> SafeString | str:
    """When something happened or will, as a neighbour says it: 今天 15:20, 昨天 9:05, 11月3日, 2025年3月1日."""
    if at is None:
        return ""
    return _time(at, clockwords.moment_words(_local(at), _now(context)))


@register.simple_tag(takes_context=True)
def by_when(context: template.Context, due: datetime | None) -> SafeString | str:
    """Until when: 今天 17:00 前, 明天前, 周五前, 下周三前, 12月3日前; 已过期 2 天 where it has passed."""
    if due is None:
        return ""
    return _time(due, clockwords.due_words(_local(due), _now(context)))


@register.simple_tag(takes_context=True)
def tone_of(context: template.Context, due: datetime | None) -> str:
    """The colour that goes with a deadline: "late", "soon" (today or tomorrow) or "calm"; words say it too."""
    if due is None:
        return "calm"
    now = _now(context)
    if due < now:
        return "late"
    return "soon" if (_local(due).date() - now.date()).days <= 1 else "calm"


@register.filter
def took(seconds: float | None) -> str:
    """How long something took, from seconds or a timedelta: 40 分钟, 5 小时, 3 天."""
    return clockwords.length_words(seconds)


MACHINE_WORDS = re.compile(r"[2-9a-hjkmnp-z]{12}|[A-Za-z0-9_-]{32}|[0-9a-f-]{32,36}|-?\d{1,3}\.\d+|on|")


@register.filter
def day(on: date | None) -> SafeString | str:
    """A day with its year, as it is said: 2026年3月1日."""
    if on is None:
        return ""
    at = _local(on) if isinstance(on, datetime) else on
    return format_html(
        '<time datetime="{}">{}</time>', at.strftime("%Y-%m-%d"), dateformat.format(at, _("Y年n月j日"))
    )


@register.filter
def was_typed(typed: dict[str, list[str]] | None) -> list[str]:
    """What a person wrote among the values of a form: not tokens, keys, positions and ticks."""
    values = [value for values in (typed or {}).values() for value in values]
    return [value for value in values if not MACHINE_WORDS.fullmatch(value.strip())]


def _now(context: template.Context) -> datetime:
    """The `now` that the view was given, so that a page tells one time; else this moment."""
    now = context.get("now")
    return _local(now if isinstance(now, datetime) else timezone.now())


def _local(at: datetime) -> datetime:
    return timezone.localtime(at)


def _time(at: datetime, words: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', _local(at).isoformat(timespec="minutes"), words)
