"""The catalogue is edited by the data officer, with a reason and a history."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli.base.errors import Refused, require
from linli.people.models import Person
from linli.privacy.actions.officers import LOG, guards
from linli.privacy.models import FieldChange, catalogue, field_of
from linli.privacy.rules import EDITABLE, Field, check, matching
from linli.transparency import actions as transparency


@transaction.atomic
def change_field(code: str, values: dict[str, Any], reason: str, by: Person, at: datetime) -> Field:
    """Change what the catalogue says about a field (`values`: of rules.EDITABLE). The same again does nothing.

    The change is public: it goes to the record and shows on the catalogue's page.
    """
    field = field_of(code)
    if field is None:
        raise Refused(_("目录里没有这一项。"))
    require(guards(by, None, at), _("只有数据官可以修改字段目录。"))
    require(bool(reason.strip()), _("请写明为什么改。"))
    wanted = {name: value for name, value in values.items() if name in EDITABLE}
    after = {name: value for name, value in wanted.items() if getattr(field, name) != value}
    if not after:
        return field
    changed = replace(field, **after)
    check(changed)
    before = {name: getattr(field, name) for name in after}
    row = FieldChange.objects.create(
        code=code, before=before, after=after, reason=reason.strip()[:200], by=by, at=at
    )
    told = {"code": code, "label": changed.label, "before": before, "after": after}
    transparency.record(LOG, "privacy.field_changed", f"privacy.FieldChange:{row.pk}", code, told, at)
    return changed


def duplicates_of(label_or_code: str) -> list[Field]:
    """Return the facts already held that a form field of this name would ask for again, the surest first (G03).

    Matches the code, the label, a synonym, or a longer question that holds one of them; empty: nothing held.
    """
    return matching(label_or_code, catalogue().values())
