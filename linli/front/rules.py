"""The shelves and figures of public pages, greetings, and the pages that search knows. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.rules import State

RECENT = 200  # the newest public matters that the figures of a page are about
FEWEST_FOR_MEDIAN = 5  # below this a median says more about chance than about the place


class Standing(models.TextChoices):
    """The three shelves of a public page."""

    SAID = "said", gettext_lazy("刚说的")
    UNDER_WAY = "under_way", gettext_lazy("正在办")
    ENDED = "ended", gettext_lazy("有结果")


# Resolved is not solved: until the person who asked has said so, the matter stays on the middle shelf.
SHELVES: dict[str, frozenset[str]] = {
    Standing.SAID: frozenset({State.FILED, State.ACCEPTED}),
    Standing.UNDER_WAY: frozenset({State.ASSIGNED, State.UNDER_WAY, State.PAUSED, State.RESOLVED}),
    Standing.ENDED: frozenset(
        {
            State.CONFIRMED,
            State.PARTLY,
            State.UNCONFIRMED,
            State.CHECKED,
            State.ON_SPOT,
            State.DECLINED,
        }
    ),
}


@dataclass(frozen=True)
class Figures:
    """What became of the newest public matters of a place. `median` is None where too few were solved."""

    total: int
    said: int
    under_way: int
    solved: int
    unconfirmed: int
    median: timedelta | None


def figures(stories: Iterable[tuple[str, datetime, datetime | None]]) -> Figures:
    """Count (state, filed_at, resolved_at) rows; solved is only what the asker confirmed or a check found so."""
    rows = list(stories)
    states = [state for state, _filed, _resolved in rows]
    solved = {State.CONFIRMED, State.CHECKED, State.ON_SPOT}
    lengths = [
        (resolved - filed).total_seconds() for state, filed, resolved in rows if resolved and state in solved
    ]
    return Figures(
        total=len(rows),
        said=sum(state in SHELVES[Standing.SAID] for state in states),
        under_way=sum(state in SHELVES[Standing.UNDER_WAY] for state in states),
        solved=sum(state in solved for state in states),
        unconfirmed=states.count(State.UNCONFIRMED),
        median=timedelta(seconds=median(lengths)) if len(lengths) >= FEWEST_FOR_MEDIAN else None,
    )


def greeting(hour: int) -> str:
    """Return what one says at this hour (0–23)."""
    if 5 <= hour < 11:
        return _("早上好")
    if 11 <= hour < 13:
        return _("中午好")
    if 13 <= hour < 18:
        return _("下午好")
    return _("晚上好")


@dataclass(frozen=True)
class Signpost:
    """A page that search can find: its title, where it is (URL names, the first that exists), and its words."""

    title: Promise | str
    names: tuple[str, ...]
    words: str  # parted by blanks
    is_elder_switch: bool = False

    def said(self) -> Iterator[str]:
        """Yield the title, in the reader's language, and the words."""
        yield str(self.title).casefold()
        yield from self.words.casefold().split()


# 工信部 APP适老化通用设计规范: a search for 长辈版 leads there directly, and so do its other names (E09).
ELDER_WORDS = "长辈版 亲情版 关爱版 关怀版 老年版 老人版 大字版 适老 elder large"
SAY_WORDS = "报修 投诉 建议 咨询 求助 隐患 随手拍 反映 你说我做 repair complaint"

SIGNPOSTS = (
    Signpost(gettext_lazy("长辈版：大字、大按钮、读给我听"), (), ELDER_WORDS, is_elder_switch=True),
    Signpost(gettext_lazy("说一件事"), ("cases:speak",), SAY_WORDS),
    Signpost(gettext_lazy("我提过的事"), ("cases:mine", "front:mine"), "进度 进展 我的 查询 mine progress"),
    Signpost(gettext_lazy("凭回执查进展"), ("cases:receipt",), "进度 进展 查询码 回执 查询 progress receipt"),
    Signpost(gettext_lazy("通知"), ("notices:inbox",), "消息 短信 提醒 公告 notice message"),
    Signpost(
        gettext_lazy("我的档案"),
        ("register:mine",),
        "户口 家庭 家人 登记 信息 改正 低保 残疾 record household",
    ),
    Signpost(
        gettext_lazy("我的数据"),
        ("privacy:mine",),
        "隐私 个人信息 导出 删除 注销 撤回 同意 data erase consent",
    ),
    Signpost(gettext_lazy("谁看了我的信息"), ("trail:mine",), "隐私 个人信息 查看记录 privacy trail"),
    Signpost(gettext_lazy("亲情代办：替家人办事"), ("people:proxies",), "代办 家人 父母 子女 授权 family"),
    Signpost(gettext_lazy("登录的手机和电脑"), ("people:devices",), "登录 退出 设备 安全 session device"),
    Signpost(gettext_lazy("我的住处"), ("people:homes",), "住处 房子 核验码 业主 租户 home"),
    Signpost(
        gettext_lazy("租房登记"),
        ("lettings:mine",),
        "租房 出租 房东 租客 租户 租约 letting landlord tenant",
    ),
    Signpost(gettext_lazy("小区里的空房"), ("lettings:offers",), "租房 空房 房源 找房 rent vacant"),
    Signpost(gettext_lazy("这条短信是不是邻里发的"), ("notices:check",), "短信 诈骗 真假 骗子 fraud"),
    Signpost(gettext_lazy("大家说的事"), ("front:around",), "小区 社区 公开 邻居 回家 public estate"),
    Signpost(
        gettext_lazy("怎么核验公开记录"), ("transparency:verify",), "核验 存证 凭证 回执 verify receipt"
    ),
    Signpost(gettext_lazy("对邻里平台提意见"), ("cases:feedback",), "平台 不好用 意见 反馈 feedback"),
    Signpost(gettext_lazy("关于邻里"), ("front:about",), "备案 平台 介绍 about filing"),
)


def found(asked: str) -> list[Signpost]:
    """Return the pages whose title or words meet what was asked: either may contain the other."""
    asked = asked.strip().casefold()
    return [post for post in SIGNPOSTS if asked and any(_meets(asked, word) for word in post.said())]


def _meets(asked: str, word: str) -> bool:
    return asked in word or (len(word) > 1 and word in asked)
