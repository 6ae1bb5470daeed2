"""What a case may become, and who may make it so."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    FILED = "filed", _("已提交")
    ACCEPTED = "accepted", _("已受理")
    ASSIGNED = "assigned", _("已派单")
    UNDER_WAY = "under_way", _("正在办")
    PAUSED = "paused", _("挂账")
    RESOLVED = "resolved", _("办结待确认")
    CONFIRMED = "confirmed", _("确认解决")
    UNCONFIRMED = "unconfirmed", _("未确认")
    DECLINED = "declined", _("不予受理")
    WITHDRAWN = "withdrawn", _("已撤回")
    MERGED = "merged", _("已并入")


class Channel(models.TextChoices):
    PAGE = "page", _("手机网页")
    QR = "qr", _("扫码")
    VOICE = "voice", _("语音")
    COUNTER = "counter", _("窗口")
    TELEPHONE = "telephone", _("电话")
    CHAT = "chat", _("群聊转入")
    VISIT = "visit", _("上门走访")
    PATROL = "patrol", _("巡查发现")
    IMPORT = "import", _("历史导入")
