"""Kinds of partners, where a partner stands and what may follow, and what is handed over when it leaves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """What sort of body it is (C19)."""

    PROPERTY = "property", _("物业企业")
    OWNERS_COMMITTEE = "committee", _("业主委员会")
    SOCIAL_ORGANISATION = "social", _("社会组织")
    ENTERPRISE = "enterprise", _("企业")
    DEPARTMENT = "department", _("部门单位")
    RESIDENTS_GROUP = "group", _("居民小组")


# By which function (职能) duty lines find it.
FUNCTIONS: dict[str, str] = {
    Kind.PROPERTY: "property",
    Kind.OWNERS_COMMITTEE: "owners_committee",
    Kind.SOCIAL_ORGANISATION: "social_organisation",
    Kind.ENTERPRISE: "enterprise",
    Kind.DEPARTMENT: "department",
    Kind.RESIDENTS_GROUP: "residents_group",
}


class State(models.TextChoices):
    """Where a partner stands."""

    APPLIED = "applied", _("已申请，待核对")
    CHECKED = "checked", _("已核对，待批准")
    ADMITTED = "admitted", _("已入驻")
    SUSPENDED = "suspended", _("已暂停")
    REFUSED = "refused", _("未获批准")
    LEFT = "left", _("已退出")


MOVES: dict[str, frozenset[str]] = {
    State.APPLIED: frozenset({State.CHECKED, State.ADMITTED, State.REFUSED}),
    State.CHECKED: frozenset({State.ADMITTED, State.REFUSED}),
    State.REFUSED: frozenset({State.APPLIED}),
    State.ADMITTED: frozenset({State.SUSPENDED, State.LEFT}),
    State.SUSPENDED: frozenset({State.ADMITTED, State.LEFT}),
    State.LEFT: frozenset({State.APPLIED}),
}
TAKES_PART = frozenset({State.ADMITTED, State.SUSPENDED})  # who is shown to everybody, with what they do


def may_follow(before: str, after: str) -> bool:
    """Tell whether a partner in state `before` may come into state `after`."""
    return after in MOVES[before]


class Verb(models.TextChoices):
    """What stands in a partner's timeline."""

    APPLIED = "applied", pgettext_lazy("timeline", "申请入驻")
    CHECKED = "checked", pgettext_lazy("timeline", "核对材料")
    ADMITTED = "admitted", pgettext_lazy("timeline", "批准入驻")
    REFUSED = "refused", pgettext_lazy("timeline", "不予批准")
    PAPER_ADDED = "paper_added", pgettext_lazy("timeline", "登记证照")
    PAPER_DROPPED = "paper_dropped", pgettext_lazy("timeline", "证照作废")
    SUSPENDED = "suspended", pgettext_lazy("timeline", "暂停接单")
    HEARD = "heard", pgettext_lazy("timeline", "陈述申辩")
    RESUMED = "resumed", pgettext_lazy("timeline", "恢复接单")
    LEAVE_ASKED = "leave_asked", pgettext_lazy("timeline", "申请退出")
    LEFT = "left", pgettext_lazy("timeline", "退出")
    HANDED_OVER = "handed_over", pgettext_lazy("timeline", "完成一项交接")
    CONTRACT_SIGNED = "signed", pgettext_lazy("timeline", "签订合同")
    CONTRACT_RENEWED = "renewed", pgettext_lazy("timeline", "续签合同")
    CONTRACT_ENDED = "ended", pgettext_lazy("timeline", "合同终止")
    DELIVERED = "delivered", pgettext_lazy("timeline", "交付一项")
    ACCEPTED = "accepted", pgettext_lazy("timeline", "验收一项")
    SENT_BACK = "sent_back", pgettext_lazy("timeline", "验收未通过")
    PAID = "paid", pgettext_lazy("timeline", "付款")
    PENALISED = "penalised", pgettext_lazy("timeline", "扣款")
    EVALUATED = "evaluated", pgettext_lazy("timeline", "发布评价")
    TERM_PREPARED = "term_prepared", pgettext_lazy("timeline", "开始筹备换届")
    TERM_ELECTED = "term_elected", pgettext_lazy("timeline", "业委会选举产生")
    TERM_FILED = "term_filed", pgettext_lazy("timeline", "业委会备案")
    MEMBER_JOINED = "member_joined", pgettext_lazy("timeline", "委员就任")
    MEMBER_LEFT = "member_left", pgettext_lazy("timeline", "委员卸任")
    MENTORED = "mentored", pgettext_lazy("timeline", "安排联系人和活动室")
    GRANTED = "granted", pgettext_lazy("timeline", "拨付小额资助")
    GRANT_ACCOUNTED = "accounted", pgettext_lazy("timeline", "资助报账")
    GREW = "grew", pgettext_lazy("timeline", "登记为社会组织")
    SERVES = "serves", pgettext_lazy("timeline", "服务范围")


# What goes into the provable record: acts about public money, about who may work here, and about owners' bodies.
RECORDED = frozenset(
    {
        Verb.ADMITTED, Verb.SUSPENDED, Verb.RESUMED, Verb.LEFT, Verb.CONTRACT_SIGNED, Verb.CONTRACT_RENEWED,
        Verb.CONTRACT_ENDED, Verb.ACCEPTED, Verb.PAID, Verb.PENALISED, Verb.EVALUATED, Verb.TERM_ELECTED,
        Verb.TERM_FILED, Verb.GRANTED, Verb.GREW,
    }
)  # fmt: skip
# What anyone reads in the timeline; applications and refusals are between the community and the applicant.
PUBLIC_VERBS = RECORDED | {
    Verb.HEARD,
    Verb.DELIVERED,
    Verb.TERM_PREPARED,
    Verb.GRANT_ACCOUNTED,
    Verb.HANDED_OVER,
}

# What is handed over at the end. 《物业管理条例》第二十九条第一款、第三十八条；《民法典》第九百四十九条。
HANDOVER: dict[str, tuple[str, ...]] = {
    Kind.PROPERTY: (
        "物业管理用房和钥匙",
        "竣工图、设备图、地下管网图等竣工验收资料",
        "设施设备的安装、使用和维护保养资料",
        "物业质量保修文件和使用说明文件",
        "预收费用、公共收益和维修资金账目",
        "正在办的报修和居民押金清单",
    ),
    Kind.OWNERS_COMMITTEE: ("印章", "业主名册和会议记录", "公共收益和维修资金账目", "与物业企业的合同"),
    Kind.SOCIAL_ORGANISATION: ("服务对象名单交回社区并删除留存", "使用的场地和物资", "未用完的项目经费"),
    Kind.ENTERPRISE: ("使用的场地和物资", "服务对象名单交回社区并删除留存", "未完成的订单"),
    Kind.DEPARTMENT: ("未办完的事项",),
    Kind.RESIDENTS_GROUP: ("活动室钥匙和物资", "未用完的资助"),
}
HANDOVER_DAYS = 30
HANDOVER_RULE = "《物业管理条例》第三十八条；《民法典》第九百四十九条"
HEARING_DAYS = 10  # working days to answer a suspension
