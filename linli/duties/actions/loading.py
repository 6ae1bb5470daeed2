"""The default categories and duty list, loaded for a district that starts."""

from datetime import datetime
from typing import Any

from django.db import transaction

from linli.duties import defaults
from linli.duties.actions.editing import FIRST, publish
from linli.duties.models import Category, DutyLine, DutyList
from linli.duties.rules import Sort
from linli.organisations.models import Tier
from linli.people.models import Person
from linli.places.models import Place


@transaction.atomic
def load_categories() -> dict[str, Category]:
    """Load the default categories by code; again, it changes nothing that a district has edited."""
    held = {category.code: category for category in Category.objects.all()}
    groups = list(enumerate(defaults.groups(), start=1))
    missing = [_group(group, order) for order, group in groups if group["code"] not in held]
    held |= {made.code: made for made in Category.objects.bulk_create(missing)}
    leaves = [
        _leaf(code, entry, held[group["code"]], order * 100 + place)
        for order, group in groups
        for place, entry in enumerate(group["entry"], start=1)
        if (code := f"{group['code']}.{entry['code']}") not in held
    ]
    return held | {made.code: made for made in Category.objects.bulk_create(leaves)}


@transaction.atomic
def load_defaults(place: Place, *, by: Person | None, at: datetime) -> DutyList:
    """Load categories and, where `place` has no list yet, publish the default list as its version 1.

    Returns the newest list of `place`. A second run changes nothing.
    """
    categories = load_categories()
    Place.objects.select_for_update().get(pk=place.pk)
    held = DutyList.objects.filter(place=place).order_by("-number").first()
    if held is not None:
        return held
    made = DutyList.objects.create(place=place, number=FIRST, created_at=at, created_by=by)
    lines = []
    for order, group in enumerate(defaults.groups(), start=1):
        number = 0
        for entry in group["entry"]:
            category = categories[f"{group['code']}.{entry['code']}"]
            for clause in [{}, *entry.get("other", [])]:
                number += 1
                lines.append(_line(made, category, f"{order}.{number}", entry | clause))
    DutyLine.objects.bulk_create(lines, batch_size=200)
    return publish(made, by=by, at=at)


def _group(group: dict[str, Any], order: int) -> Category:
    return Category(
        code=group["code"],
        name=group["name"],
        english=group["english"],
        matter=group["matter"],
        order=order,
    )


def _leaf(code: str, entry: dict[str, Any], parent: Category, order: int) -> Category:
    return Category(
        code=code,
        name=entry["name"],
        english=entry["english"],
        parent=parent,
        matter=entry["matter"],
        sort=entry.get("sort", Sort.EVENT),
        is_public=entry.get("is_public", True),
        words=entry["words"].split(),
        questions=entry.get("question", []),
        ownership=entry.get("usual_ownership", ""),
        order=order,
    )


def _line(duty_list: DutyList, category: Category, number: str, entry: dict[str, Any]) -> DutyLine:
    sign, response = defaults.limit(entry["sign"]), defaults.limit(entry["response"])
    return DutyLine(
        duty_list=duty_list,
        number=number,
        category=category,
        ownership=entry.get("ownership", ""),
        lead=entry["lead"],
        assists=[function for function in entry.get("assists", []) if function != entry["lead"]],
        basis=entry["basis"],
        sign_amount=sign[0],
        sign_unit=sign[1],
        response_amount=response[0],
        response_unit=response[1],
        stages=defaults.stages(entry["stages"]),
        next_tier=entry.get("next_tier", Tier.STREET),
    )
