"""What each domain holds about a person: how it is shown to them, purged, and erased; told from the top of the house.

A model that names a person other than as somebody who acted in office (`by`, `…_by`) has a line in HOLDERS; a column of
such a table is in a field catalogue (`fields.csv` of a domain) or among NOT_PERSONAL_COLUMNS; any other table is among
NOT_PERSONAL_TABLES. linli/privacy/tests/test_catalogue.py fails until that is so.
"""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy

from linli.base.words import said as _
from linli.base.work_calendar import Calendar
from linli.cases.models import Case
from linli.config import copies
from linli.duties import actions as duties
from linli.imports.actions.forgetting import erase_conflicts
from linli.lettings.actions.forgetting import erase_lettings
from linli.notices import actions as notices
from linli.notices.actions.forgetting import erase_notices
from linli.partners.actions.forgetting import erase_bookings
from linli.partners.models import Partner, TermMember
from linli.people import actions as people
from linli.people.actions.erasing import erase_person, erase_proxies, erase_sign_ins
from linli.people.models import Person
from linli.places.models import Kind, Place
from linli.privacy.rules import Erased, Holder, Keep
from linli.register import actions as register
from linli.register.actions import resealing
from linli.register.actions.finding import index_before
from linli.register.actions.forgetting import erase_register
from linli.register.models import Tag
from linli.reports.actions.forgetting import erase_wanted
from linli.todos import actions as todos

