"""Who looked at whom in the demo: a list, a telephone opened at the counter, a question and its answer."""

from datetime import datetime, timedelta

from django.utils.timezone import localdate

from linli.demo.world import Say, World
from linli.organisations.models import Membership
from linli.people.models import Person
from linli.trail import actions
from linli.trail.circumstances import PRESENT, Circumstances
from linli.trail.models import Seen
from linli.trail.rules import Purpose


def fill(world: World, cast: dict[str, Person], at: datetime, say: Say) -> None:
    """Let 孙 look at a list and open a number, 张 ask about it, and the auditor 褚 answer."""
    sun, zhang, chen, auditor = (cast[key] for key in ("sun", "zhang", "chen", "chu"))
    words, here = _seat(sun, at)
    before = PRESENT.set(here)
    two, list_day = [zhang.subject, chen.subject], at - timedelta(days=6)
    fields, reason = "名单中的一行（姓名、电话已遮盖）", "冬季走访 80 岁以上老人和同住家人"
    actions.looked_at_many(two, sun.subject, words, fields, reason, list_day, "", Purpose.LIST)
    opened_at = at - timedelta(days=5)
    actions.reveal(
        zhang.subject, "people.Person.card", sun.subject, words, "电话", "回电问路灯修好没有", opened_at
    )
    PRESENT.reset(before)
    line = Seen.objects.filter(subject=zhang.subject, at=opened_at).get()
    query = actions.ask(line, "我那天没有接到电话", zhang.subject, at - timedelta(days=4))
    said = "孙社工当天 15:10 拨过您的电话，无人接听；查看是回访路灯的事需要的。"
    by, _here = _seat(auditor, at)
    actions.answer(query, said, True, auditor.subject, by, at - timedelta(days=2))
    say("谁看了我的信息：名单、回电，一个疑问和答复")


def _seat(worker: Person, at: datetime) -> tuple[str, Circumstances]:
    seat = Membership.objects.current(worker, localdate(at)).first()
    if seat is None:
        return worker.masked, Circumstances()
    return seat.looker_words(worker), Circumstances("", seat.organisation.token, seat.place.path)
