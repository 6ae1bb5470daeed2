"""Writing down that somebody looked."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from linli.base.errors import require
from linli.base.text import shorten
from linli.trail.models import Look
from linli.trail.rules import FIELDS_LENGTH, REASON_LENGTH, WORDS_LENGTH, is_complete


@transaction.atomic
def looked(
    subject: str, looker: str, looker_words: str, fields: str, reason: str, at: datetime, under: str = ""
) -> Look | None:
    """Write down that `looker` saw `fields` of `subject` for `reason`, in the transaction of the look itself.

    `subject`, `looker` and `under` name rows as text ("people.Person:42", "cases.Case:7"); `looker_words`
    is what the person looked at will read ("李* · 柳树社区居委会 · 网格员"), `fields` what was seen
    ("姓名、电话"). One's own data leaves no line and returns None. Raises Refused where the look cannot be
    explained: without a reason nothing is shown.
    """
    if subject == looker:
        return None
    require(is_complete(looker_words, fields, reason), _("请先写明为什么要看，再打开个人信息。"))
    return Look.objects.create(
        at=at,
        subject=subject,
        looker=looker,
        looker_words=shorten(looker_words, WORDS_LENGTH),
        fields=shorten(fields, FIELDS_LENGTH),
        reason=shorten(reason, REASON_LENGTH),
        under=under,
    )