HOLDERS: list[Holder] = [
    Holder("people.Person", "pk", gettext_lazy("您是谁")),
    Holder("people.Residency", "person", gettext_lazy("您的住处")),
    Holder("people.Account", "persons", gettext_lazy("您怎么登录"), hides=("password", "totp", "paper_code")),
    Holder("people.SignIn", "account__persons", gettext_lazy("登录着的设备")),
    Holder("people.PhoneChange", "person", gettext_lazy("换过的手机号")),
    Holder("people.Proxy", "principal", gettext_lazy("谁替您办事")),
    Holder("people.Proxy", "agent", gettext_lazy("您替谁办事")),
    Holder("people.PendingNotice", "person", gettext_lazy("正要发给您的通知")),
    Holder("register.Profile", "person", gettext_lazy("居民登记")),
    Holder("register.FactChange", "person", gettext_lazy("居民登记改过什么")),
    Holder("register.HouseholdMember", "person", gettext_lazy("您在哪一户")),
    Holder("register.Tag", "person", gettext_lazy("关怀标签")),
    Holder("register.Correction", "person", gettext_lazy("您提出的改正")),
    Holder("register.Event", "persons", gettext_lazy("迁居等变动")),
    Holder("register.Duplicate", "first", gettext_lazy("可能重复的登记")),
    Holder("register.Duplicate", "second", gettext_lazy("可能重复的登记（另一份）")),
    Holder("register.Merge", "kept", gettext_lazy("合并过的登记")),
    Holder("register.Merge", "dropped", gettext_lazy("并入别处的登记")),
    Holder("register.PersonWords", "person", gettext_lazy("查找用的字词")),
    Holder("cases.Case", "reporter", gettext_lazy("您反映的事")),
    Holder("cases.Answer", "person", gettext_lazy("您的评价")),
    Holder("cases.Support", "person", gettext_lazy("您说过“我也是”的事")),
    Holder("attachments.Attachment", "added_by", gettext_lazy("您上传的照片和语音"), is_text=True),
    Holder("notices.Notice", "person", gettext_lazy("发给您的通知")),
    Holder("notices.Delivery", "person", gettext_lazy("发给您的短信")),
    Holder("notices.Silence", "person", gettext_lazy("您不想收的短信")),
    Holder("todos.Todo", "person", gettext_lazy("等您办的事")),
    Holder("organisations.Membership", "person", gettext_lazy("您的工作岗位")),
    Holder("organisations.AssistedSession", "resident", gettext_lazy("工作人员替您代办")),
    Holder("organisations.AssistedSession", "worker", gettext_lazy("您替居民代办")),
    Holder("burden.Load", "person", gettext_lazy("您填表的工作量")),
    Holder("lettings.Letting", "landlord", gettext_lazy("您出租的房子")),
    Holder("lettings.Tenant", "person", gettext_lazy("您租住的房子")),
    Holder("lettings.Newcomer", "person", gettext_lazy("您自己登记的住处")),
    Holder("lettings.Offer", "owner", gettext_lazy("您登出的空房")),
    Holder("lettings.Inquiry", "person", gettext_lazy("您问过的空房")),
    Holder("partners.TermMember", "person", gettext_lazy("您在业委会")),
    Holder("partners.Partner", "leader", gettext_lazy("您负责的合作单位")),
    Holder("partners.Partner", "mentor", gettext_lazy("您联系的合作单位")),
    Holder("partners.Booking", "person", gettext_lazy("您的预约")),
    Holder("imports.Conflict", "person", gettext_lazy("台账和登记不一致之处")),
    Holder("reports.Wanted", "person", gettext_lazy("报表问过您的")),
    Holder(
        "trail.Seen", "subject", gettext_lazy("谁看了您的信息"), is_text=True, order="-pk", phrase="shown"
    ),
    Holder("trail.Query", "asked_by", gettext_lazy("您对查看的疑问"), is_text=True),
    Holder("privacy.Consent", "person", gettext_lazy("您同意过什么")),
    Holder("privacy.RightsRequest", "person", gettext_lazy("您关于个人信息的请求")),
    Holder("privacy.BreakGlass", "person", gettext_lazy("对您的紧急查看")),
    Holder("privacy.LegalHold", "person", gettext_lazy("依法保留")),
]
IN_WORDS = copies.IN_WORDS  # how a copy says what a column holds in codes
# Columns that name a person and say nothing about them.
NOT_ABOUT: dict[str, str] = {
    "people.Person.merged_into": "the same human being",
    "cases.Order.worker": "who works on a case, in office",
}
# Columns of the tables above that are only machinery: names of rows, keys that make an act once, counters.
NOT_PERSONAL_COLUMNS: set[str] = {
    "id", "token", "attempt", "key", "once", "version", "address", "acts", "origin", "subject", "is_demo",
    "is_staff", "changed_at", "taken_at", "must_change_password", "totp_enrolled_at", "totp_last_step",
    "session_key", "device_index", "ordinal", "moved_at", "not_before", "digest", "digest_on", "settled_at",
    "is_urgent", "outcome", "notice", "indexed_at", "power", "admission", "opened_at", "round",
    "is_history", "receipt", "code_index", "ends_at", "used_at", "tries",
}  # fmt: skip
# Columns that belong to the matter rather than to the person who brought it: bodies, clocks, what is public anyway.
NOT_PERSONAL_COLUMNS |= {
    "answered_at", "offer", "network_index", "was_worker", "matter", "estate", "grid", "community",
    "street", "district", "category", "duty_list", "duty_line", "tier", "owner", "lead", "proposed_lead",
    "because", "clock_from", "response_due", "responded_at", "update_due", "asked_more_at", "due",
    "due_words", "is_due_certain", "reminder", "remind_at", "resolved_at", "closed_at", "paused_minutes",
    "parent", "split_from", "visibility", "public_title", "public_text", "public_answer", "supports",
    "place", "organisation", "case", "answer_by", "review_due", "reviewed_at", "done", "kind", "seen",
    "was_right", "account", "answered_by_words", "masked", "masked_thumbnail", "thumbnail", "boxes",
    "masked_at", "size", "width", "height", "seconds", "public_at", "credit_code", "purpose", "state",
    "applied_at", "admitted_at", "refused_because", "leave_asked_at", "left_at", "room_words", "run", "row",
    "is_elsewhere", "template", "column",
}  # fmt: skip
# Tables about places, bodies, duties, counts, keys and machines; and acts of people in office.
NOT_PERSONAL_TABLES: set[str] = {
    "places.Place", "places.PlaceAlias", "places.PlaceCode",
    "transparency.Log", "transparency.Entry", "transparency.Node", "transparency.Checkpoint",
    "transparency.Cosignature", "transparency.PublicKey",
    "trail.Withholding", "trail.DisclosureRule", "trail.Look", "trail.Succession", "trail.Reveal",
    "people.Tries", "people.HomeCode", "people.SignInCode",
    "organisations.Organisation",
    "duties.Category", "duties.DutyList", "duties.DutyLine", "duties.Holiday", "duties.WorkCalendar", "duties.Gap",
    "todos.OutsideSystem", "todos.Admission", "todos.Pointless",
    "triage.Count", "triage.Proposal",
    "privacy.Assessment", "privacy.Incident", "privacy.Finding", "privacy.SecurityItem", "privacy.FieldChange",
    "privacy.ConsentNotice", "privacy.Purge", "privacy.KeyInUse", "privacy.Rotation",
    "cases.CallBack", "cases.Check", "cases.Order", "cases.Pause", "cases.Asking", "cases.CaseSettings",
    "cases.CaseSettingsChange", "cases.DayCount", "cases.CalendarMark", "cases.Event", "cases.Moderation",
    "register.Household", "register.TagKind",
    "partners.Paper", "partners.PartnerEvent", "partners.Suspension", "partners.HandoverItem", "partners.Term",
    "partners.Contract", "partners.Deliverable", "partners.Penalty", "partners.Round", "partners.RoundReport",
    "partners.Device", "partners.VisitSlot", "partners.Grant", "partners.Standard", "partners.Evaluation",
    "burden.Errand", "imports.Source", "imports.Run", "imports.BrokenRows", "imports.Export",
    "reports.Template", "reports.Column", "reports.Demand", "reports.Filling", "reports.MonthlyReport",
    "facilities.FacilityKind", "facilities.Plan", "facilities.Facility", "facilities.ConditionChange",
    "facilities.Inspection", "facilities.InspectionDue",
    "insights.Tally", "insights.MonthlyCount", "front.OtherPlatform",
}  # fmt: skip

