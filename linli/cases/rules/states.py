"""States and what may follow, as a table; the verbs of the timeline; the tiers."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where a case stands. Which may follow which is `MOVES`."""

    FILED = "filed", _("已提交")
    ACCEPTED = "accepted", _("已受理")
    ASSIGNED = "assigned", _("已派单")
    UNDER_WAY = "under_way", _("正在办")
    PAUSED = "paused", _("挂账")
    RESOLVED = "resolved", _("办结待确认")
    CONFIRMED = "confirmed", _("确认解决")
    PARTLY = "partly", _("部分解决")
    UNCONFIRMED = "unconfirmed", _("未确认")
    CHECKED = "checked", _("核查属实")
    ON_SPOT = "on_spot", _("当场办结")
    DECLINED = "declined", _("不予受理")
    WITHDRAWN = "withdrawn", _("已撤回")
    MERGED = "merged", _("已并入")


WITH_A_UNIT = frozenset({State.ASSIGNED, State.UNDER_WAY, State.PAUSED})
OPEN = frozenset({State.FILED, State.ACCEPTED, *WITH_A_UNIT})
ENDED_BY_WORK = frozenset({State.CONFIRMED, State.PARTLY, State.UNCONFIRMED, State.CHECKED, State.ON_SPOT})
CLOSED = ENDED_BY_WORK | {State.DECLINED, State.WITHDRAWN, State.MERGED}
ANSWERS = frozenset({State.CONFIRMED, State.PARTLY, State.UNCONFIRMED, State.CHECKED})
_LEAVES = frozenset({State.DECLINED, State.WITHDRAWN, State.MERGED})

# What may follow what. An order transferred, escalated or taken back moves between the middle states only;
# after either ending (worked or declined) the matter may come back; only a withdrawal is final.
MOVES: dict[str, frozenset[str]] = {
    State.FILED: frozenset({State.ACCEPTED, State.ASSIGNED, State.ON_SPOT}) | _LEAVES,
    State.ACCEPTED: frozenset({State.ASSIGNED, State.ON_SPOT}) | _LEAVES,
    State.ASSIGNED: frozenset({State.ACCEPTED, State.ASSIGNED, State.UNDER_WAY, State.RESOLVED}) | _LEAVES,
    State.UNDER_WAY: frozenset({State.ACCEPTED, State.ASSIGNED, State.PAUSED, State.RESOLVED}) | _LEAVES,
    State.PAUSED: frozenset({State.UNDER_WAY, State.ASSIGNED, State.WITHDRAWN, State.MERGED}),
    State.RESOLVED: frozenset({State.ASSIGNED, State.MERGED}) | ANSWERS,
    State.UNCONFIRMED: frozenset({State.CONFIRMED, State.PARTLY, State.ASSIGNED}),
    State.CONFIRMED: frozenset({State.ASSIGNED}),
    State.PARTLY: frozenset({State.ASSIGNED}),
    State.CHECKED: frozenset({State.ASSIGNED}),
    State.ON_SPOT: frozenset({State.ACCEPTED}),
    State.DECLINED: frozenset({State.ACCEPTED}),
    State.MERGED: frozenset({State.FILED, State.ACCEPTED}),
    State.WITHDRAWN: frozenset(),
}


def may_follow(state: str, following: str) -> bool:
    """Whether a case in `state` may become `following`."""
    return following in MOVES[state]


class Visibility(models.TextChoices):
    """Whether anyone may read the public text; nothing is public before a person looked at it."""

    CHECKING = "checking", _("待审公开")
    PUBLIC = "public", _("公开")
    PRIVATE = "private", _("不公开")


class Tier(models.TextChoices):
    """The tiers up which a matter goes."""

    COMMUNITY = "community", _("社区")
    STREET = "street", _("街道")
    DISTRICT = "district", _("区县")


