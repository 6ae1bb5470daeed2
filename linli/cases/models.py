"""A voice, from said to solved: the case, the orders it becomes, what was answered, and what the asker said of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.base.fields import TokenField
from linli.cases.rules import Channel, State
from linli.duties.models import Category, DutyLine, DutyList, Matter
from linli.organisations.models import Organisation
from linli.people.models import Person
from linli.places.models import Place


class Case(models.Model):
    """One voice. Overdue is computed from `due` and a time; counts kept here are kept by actions alone."""

    class Visibility(models.TextChoices):
        CHECKING = "checking", _("待审公开")
        PUBLIC = "public", _("公开")
        PRIVATE = "private", _("不公开")

    class Tier(models.TextChoices):
        COMMUNITY = "community", _("社区")
        STREET = "street", _("街道")
        DISTRICT = "district", _("区县")

    token = TokenField()
    number = models.CharField(_("编号"), max_length=24, unique=True)  # 20261122-000123, counted per day
    version = models.PositiveIntegerField(default=0)  # moves with every change: cache key and edit check
    once = models.CharField(
        max_length=64, unique=True, null=True, editable=False
    )  # the form's key: posted twice, filed once
    matter = models.CharField(_("性质"), max_length=12, choices=Matter)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.FILED)
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel)
    is_history = models.BooleanField(
        _("历史导入"), default=False
    )  # clocks are shown and stay silent, nobody is told
    title = models.CharField(_("标题"), max_length=120)
    text = models.TextField(_("内容"), max_length=10_000)
    answers = models.JSONField(_("问答"), default=dict)

    reporter = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="cases", verbose_name=_("提出人")
    )
    filed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("录入人")
    )
    filed_at = models.DateTimeField(_("提出时间"))

    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("地点"))
    place_words = models.CharField(_("地点说明"), max_length=200, blank=True)
    estate = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    grid = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    community = models.ForeignKey(Place, models.PROTECT, related_name="+")
    street = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    district = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    category = models.ForeignKey(
        Category, models.PROTECT, null=True, related_name="+", verbose_name=_("类别")
    )
    duty_list = models.ForeignKey(
        DutyList, models.PROTECT, null=True, related_name="+", verbose_name=_("适用清单版本")
    )
    duty_line = models.ForeignKey(
        DutyLine, models.PROTECT, null=True, related_name="+", verbose_name=_("适用条目")
    )
    tier = models.CharField(_("当前层级"), max_length=10, choices=Tier, default=Tier.COMMUNITY)
    owner = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("首问责任单位")
    )
    lead = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("主办单位")
    )
    response_due = models.DateTimeField(_("首次回应期限"), null=True)
    responded_at = models.DateTimeField(_("首次回应"), null=True)
    due = models.DateTimeField(_("办结期限"), null=True)
    due_words = models.CharField(_("期限说明"), max_length=300, blank=True)
    is_due_certain = models.BooleanField(
        default=True
    )  # False: the deadline crosses a year without a published calendar
    resolved_at = models.DateTimeField(_("办结时间"), null=True)
    closed_at = models.DateTimeField(_("结束时间"), null=True)
    round = models.PositiveSmallIntegerField(_("第几轮"), default=1)  # "not solved" starts another
    paused_minutes = models.PositiveIntegerField(default=0)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="merged", verbose_name=_("并入")
    )
    split_from = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="parts", verbose_name=_("拆自")
    )

    visibility = models.CharField(
        _("公开状态"), max_length=8, choices=Visibility, default=Visibility.CHECKING
    )
    public_title = models.CharField(_("公开标题"), max_length=120, blank=True)
    public_text = models.TextField(_("公开内容"), blank=True)
    public_answer = models.TextField(_("公开答复"), blank=True)
    supports = models.PositiveIntegerField(_("也遇到"), default=0)

    class Meta:
        verbose_name = _("诉求")
        indexes = [
            models.Index(fields=["community", "id"], name="cases_newest"),
            models.Index(fields=["community", "state", "id"], name="cases_by_state"),
            models.Index(fields=["estate", "visibility", "id"], name="cases_of_estate"),
            models.Index(fields=["community", "visibility", "id"], name="cases_public"),
            models.Index(fields=["street", "id"], name="cases_of_street"),
            models.Index(fields=["district", "id"], name="cases_of_district"),
            models.Index(fields=["reporter", "id"], name="cases_of_reporter"),
            models.Index(fields=["place", "id"], name="cases_at_place"),
            models.Index(
                fields=["due"], name="cases_running", condition=models.Q(closed_at=None, is_history=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Order(models.Model):
    """工单: one organisation bound to a case, as lead or co-unit, each answering for itself."""

    class Part(models.TextChoices):
        LEAD = "lead", _("主办")
        ASSIST = "assist", _("协办")

    class State(models.TextChoices):
        DISPATCHED = "dispatched", _("待签收")
        SIGNED = "signed", _("办理中")
        RETURN_ASKED = "return_asked", _("申请退单")
        ANSWERED = "answered", _("已答复")
        RETURNED = "returned", _("已退单")
        RECALLED = "recalled", _("已收回")

    case = models.ForeignKey(Case, models.CASCADE, related_name="orders")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="orders")
    part = models.CharField(_("主办或协办"), max_length=8, choices=Part)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.DISPATCHED)
    round = models.PositiveSmallIntegerField(default=1)
    dispatched_at = models.DateTimeField(_("派单时间"))
    dispatched_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    sign_due = models.DateTimeField(_("签收期限"), null=True)
    signed_at = models.DateTimeField(_("签收时间"), null=True)
    is_lapsed = models.BooleanField(_("逾期视为签收"), default=False)
    worker = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人"))
    due = models.DateTimeField(_("办理期限"), null=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    answer = models.TextField(_("答复"), blank=True)
    ended_at = models.DateTimeField(null=True)
    reminder = models.PositiveSmallIntegerField(default=0)  # last rung of the ladder that was told

    class Meta:
        verbose_name = _("工单")
        constraints = [
            # Eight simultaneous dispatches make one order.
            models.UniqueConstraint(
                fields=["case", "organisation"],
                condition=models.Q(ended_at=None),
                name="one_open_order_per_body",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(ended_at=None, part="lead"), name="one_open_lead_per_case"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "due", "id"],
                name="open_orders_of_body",
                condition=models.Q(ended_at=None),
            ),
        ]


class Event(models.Model):
    """One thing that happened to a case: the timeline, public or for the handlers only."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="events")
    verb = models.CharField(_("动作"), max_length=24)
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    words = models.TextField(_("说明"), blank=True)
    details = models.JSONField(default=dict)
    is_public = models.BooleanField(_("公开"), default=False)

    class Meta:
        verbose_name = _("办理过程")
        indexes = [models.Index(fields=["case", "id"], name="timeline")]


