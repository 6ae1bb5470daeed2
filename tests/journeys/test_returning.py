"""退单: a unit says with reason and evidence that it is not the one; somebody else decides, once and for all such."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from linli.attachments.models import Attachment
from linli.cases.models import Asking, Case
from linli.cases.rules import OrderState
from linli.duties.models import DutyList
from tests.cast import Willow
from tests.journeys.steps import act, fill, form_for, look, main_of, phone_photo, see
from tests.journeys.stories import lamp_order

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[..., Page]
REASON = "灯杆编号属于城管移交的道路照明，不在物业服务合同范围内。"
RULING = "现场看过，这盏灯在市政道路上，由综合行政执法队负责。"


def test_an_order_comes_back_with_evidence_is_ruled_on_and_becomes_a_precedent(
    house: Willow, visit: Visit, size: dict[str, int]
) -> None:
    """S02: taken in once, sorted out behind the counter; the resident sends nothing a second time."""
    case, order = lamp_order(house, timezone.now() - timedelta(minutes=30))
    zhao = visit(house.zhao, size)
    zhao.goto(case.address)
    form = form_for(zhao, "ask-return", case=case.token)
    fill(form, code="other_owner", reason=REASON, photos=phone_photo(shade=70))
    look(zhao, "return-form")
    with zhao.expect_navigation():
        form.get_by_role("button").last.click()
    asking = Asking.objects.get()
    assert (asking.arbiter, asking.reason_code) == (house.street_office, "other_owner")
    assert Attachment.objects.of(case.subject).filter(role="evidence").count() == 1

    qian = visit(house.qian, size)
    qian.goto("/cases/rulings/")
    look(qian, "rulings")
    main_of(qian).get_by_role("link").filter(has_text="路灯").first.click()
    qian.wait_for_url(f"**{case.address}*")
    see(qian, REASON)
    expect(main_of(qian).locator("img")).to_have_count(1)
    look(qian, "ruling")
    urban = house.urban_management.token
    act(qian, "rule", case=case.token, press="同意", ruling=RULING, lead=urban, as_precedent=True)

    order.refresh_from_db()
    case.refresh_from_db()
    assert order.state == OrderState.RETURNED
    assert case.lead == house.urban_management
    draft = DutyList.objects.order_by("-number").first()
    assert draft is not None
    line = draft.lines.get(category=case.category, lead=house.urban_management.function)
    assert line.basis.startswith(RULING[:20])
    see_precedent(visit(house.district_officer, size), draft)
    zhang = visit(house.zhang, size)
    zhang.goto(case.address)
    see(zhang, "柳河街道综合行政执法队")
    assert Case.objects.count() == 1


def see_precedent(page: Page, draft: DutyList) -> None:
    """The ruling stands in the draft of the next duty list, where a person publishes it or not."""
    page.goto(f"/duties/{draft.token}/")
    main_of(page).get_by_role("link").filter(has_text="看看改了什么").click()
    look(page, "precedent")
    see(page, "路灯不亮", "柳树社区 · 杨柳苑", "街道综合行政执法队")


def test_nobody_rules_on_what_the_own_body_asked(house: Willow, visit: Visit) -> None:
    """The unit that asks cannot decide: no form on its page, and a posted one finds nothing."""
    case, _order = lamp_order(house, timezone.now() - timedelta(minutes=30))
    zhao = visit(house.zhao)
    zhao.goto(case.address)
    act(zhao, "ask-return", case=case.token, code="not_our_duty", reason=REASON)
    expect(zhao.locator("form[action$='/rule/']")).to_have_count(0)
    token = zhao.locator("[name=csrfmiddlewaretoken]").first.input_value()
    typed = {
        "asking": str(Asking.objects.get().pk),
        "granted": "1",
        "ruling": "不归我们",
        "csrfmiddlewaretoken": token,
    }
    answer = zhao.request.post(f"{case.address}rule/", form=typed)
    assert answer.status in (403, 404)
    assert Asking.objects.get().decided_at is None