def next_tier(tier: str) -> str:
    """Return the tier to which a matter goes up from `tier` (社区→街道→区), "" at the top."""
    tiers = list(Tier.values)
    place = tiers.index(tier) + 1
    return tiers[place] if place < len(tiers) else ""


class Channel(models.TextChoices):
    """How the voice came in."""

    PAGE = "page", _("手机网页")
    QR = "qr", _("扫码")
    VOICE = "voice", _("语音")
    COUNTER = "counter", _("窗口")
    TELEPHONE = "telephone", _("电话")
    CHAT = "chat", _("群聊转入")
    VISIT = "visit", _("上门走访")
    PATROL = "patrol", _("巡查发现")
    IMPORT = "import", _("历史导入")


class Part(models.TextChoices):
    """What a body is bound to in a case."""

    LEAD = "lead", _("主办")
    ASSIST = "assist", _("协办")


class OrderState(models.TextChoices):
    """Where one body stands with its order."""

    DISPATCHED = "dispatched", _("待签收")
    SIGNED = "signed", _("办理中")
    RETURN_ASKED = "return_asked", _("申请退单")
    ANSWERED = "answered", _("已答复")
    RETURNED = "returned", _("已退单")
    RECALLED = "recalled", _("已收回")


class AskingSort(models.TextChoices):
    """What a unit may ask that somebody else decides. Asking for help is its own, honourable sort."""

    EXTENSION = "extension", _("延期")
    RETURN = "return", _("退单")
    HELP = "help", _("请求支援")


class ReturnReason(models.TextChoices):
    """The list a unit picks from when it gives an order back; other words do not count as a reason."""

    NOT_OUR_DUTY = "not_our_duty", _("不属于本单位职责")
    NOT_OUR_AREA = "not_our_area", _("不在本单位管理范围")
    UNCLEAR_DUTY = "unclear_duty", _("职责不清，需现场核实划分")
    OTHER_OWNER = "other_owner", _("属其他单位权属")
    CANNOT_LOCATE = "cannot_locate", _("地点不明，无法找到")