class Pause(models.Model):
    """挂账: parked with a written reason and a review date; the clock stands still meanwhile."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="pauses")
    reason = models.CharField(_("原因"), max_length=300)
    since = models.DateTimeField(_("起"))
    review_on = models.DateField(_("复查日期"))
    until = models.DateTimeField(_("恢复"), null=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("挂账记录")
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(until=None), name="one_open_pause_per_case"
            )
        ]


class Asking(models.Model):
    """A request that somebody other than the asker decides: 延期, 退单, 请求支援."""

    class Sort(models.TextChoices):
        EXTENSION = "extension", _("延期")
        RETURN = "return", _("退单")
        HELP = "help", _("请求支援")

    order = models.ForeignKey(Order, models.CASCADE, related_name="askings")
    sort = models.CharField(_("种类"), max_length=10, choices=Sort)
    reason_code = models.CharField(_("理由"), max_length=24, blank=True)
    reason = models.CharField(_("说明"), max_length=500)
    asked_at = models.DateTimeField(_("提出时间"))
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    amount = models.PositiveSmallIntegerField(_("延长"), default=0)
    unit = models.CharField(max_length=16, blank=True)
    decided_at = models.DateTimeField(_("裁定时间"), null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    is_granted = models.BooleanField(_("同意"), null=True)
    ruling = models.CharField(_("裁定意见"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("申请")
        constraints = [
            models.UniqueConstraint(
                fields=["order", "sort"],
                condition=models.Q(decided_at=None),
                name="one_open_asking_of_a_sort",
            )
        ]


class Check(models.Model):
    """核查: another body looks where no person asked, or where the desk wants certainty."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="checks")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("提出时间"))
    checked_at = models.DateTimeField(_("核查时间"), null=True)
    checked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    is_passed = models.BooleanField(_("属实"), null=True)
    words = models.CharField(_("核查意见"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("核查")


class Answer(models.Model):
    """What the person who asked said of the result: once per round, by page, SMS or call-back."""

    class Outcome(models.TextChoices):
        SOLVED = "solved", _("解决了")
        PARTLY = "partly", _("部分解决")
        NOT_SOLVED = "not_solved", _("没解决")
        SILENT = "silent", _("没有回音")

    class Rating(models.IntegerChoices):
        VERY_BAD = 1, _("非常不满意")
        BAD = 2, _("不满意")
        FAIR = 3, _("基本满意")
        GOOD = 4, _("满意")
        VERY_GOOD = 5, _("非常满意")

    case = models.ForeignKey(Case, models.CASCADE, related_name="verdicts")
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, related_name="+"
    )  # merged reporters answer each
    round = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField(_("询问时间"))
    answer_by = models.DateTimeField(_("等候至"))
    answered_at = models.DateTimeField(_("回答时间"), null=True)
    channel = models.CharField(_("方式"), max_length=10, blank=True)  # page, sms, call_back
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome, blank=True)
    rating = models.PositiveSmallIntegerField(_("评价"), choices=Rating, null=True)
    words = models.TextField(_("意见"), blank=True)
    was_urged = models.BooleanField(_("被催着点的"), default=False)  # confidential
    taken_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+"
    )  # the caller of a call-back

    class Meta:
        verbose_name = _("居民确认")
        constraints = [
            models.UniqueConstraint(fields=["case", "person", "round"], name="asked_once_per_round")
        ]


class CallBack(models.Model):
    """回访: a sampled call, by a body that did not do the work, within one budget per person."""

    answer = models.OneToOneField(Answer, models.CASCADE, related_name="call_back")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reason = models.CharField(_("为什么抽中"), max_length=100)
    asked_at = models.DateTimeField(_("抽中时间"))
    called_at = models.DateTimeField(_("回访时间"), null=True)
    called_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    was_reached = models.BooleanField(_("接通"), null=True)

    class Meta:
        verbose_name = _("回访")


class Support(models.Model):
    """也遇到: a neighbour says "me too" instead of filing again, and hears when it is solved."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="supporters")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    at = models.DateTimeField(_("时间"))
    is_following_only = models.BooleanField(_("只关注"), default=False)

    class Meta:
        verbose_name = _("也遇到")
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="me_too_once")]


class Moderation(models.Model):
    """What the public text was before and after a person looked at it, and why."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="moderations")
    field = models.CharField(max_length=16)
    before = models.TextField()
    after = models.TextField()
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("公开审校记录")
