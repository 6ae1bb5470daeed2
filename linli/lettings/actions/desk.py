"""What goes to the desk's list and what comes off it."""

from datetime import datetime
from typing import Any

from linli.base.worktime import Unit, due
from linli.duties import actions as duties
from linli.lettings.rules import DESK_DAYS
from linli.organisations.models import Organisation
from linli.organisations.rules import Power
from linli.places.models import Place
from linli.todos import actions as todos


def put_before_desk(subject: str, title: Any, home: Place, address: str, at: datetime) -> None:
    """Put something on the list of the service desk of a home; where no desk was set up, on nobody's."""
    desk = Organisation.objects.serving(home).filter(is_desk=True).first()
    if desk is None:
        return
    limit = due(at, DESK_DAYS, Unit.WORKING_DAY, duties.calendar_of(home)).at
    estate = home.estate or home.community
    todos.put_todo(
        subject, subject, title, limit, address, at,
        organisation=desk, power=Power.INTAKE, origin="lettings", place_words=estate.name if estate else "",
    )  # fmt: skip


def take_off_desk(subject: str, at: datetime) -> None:
    """Take it off again."""
    todos.close(subject, at)
