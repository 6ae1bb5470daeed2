"""The clocks and gates of privacy: how long a grant holds, when an answer is due, who may do what."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

GRANT_LIMIT = timedelta(minutes=15)
REVIEW_LIMIT = timedelta(days=3)  # natural days in which a grant is reviewed
ANSWER_DAYS = 15  # working days in which a request about one's own data is answered
HEARING_DAYS = 5  # working days in which a body may speak before a finding about it
ASSESSMENT_KEPT_YEARS = 3  # 个人信息保护法 第五十六条: at least three years
REASON_SHORTEST = 6  # signs of a reason that says anything
PURGE_LIMIT = 5_000  # rows that one purge of one table removes at a time


class Right(TextChoices):
    """What somebody asks about their own data (个人信息保护法 第四十四条至第五十条)."""

    CORRECT = "correct", _("更正或补充")
    ERASE = "erase", _("删除")
    EXPLAIN = "explain", _("解释怎么用的")
    COPY = "copy", _("拿一份纸质的")
    RESTRICT = "restrict", _("不要再用")


class Outcome(TextChoices):
    """How a request ended."""

    GRANTED = "granted", _("已照办")
    PARTLY = "partly", _("照办了一部分")
    REFUSED = "refused", _("没有照办")


class Step(TextChoices):
    """Where an item of the security check-list stands."""

    DONE = "done", _("已做到")
    PARTLY = "partly", _("做到一部分")
    OPEN = "open", _("还没做")
    NOT_OURS = "not_ours", _("不适用")


class Severity(TextChoices):
    """How bad an incident is for those concerned."""

    NONE = "none", _("没有危害")
    LOW = "low", _("较小")
    HIGH = "high", _("较大")


def grant_ends(at: datetime) -> datetime:
    """Return until when a break-glass grant holds; it is never extended."""
    return at + GRANT_LIMIT


def review_due(at: datetime) -> datetime:
    """Return by when a grant is reviewed."""
    return at + REVIEW_LIMIT


def kept_until(made: date) -> date:
    """Return the first day on which an impact assessment of that day may be removed."""
    try:
        return made.replace(year=made.year + ASSESSMENT_KEPT_YEARS)
    except ValueError:  # 29 February
        return made.replace(year=made.year + ASSESSMENT_KEPT_YEARS, month=3, day=1)


def says_something(words: str) -> bool:
    """Whether a typed reason is more than a filler: at least six signs, not one sign again and again."""
    signs = "".join(words.split())
    return len(signs) >= REASON_SHORTEST and len(set(signs)) > 2


# What 等级保护 (GB/T 22239-2019) and 个人信息保护法 第五十一条 ask of a deployment, in the words of the check-list.
CHECKS: tuple[tuple[str, Any], ...] = (
    ("grade", _("定级备案：等级、备案证明编号、测评日期")),
    ("roles", _("系统管理员、审计员、数据官由不同的人担任")),
    ("second_factor", _("工作人员登录使用两道验证")),
    ("sealed", _("身份证号、电话等敏感信息加密存放，密钥与数据库分开保管")),
    ("rotation", _("密钥定期更换，旧密钥移走")),
    ("backup", _("备份加密，每半年试恢复一次")),
    ("trail", _("每次查看个人信息都留痕，本人看得到")),
    ("retention", _("到期信息每晚清除，清除数量公开")),
    ("assessed", _("敏感用途上线前做个人信息保护影响评估")),
    ("training", _("工作人员每年接受个人信息保护培训")),
    ("contracts", _("受托处理单位签订协议，写明用途、期限、措施")),
    ("plan", _("应急预案已发布，每年演练")),
    ("machine", _("服务器、防火墙、时钟、补丁有人负责")),
    ("inside_china", _("数据存放在境内，不调用境外服务")),
)
