"""What the public card says: groups by name, and no figure under a minimum count."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

CARD_DAYS = timedelta(days=90)  # the figures look back this far
CARD_MINIMUM = 20  # cases; below, a share would be chance, and could point at a person

# Groups are the ways in which a matter came; callers name them by these codes.
GROUPS = {
    "page": _("手机网页"),
    "qr": _("扫码"),
    "voice": _("语音"),
    "counter": _("窗口"),
    "telephone": _("电话"),
    "chat": _("群聊转入"),
    "visit": _("上门走访"),
    "patrol": _("巡查发现"),
    "import": _("历史导入"),
    "": _("其他"),
}


def share_words(part: int, whole: int) -> str:
    """ "83% (25/30)"; "" below the minimum count."""
    return f"{part / whole:.0%}（{part}/{whole}）" if whole >= CARD_MINIMUM else ""
