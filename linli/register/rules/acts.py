"""Kinds and states of what happens in the register."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventKind(models.TextChoices):
    """Acts that change several rows at once."""

    MOVE_IN = "move_in", _("迁入")
    MOVE = "move", _("社区内搬家")
    MOVE_OUT = "move_out", _("迁出")
    BIRTH = "birth", _("出生")
    DEATH = "death", _("去世")
    LETTING = "letting", _("出租")
    LETTING_END = "letting_end", _("退租")
    SALE = "sale", _("房屋过户")


class CorrectionKind(models.TextChoices):
    """What a resident proposes."""

    FACTS = "facts", _("更正资料")
    FAMILY = "family", _("添加家人")
    NEWBORN = "newborn", _("添加新生儿")
    TAG = "tag", _("对标签有异议")


class CorrectionState(models.TextChoices):
    WAITING = "waiting", _("等社区确认")
    ACCEPTED = "accepted", _("已采纳")
    REFUSED = "refused", _("没有采纳")
    WITHDRAWN = "withdrawn", _("已撤回")


class DuplicateState(models.TextChoices):
    OPEN = "open", _("等人判断")
    DISMISSED = "dismissed", _("不是同一个人")
    MERGED = "merged", _("已合并")


class Likeness(models.TextChoices):
    """Why two rows may be one human being."""

    IDENTITY = "identity", _("证件号码相同")
    NAME_AND_BIRTH = "name_birth", _("姓名和出生日期相同")
    PHONE_AND_NAME = "phone_name", _("电话相同，姓名相近")
    HOME_AND_NAME = "home_name", _("同一户里姓名相同")


def are_similar(one: str, other: str) -> bool:
    """Whether two names of one telephone may be the same person: equal, one within the other, or one sign apart.

    张阿姨 is no name; 张秀英 and 张秀瑛 differ in one sign; 王芳 and 李强 are two people who share a telephone.
    """
    one, other = one.strip(), other.strip()
    if not one or not other:
        return True
    if one in other or other in one:
        return True
    if len(one) != len(other) or one[0] != other[0] or len(one) < 3:
        return False
    return sum(left != right for left, right in zip(one, other, strict=True)) <= 1
