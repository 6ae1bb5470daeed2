"""Opening a masked field for 60 seconds."""

from datetime import datetime

from django.db import transaction

from linli.trail.actions.looks import looked
from linli.trail.models import Reveal, open_reveal
from linli.trail.rules import reveal_ends


@transaction.atomic
def reveal(
    subject: str,
    field: str,
    looker: str,
    looker_words: str,
    fields: str,
    reason: str,
    at: datetime,
    under: str = "",
) -> Reveal | None:
    """Open `field` ("register.Profile.identity"; `fields` in words: "身份证号") of `subject` to `looker`.

    Within a task `under` names it and the caller says the reason ("办理您说的事 …"); outside, `under` is empty
    and the reason was typed. It is masked again after 60 seconds, by time alone. While it is open, opening it
    again gives the same one and writes nothing. One's own data needs no opening: None. Raises Refused without
    a reason.
    """
    held = open_reveal(subject, field, looker, at)
    if held is not None:
        return held
    look = looked(subject, looker, looker_words, fields, reason, at, under)
    if look is None:
        return None
    return Reveal.objects.create(
        look=look, subject=subject, field=field, looker=looker, opened_at=at, ends_at=reveal_ends(at)
    )
