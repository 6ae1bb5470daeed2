"""The trail's own rows: a look at 张阿姨 that she asks about, and a basis for withholding that waits for a second."""

from typing import TYPE_CHECKING

from django.core import signing

from linli.trail import actions
from linli.trail.models import Seen
from linli.trail.views.audit import SALT as ACT
from linli.trail.views.mine import SALT as LINE

if TYPE_CHECKING:
    from tests.world import LivedIn


def tell(world: "LivedIn") -> None:
    cast, now = world.willow, world.now
    words = f"{cast.sun.masked} · {cast.desk} · 社区工作者"
    many = [cast.zhang.subject, cast.chen.subject]
    look = actions.looked_at_many(many, cast.sun.subject, words, "名单中的一行", "核对门牌", now)
    assert look is not None
    look.body, look.path = cast.desk.token, cast.community.path
    look.save()
    seen = Seen.objects.get(look=look, subject=cast.zhang.subject)
    query = actions.ask(seen, "我没有办过这件事", cast.zhang.subject, now)
    basis = actions.ask_to_withhold(
        "反恐怖主义法第五十一条", "办案期间", cast.qian.subject, "钱* · 街道", now
    )
    world.names |= {
        "look_line": signing.dumps(seen.pk, salt=LINE),
        "look_act": signing.dumps(look.pk, salt=ACT),
        "look_query": query.token,
        "look_basis": basis.token,
    }
