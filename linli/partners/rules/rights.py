"""What a member of a partner may see and do, said in words (C19, PIPL 6: the least that the task needs)."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, str | Promise] = {
    "intake": _("替来窗口、打电话的居民登记事情，每次代办都有记录，本人看得到。"),
    "handle": _(
        "看派给本单位的工单：什么事、在哪里、照片；办理期间看得到提出人的称呼和电话，每看一次留一条记录，本人看得到。"
    ),
    "dispatch": _("受理、派单、转办本地的事情。"),
    "arbitrate": _("裁定退单和延期。"),
    "check": _("核查和回访别的单位办的事。"),
    "oversee": _("看本地各单位办事的总数，看不到个人。"),
    "edit_duties": _("维护权责清单。"),
    "register": _("登记地点和居民。"),
    "protect": _("管个人信息保护的事；看不到诉求和档案的内容。"),
    "audit": _("审计：只看，不改。"),
    "administer": _("开账号、设权限；看不到群众的事。"),
}
OF_THE_BODY: tuple[str | Promise, ...] = (
    _("派给本单位的工单和它们的经过。"),
    _("本单位自己的档案、证照、合同、评价。"),
    _("约了本单位上门的住户：门牌和预约时写的话，看一次记一次；姓名不全显示，没有电话。"),
    _("本单位巡查、设备、上门时段的记录。"),
)
NEVER: tuple[str | Promise, ...] = (
    _("居民档案、户籍、身份证号、标签。"),
    _("别的单位的工单、合同草稿和评价草稿。"),
    _("选票、积分、心声的回答人。"),
)


def rights(powers: Iterable[str]) -> list[str | Promise]:
    """Return the sentences for these powers, in one order."""
    held = set(powers)
    return [words for power, words in WORDS.items() if power in held]
