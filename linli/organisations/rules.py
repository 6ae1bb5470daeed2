"""Which role may do what. Scope (place × time) is on the membership; nothing is global."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

ASSISTED_SESSION_LIMIT = timedelta(minutes=30)
SEARCH_LIMIT = timedelta(minutes=10)


ADMINISTRATION = "administration"  # the function of the body whose people run the system


class Channel(models.TextChoices):
    """How the resident reached the worker."""

    COUNTER = "counter", _("窗口")
    TELEPHONE = "telephone", _("电话")
    VISIT = "visit", _("上门")


class Role(models.TextChoices):
    GRID_WORKER = "grid_worker", _("网格员")
    COMMUNITY_WORKER = "community_worker", _("社区工作者")
    SECRETARY = "secretary", _("书记主任")
    SUPERVISOR = "supervisor", _("居务监督委员")
    PROPERTY_WORKER = "property_worker", _("物业工作人员")
    PROVIDER_WORKER = "provider_worker", _("服务单位工作人员")
    COMMITTEE_MEMBER = "committee_member", _("业委会委员")
    STREET_OFFICER = "street_officer", _("街道工作人员")
    DEPARTMENT_OFFICER = "department_officer", _("部门工作人员")
    DISTRICT_OFFICER = "district_officer", _("区级工作人员")
    CHECKER = "checker", _("核查回访员")
    DATA_OFFICER = "data_officer", _("数据官")
    AUDITOR = "auditor", _("审计员")
    ADMINISTRATOR = "administrator", _("系统管理员")


class Power(models.TextChoices):
    """What a view asks for in `@staff(Power.HANDLE)`."""

    INTAKE = "intake", _("受理群众来件")  # telephone, counter, group chat; assist residents; verify residents
    HANDLE = "handle", _("办理本单位工单")  # sign, work, answer, return
    DISPATCH = "dispatch", _("派单")  # dispatch, transfer, merge, split, moderate at the community desk
    ARBITRATE = "arbitrate", _("裁定退单与延期")
    CHECK = "check", _("核查与回访")
    OVERSEE = "oversee", _("查看辖区情况")
    EDIT_DUTIES = "edit_duties", _("维护权责清单")
    REGISTER = "register", _("登记地点与居民")
    AUDIT = "audit", _("审计")
    PROTECT = "protect", _("守护个人信息")  # the data officer's desk: requests, reviews, the catalogue
    ADMINISTER = "administer", _("系统管理")


POWERS: dict[str, frozenset[str]] = {
    Role.GRID_WORKER: frozenset({Power.INTAKE, Power.HANDLE}),
    Role.COMMUNITY_WORKER: frozenset({Power.INTAKE, Power.HANDLE, Power.DISPATCH, Power.REGISTER}),
    Role.SECRETARY: frozenset({Power.INTAKE, Power.HANDLE, Power.DISPATCH, Power.OVERSEE, Power.REGISTER}),
    Role.SUPERVISOR: frozenset({Power.OVERSEE, Power.CHECK}),
    Role.PROPERTY_WORKER: frozenset({Power.HANDLE}),
    Role.PROVIDER_WORKER: frozenset({Power.HANDLE}),
    Role.COMMITTEE_MEMBER: frozenset({Power.HANDLE}),
    Role.STREET_OFFICER: frozenset({Power.HANDLE, Power.DISPATCH, Power.ARBITRATE, Power.OVERSEE}),
    Role.DEPARTMENT_OFFICER: frozenset({Power.HANDLE}),
    Role.DISTRICT_OFFICER: frozenset(
        {Power.HANDLE, Power.DISPATCH, Power.ARBITRATE, Power.OVERSEE, Power.EDIT_DUTIES}
    ),
    Role.CHECKER: frozenset({Power.CHECK}),
    Role.DATA_OFFICER: frozenset({Power.AUDIT, Power.PROTECT}),
    Role.AUDITOR: frozenset({Power.AUDIT, Power.OVERSEE}),
    Role.ADMINISTRATOR: frozenset({Power.ADMINISTER}),
}

# Who keeps the keys does not read the data, and who audits does not administer (duties that must differ).
NEVER_TOGETHER: tuple[frozenset[str], ...] = (
    frozenset({Role.ADMINISTRATOR, Role.DATA_OFFICER}),
    frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
)


def powers_of(role: str) -> frozenset[str]:
    """Return the powers of a role; one that no longer exists has none."""
    return POWERS.get(role, frozenset())


def roles_with(power: str) -> list[str]:
    """Return the roles that hold a power."""
    return [str(role) for role, powers in POWERS.items() if power in powers]


def clashing(role: str, held: Iterable[str]) -> str:
    """Return the role among `held` that the same person must not hold together with `role`, "" if none."""
    return next((other for other in held if {role, other} in NEVER_TOGETHER), "")


def assisted_until(started: datetime) -> datetime:
    """Return when an assisted session ends by itself."""
    return started + ASSISTED_SESSION_LIMIT
