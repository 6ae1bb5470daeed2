"""Impact assessments open the features that need one."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from linli.base.errors import require
from linli.people.models import Person
from linli.privacy import told
from linli.privacy.actions.officers import LOG, audits, guards
from linli.privacy.models import Assessment, is_assessed
from linli.transparency import actions as transparency

RULE = "个人信息保护法 第五十五条、第五十六条"
LONGEST_REVIEW = timedelta(days=366)
PARTS = ("purpose", "necessity", "risks", "measures")


@transaction.atomic
def assess(feature: str, parts: dict[str, str], review_on: date, by: Person, at: datetime) -> Assessment:
    """Write an assessment of `feature`: `parts` says purpose, necessity, risks, measures. Another approves it."""
    require(feature in told.features(), _("这项功能不在需要评估的清单里。"))
    require(guards(by, None, at), _("只有数据官可以起草影响评估。"))
    for name in PARTS:
        require(
            len(parts.get(name, "").strip()) >= 10,
            _("目的、必要性、影响和措施四项都要写清楚，每项至少十个字。"),
            rule=RULE,
        )
    today = localdate(at)
    require(
        today < review_on <= today + LONGEST_REVIEW,
        _("复核日期请写在一年以内：情况会变，评估要每年再看一次。"),
    )
    return Assessment.objects.create(
        feature=feature,
        review_on=review_on,
        written_by=by,
        written_at=at,
        **{name: parts[name].strip() for name in PARTS},
    )


@transaction.atomic
def approve(assessment: Assessment, by: Person, at: datetime) -> Assessment:
    """Approve what another wrote: from now on the feature is open, until the day of review. Again changes nothing."""
    row = Assessment.objects.select_for_update().get(pk=assessment.pk)
    require(guards(by, None, at) or audits(by, at), _("只有数据官或审计员可以批准影响评估。"))
    require(row.written_by_id != by.pk, _("起草人不能批准自己写的评估，请换一位数据官。"), rule=RULE)
    require(row.ended_at is None, _("这份评估已经停用，请重新起草。"))
    if row.approved_at is not None:
        return row
    require(localdate(at) < row.review_on, _("这份评估的复核日期已过，请重新起草。"))
    row.approved_by, row.approved_at = by, at
    row.save(update_fields=["approved_by", "approved_at"])
    facts = {"feature": row.feature, "review_on": row.review_on}
    transparency.record(LOG, "privacy.assessed", f"privacy.Assessment:{row.pk}", row.feature, facts, at)
    return row


@transaction.atomic
def end_assessment(assessment: Assessment, because: str, by: Person, at: datetime) -> Assessment:
    """Close the feature again. The assessment itself is kept (at least three years)."""
    row = Assessment.objects.select_for_update().get(pk=assessment.pk)
    require(guards(by, None, at), _("只有数据官可以停用影响评估。"))
    require(bool(because.strip()), _("请写明为什么停用。"))
    if row.ended_at is None:
        row.ended_at, row.ended_because = at, because.strip()[:200]
        row.save(update_fields=["ended_at", "ended_because"])
        transparency.record(
            LOG,
            "privacy.assessment_ended",
            f"privacy.Assessment:{row.pk}",
            row.feature,
            {"feature": row.feature},
            at,
        )
    return row


def require_assessed(feature: str, at: datetime) -> None:
    """Refuse to run `feature` unless an approved impact assessment of it is in force (PIPL 55)."""
    name = told.features().get(feature, feature)
    require(
        is_assessed(feature, at),
        _(
            "“%(name)s”还没有生效的个人信息保护影响评估，暂时不能用。请数据官在“个人信息保护”的“影响评估”里起草，由另一位数据官或审计员批准。"
        )
        % {"name": name},
        rule=RULE,
    )