# By jobs of their own, with numbers of their own: fillings (LINLI_REPORTS_KEPT_DAYS), ledger files and exports (days),
# what came to nothing in lettings (30 days), the ledger of typing (24 months).
KEEPS: list[Keep] = [
    Keep("people.SignIn", "linli.config.held.forget_sign_ins"),
    Keep("notices.Notice", "linli.notices.actions.forgetting.forget_notices"),
    Keep("todos.Todo", "linli.todos.actions.forgetting.forget_todos"),
    Keep("privacy.RightsRequest", "linli.privacy.actions.keeping.purge_own"),
    Keep("privacy.Consent", "linli.privacy.actions.keeping.purge_consents"),
    Keep("privacy.BreakGlass", "linli.privacy.actions.keeping.purge_grants"),
    Keep("people.Proxy", "linli.people.actions.forgetting.forget_proxies"),
    Keep("organisations.AssistedSession", "linli.organisations.actions.forgetting.forget_sessions"),
    Keep("register.Profile", "linli.register.actions.forgetting.forget_gone"),
    Keep(
        "people.Residency", "linli.people.actions.forgetting.forget_residencies"
    ),  # after what is judged by them
    Keep("register.Tag", "linli.register.actions.forgetting.forget_tags"),
    Keep("register.Correction", "linli.register.actions.forgetting.forget_corrections"),
    Keep("register.Duplicate", "linli.register.actions.forgetting.forget_duplicates"),
    Keep("register.Merge", "linli.register.actions.forgetting.forget_merges"),
    Keep("lettings.Letting", "linli.lettings.actions.forgetting.forget_lettings"),
    Keep("lettings.Newcomer", "linli.lettings.actions.forgetting.forget_newcomers"),
    Keep("partners.Booking", "linli.partners.actions.forgetting.forget_bookings"),
    Keep("imports.Conflict", "linli.imports.actions.forgetting.forget_conflicts"),
    Keep("reports.Wanted", "linli.reports.actions.forgetting.forget_wanted"),
    Keep("trail.Query", "linli.trail.actions.forgetting.forget_queries"),  # before what they are about
    Keep("trail.Seen", "linli.trail.actions.forgetting.forget_looks"),
    Keep("django_q.Failure", "linli.privacy.actions.keeping.purge_jobs"),
]

# What may only run after somebody thought about whom it could hurt (个人信息保护法 第五十五条).
FEATURES: dict[str, Any] = {
    "register.import": gettext_lazy("导入居民台账"),
    "register.export_clear": gettext_lazy("明文导出居民信息"),
    "register.tags": gettext_lazy("关怀标签"),
    "reports.fill": gettext_lazy("按上级表格填报居民信息"),
    "trail.tracker": gettext_lazy("向其他系统提供查看记录接口"),
}

OPEN_MATTERS = ["linli.config.held.open_cases"]
WITHDRAWN = ["linli.config.held.end_tags"]  # what ends with a consent
ERASERS = [
    "linli.config.held.erase_own", "linli.config.held.erase_business", "linli.config.held.erase_rest",
]  # fmt: skip


# What is sealed or indexed elsewhere than in columns of its own, for key rotation (linli/privacy/actions/rotating.py).
ROTATORS = ["linli.config.held.reseal_copies", "linli.config.held.index_words"]
LEFTOVERS = {"register.undo": "linli.register.actions.resealing.copies_left"}


def reseal_copies(since: datetime, at: datetime) -> int:
    """Bring copies in what can be undone to the present key."""
    return resealing.reseal_copies(at)


def index_words(since: datetime, at: datetime) -> int:
    """Make the words by which residents are found anew, those made before the newest index key."""
    total = 0
    while count := index_before(since, max(since, at)):
        total += count
    return total