class Verb(models.TextChoices):
    """What stands in the timeline. A case's page says these as sentences with a body and a date.

    Their words have a context of their own: in English what happened is not said as the button that does it.
    """

    FILED = "filed", pgettext_lazy("timeline", "提出")
    ACCEPTED = "accepted", pgettext_lazy("timeline", "受理")
    CATEGORISED = "categorised", pgettext_lazy("timeline", "归类")
    DISPATCHED = "dispatched", pgettext_lazy("timeline", "派单")
    TRANSFERRED = "transferred", pgettext_lazy("timeline", "转办")
    ASSIST_ADDED = "assist_added", pgettext_lazy("timeline", "请协办")
    RECALLED = "recalled", pgettext_lazy("timeline", "收回派单")
    SIGNED = "signed", pgettext_lazy("timeline", "签收")
    LAPSED = "lapsed", pgettext_lazy("timeline", "逾期视为签收")
    STARTED = "started", pgettext_lazy("timeline", "开始办理")
    REPLIED = "replied", pgettext_lazy("timeline", "答复进展")
    ASKED_MORE = "asked_more", pgettext_lazy("timeline", "请补充情况")
    TOLD_MORE = "told_more", pgettext_lazy("timeline", "补充情况")
    UNIT_ANSWERED = "unit_answered", pgettext_lazy("timeline", "协办单位答复")
    PAUSED = "paused", pgettext_lazy("timeline", "挂账")
    RESUMED = "resumed", pgettext_lazy("timeline", "恢复办理")
    EXTENSION_ASKED = "extension_asked", pgettext_lazy("timeline", "申请延期")
    EXTENDED = "extended", pgettext_lazy("timeline", "同意延期")
    EXTENSION_REFUSED = "ext_refused", pgettext_lazy("timeline", "不同意延期")
    RETURN_ASKED = "return_asked", pgettext_lazy("timeline", "申请退单")
    RETURNED = "returned", pgettext_lazy("timeline", "同意退单")
    RETURN_REFUSED = "return_refused", pgettext_lazy("timeline", "不同意退单")
    HELP_ASKED = "help_asked", pgettext_lazy("timeline", "请求支援")
    HELPED = "helped", pgettext_lazy("timeline", "到场支援")
    HELP_REFUSED = "help_refused", pgettext_lazy("timeline", "未能支援")
    RESOLVED = "resolved", pgettext_lazy("timeline", "办结")
    ASKED = "asked", pgettext_lazy("timeline", "请提出人确认")
    ANSWERED = "answered", pgettext_lazy("timeline", "提出人回答")
    REOPENED = "reopened", pgettext_lazy("timeline", "没解决，重新办理")
    UNCONFIRMED = "unconfirmed", pgettext_lazy("timeline", "到期未确认")
    CHECK_ASKED = "check_asked", pgettext_lazy("timeline", "请第三方核查")
    CHECKED = "checked", pgettext_lazy("timeline", "核查")
    CALLED_BACK = "called_back", pgettext_lazy("timeline", "回访")
    ON_SPOT = "on_spot", pgettext_lazy("timeline", "当场办结")
    DECLINED = "declined", pgettext_lazy("timeline", "不予受理")
    WITHDRAWN = "withdrawn", pgettext_lazy("timeline", "撤回")
    MERGED = "merged", pgettext_lazy("timeline", "并入")
    UNMERGED = "unmerged", pgettext_lazy("timeline", "撤销并入")
    JOINED = "joined", pgettext_lazy("timeline", "有相同诉求并入")
    SPLIT = "split", pgettext_lazy("timeline", "拆分")
    UNSPLIT = "unsplit", pgettext_lazy("timeline", "撤销拆分")
    WARNED = "warned", pgettext_lazy("timeline", "临期提醒")
    PRESSED = "pressed", pgettext_lazy("timeline", "催办")
    SUPERVISED = "supervised", pgettext_lazy("timeline", "督办")
    WHISTLED = "whistled", pgettext_lazy("timeline", "吹哨上报")
    UPDATE_PRESSED = "update_pressed", pgettext_lazy("timeline", "催促回复")
    RECOMPUTED = "recomputed", pgettext_lazy("timeline", "重算期限")
    NOTED = "noted", pgettext_lazy("timeline", "内部备注")
    MODERATED = "moderated", pgettext_lazy("timeline", "审校公开内容")
    HIDDEN = "hidden", pgettext_lazy("timeline", "转为不公开")
    SHOWN = "shown", pgettext_lazy("timeline", "公开")
    IMPORTED = "imported", pgettext_lazy("timeline", "历史导入")


# What anyone may read in a public case's timeline: acts of bodies, and that the asker answered; never notes.
PUBLIC_VERBS = frozenset(
    {
        Verb.FILED, Verb.ACCEPTED, Verb.DISPATCHED, Verb.TRANSFERRED, Verb.ASSIST_ADDED, Verb.RECALLED,
        Verb.SIGNED, Verb.LAPSED, Verb.STARTED, Verb.REPLIED, Verb.UNIT_ANSWERED, Verb.PAUSED,
        Verb.RESUMED, Verb.EXTENDED, Verb.RETURNED, Verb.HELP_ASKED, Verb.HELPED, Verb.RESOLVED,
        Verb.ANSWERED, Verb.REOPENED, Verb.UNCONFIRMED, Verb.CHECK_ASKED, Verb.CHECKED, Verb.ON_SPOT,
        Verb.DECLINED, Verb.WITHDRAWN, Verb.MERGED, Verb.UNMERGED, Verb.JOINED, Verb.SPLIT, Verb.UNSPLIT,
        Verb.PRESSED, Verb.SUPERVISED, Verb.WHISTLED, Verb.RECOMPUTED,
    }
)  # fmt: skip
