"""Offering to open a masked field: what a page signs for one looker, and what comes back with the tap."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from linli.base.errors import Refused, require
from linli.base.words import kept
from linli.trail.actions.reveals import reveal
from linli.trail.models import Reveal

SALT = "linli.trail.offer"
OFFER_HOLDS = 60 * 60  # seconds that a page may lie open before the tap


@dataclass(frozen=True)
class Offer:
    """What may be opened: `field` ("register.Profile.identity", in words `fields`) of `subject`, to `looker`.

    Within a task `under` names it and `reason` says it; outside both are empty and a reason is typed. `back` is
    the path of the page that shows the field.
    """

    subject: str
    field: str
    fields: str
    looker: str
    looker_words: str
    back: str
    under: str = ""
    reason: str = ""

    @property
    def is_within_task(self) -> bool:
        """Whether one tap is enough."""
        return bool(self.under and self.reason)

    @property
    def signed(self) -> str:
        """The offer as a form carries it: whoever made the page said that this looker may."""
        told = asdict(self) | {"fields": kept(self.fields), "reason": kept(self.reason)}
        return signing.dumps(told, salt=SALT, compress=True)


def read_offer(signed: str, looker: str) -> Offer:
    """Return the offer that a form brought back. Raises Refused where it is not `looker`'s, altered or old."""
    try:
        offer = Offer(**signing.loads(signed, salt=SALT, max_age=OFFER_HOLDS))
    except (signing.BadSignature, TypeError):
        raise Refused(_("这一页开得太久了，请回到上一页，刷新后再打开。")) from None
    require(offer.looker == looker, _("这一页是给另一位工作人员的，请从自己的待办里打开。"))
    return offer


@transaction.atomic
def take(offer: Offer, typed: str, at: datetime) -> Reveal | None:
    """Open what was offered: for the task's reason, or for the one that was typed. Raises Refused without any."""
    reason = offer.reason if offer.is_within_task else " ".join(typed.split())
    require(bool(reason), _("请写明为什么要看，例如“核对联系电话”。"))
    return reveal(
        offer.subject, offer.field, offer.looker, offer.looker_words, offer.fields, reason, at, offer.under
    )