def end_tags(person: Person, code: str, by: Person, at: datetime) -> None:
    """End the tag of that code: it rested on the consent that is taken back."""
    for held in Tag.objects.filter(person=person, kind__code=code, until=None):
        register.untag(held, because=_("本人撤回同意"), by=by, at=at)


def forget_sign_ins(before: datetime, holding: set[int], at: datetime) -> int:
    """Remove codes, counted tries, signed-out devices and old sessions; a proceeding needs none of them."""
    return sum(people.forget_old(at).values())


def open_cases(person: Person, at: datetime) -> list[str]:
    """Return the numbers of what this person said and is not finished yet."""
    running = Case.objects.filter(reporter=person, closed_at=None, is_history=False)
    return [_("诉求 %s") % number for number in running.order_by("pk").values_list("number", flat=True)[:5]]


def erase_own(person: Person, by: Person, at: datetime, *, lives_here: bool) -> list[Erased]:
    """Erase who the person is, as far as no duty needs it: a register of those who live here is one."""
    if lives_here:
        stays = _(
            "您还住在本社区：居民登记是法定职责（个人信息保护法 第十三条第一款第三项）。搬走后可以再申请。"
        )
        return [Erased(_("姓名、电话、住处和居民登记"), 0, stays)]
    merged = list(Person.objects.filter(merged_into=person))
    return [
        Erased(_("居民登记、标签、变动和合并记录"), erase_register(person, at)),
        Erased(_("姓名、电话、住处"), sum(erase_person(row, at) for row in [person, *merged])),
    ]


def erase_business(person: Person, by: Person, at: datetime, *, lives_here: bool) -> list[Erased]:
    """Erase what the person left with lettings, partners, ledgers and reports; say what stays and why."""
    gone, running = erase_lettings(person, at)
    stays = (
        _("还有 %(n)d 处租约没有结束，关系到另一方；结束后可以再申请。") % {"n": running} if running else ""
    )
    done = [
        Erased(_("租住登记、空房和留言"), gone, stays),
        Erased(_("上门预约"), erase_bookings(person, at)),
        Erased(_("台账和登记不一致之处"), erase_conflicts(person, at)),
        Erased(_("报表问过您的"), erase_wanted(person, at)),
        Erased(_("填好的报表"), 0, _("已经报给上级的，按保存期限到期清除内容；新填的不再有您。")),
    ]
    if TermMember.objects.filter(person=person).exists() or Partner.objects.filter(leader=person).exists():
        public = _("业委会任职和合作单位负责人依法公示、归档，任期和合作结束后保存 10 年。")
        done.append(Erased(_("您的公开任职"), 0, public))
    return done


def erase_rest(person: Person, by: Person, at: datetime, *, lives_here: bool) -> list[Erased]:
    """Erase notices, devices and proxies; cases, trail and consents stay, with the reason."""
    if lives_here:
        signing_in = Erased(
            _("登录方式和设备"), 0, _("留着给您登录、看答复；不想留，可以在“登录的设备”里全部退出。")
        )
    else:
        signing_in = Erased(_("登录方式和设备"), erase_sign_ins(person, at))
    return [
        Erased(_("通知和短信"), erase_notices(person, at)),
        signing_in,
        Erased(_("亲情代办授权"), erase_proxies(person, at)),
        Erased(
            _("您反映的事"), 0, _("办件档案按档案管理规定保存；姓名和电话随上面一并删除后，档案里不再有。")
        ),
        Erased(_("谁看了您的信息"), 0, _("查看留痕保存 3 年，是给您看的，也是追责的依据。")),
        Erased(_("代办、紧急查看和您提过的请求"), 0, _("办理留痕保存 3 年，是给您看的，也是追责的依据。")),
        Erased(_("同意记录"), 0, _("证明取得过同意的凭据保存 3 年（个人信息保护法 第六十九条）。")),
    ]


def open_todo(key: str, title: Any, due: datetime, address: str, at: datetime, **whose: Any) -> None:
    """Put something on the list of those who guard personal data."""
    todos.put_todo(key, key.rpartition(":")[0], title, due, address, at, **whose)


def close_todo(key: str, at: datetime) -> None:
    """Take it off the lists."""
    todos.close(key, at)


def calendar_of(place: Place | None) -> Calendar:
    """Return the calendar that counts at a place, else of the topmost place there is."""
    where = place or Place.objects.filter(Q(kind=Kind.DISTRICT) | Q(parent=None)).order_by("-path").first()
    return duties.calendar_of(where) if where is not None else Calendar()


def tell(persons: list[Person], key: str, title: Any, body: Any, address: str, at: datetime) -> None:
    """Tell many persons at once, in Linli and by short message."""
    notices.tell(persons, key, title, body, address, _("您住在受影响的范围里。"), at)
