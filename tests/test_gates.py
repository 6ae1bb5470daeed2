"""What needs an impact assessment stays shut without one, and a fresh house can open it (个人信息保护法 第五十五条)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.base.errors import Refused
from linli.imports import actions as imports
from linli.imports.models import State
from linli.imports.tests.rows import WANG, checked, mapped, received, text
from linli.organisations import actions as organisations
from linli.organisations.models import Membership
from linli.organisations.rules import Role
from linli.people import actions as people
from linli.privacy.models import Assessment
from linli.register import actions as register
from linli.register.rules import Sensitivity, Source
from linli.reports.tests.test_actions import fill, ready
from linli.todos import actions as todos
from tests.cast import LONG_AGO, MONDAY, Willow
from tests.signing_in import sign_in

SHUT = "个人信息保护影响评估"


@pytest.fixture(autouse=True)
def uploads(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def shut(feature: str) -> None:
    Assessment.objects.filter(feature=feature).delete()


def test_a_ledger_is_checked_but_not_loaded_before_imports_are_assessed(willow: Willow) -> None:
    shut("register.import")
    run = checked(mapped(received(willow, text([WANG]))))
    with pytest.raises(Refused, match=r"导入居民台账.*个人信息保护影响评估.*由另一位数据官或审计员批准"):
        imports.load(run, willow.sun, MONDAY)
    with pytest.raises(Refused, match=SHUT):
        imports.load_unchecked(run, willow.sun, MONDAY)
    imports.load_unchecked(run, None, MONDAY)  # the operator, in a house where nobody could write one yet


def test_a_list_leaves_masked_but_not_in_clear(willow: Willow) -> None:
    shut("register.export_clear")
    roles = list(Membership.objects.filter(person=willow.sun))

    def export(*, is_clear: bool) -> Any:
        return imports.export(
            willow.community, ["name"], "csv", reason="核对楼栋", is_clear=is_clear,
            by=willow.sun, memberships=roles, at=MONDAY,
        )  # fmt: skip

    with pytest.raises(Refused, match="明文导出"):
        export(is_clear=True)
    assert export(is_clear=False).rows


def test_a_sensitive_tag_waits_and_a_plain_one_does_not(willow: Willow) -> None:
    shut("register.tags")

    def tag(sensitivity: str) -> Any:
        kind = register.add_tag_kind(
            sensitivity, sensitivity, purpose="上门关怀", legal_basis="本人同意", sensitivity=sensitivity,
            shelf_life_days=None,
        )  # fmt: skip
        return register.tag(willow.chen, kind, since=LONG_AGO, source=Source.VISIT, by=willow.sun, at=MONDAY)

    with pytest.raises(Refused, match="关怀标签"):
        tag(Sensitivity.SENSITIVE)
    assert tag(Sensitivity.PLAIN).pk


def test_a_superiors_workbook_is_not_filled(willow: Willow) -> None:
    template = ready(willow)
    shut("reports.fill")
    with pytest.raises(Refused, match="按上级表格填报"):
        fill(willow, template)


def test_other_systems_are_told_why_they_learn_nothing(willow: Willow) -> None:
    _system, token = todos.add_system("市民通", willow.district_centre, willow.administrator, timezone.now())
    asking = Client(headers={"Authorization": f"Bearer {token}", "X-Road-UserId": willow.zhang.token})
    assert asking.get("/v2/findUsage", {"userCode": willow.zhang.token}).status_code == 200
    shut("trail.tracker")
    answer = asking.get("/v2/findUsage", {"userCode": willow.zhang.token})
    assert (answer.status_code, SHUT in answer.json()["title"]) == (403, True)


def test_in_a_fresh_house_one_data_officer_and_the_auditor_open_it_in_the_pages(willow: Willow) -> None:
    shut("register.import")
    officer = people.register("卫数据", "", at=MONDAY)
    organisations.appoint(
        officer, willow.district_centre, Role.DATA_OFFICER, willow.district, LONG_AGO, by=None, at=MONDAY
    )
    desk, audit = sign_in(Client(), officer), sign_in(Client(), willow.auditor)
    parts = dict.fromkeys(("purpose", "necessity", "risks", "measures"), "导入居委会的居民台账，逐条核对")
    review = timezone.localdate() + timedelta(days=300)
    typed = parts | {"feature": "register.import", "review_on": review.isoformat()}
    assert reverse("privacy:assess") in desk.get(reverse("privacy:assessments")).content.decode()
    assert desk.post(reverse("privacy:assess"), typed).status_code == 302
    row = Assessment.objects.get(feature="register.import")
    approve = reverse("privacy:approve", args=[row.token])
    assert approve in audit.get(reverse("privacy:assessments")).content.decode()
    assert audit.post(approve).status_code == 302
    run = imports.load(checked(mapped(received(willow, text([WANG])))), willow.sun, timezone.now())
    assert run.state == State.LOADING
