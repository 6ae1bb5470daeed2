"""The numbers a community may tune, with what holds where nobody tuned them."""

from dataclasses import dataclass, field

from linli.base.worktime import Unit


@dataclass(frozen=True)
class Limits:
    """Amounts count working time unless their name says otherwise; docs/configuration.md explains each."""

    warn_hours: int = 4  # working hours before the limit; half of a shorter limit
    supervise_days: int = 2  # working days after the limit: 督办
    whistle_days: int = 5  # working days after the limit: up one tier (通报 at +5 工作日)
    urgent_supervise_hours: int = 1  # the same two for limits in 紧急工作时
    urgent_whistle_hours: int = 2
    update_days: int = 3  # working days in which what a resident wrote later is answered
    confirm_days: int = 5  # working days in which the asker may answer before "unconfirmed"
    reopen_days: int = 15  # natural days after either ending
    call_back_share: int = 20  # per cent of the silent
    call_back_budget: int = 2  # calls to one person
    call_back_days: int = 90  # natural days over which the budget counts
    return_limit: int = 2  # times one body may ask to give one case back
    rounds_before_up: int = 2  # "not solved" so often goes up a tier
    elder_age: int = 65
    duplicate_metres: int = 100  # 0 switches the search by distance off
    duplicate_days: int = 14  # natural days for which closed cases are still offered
    duplicate_words: int = 10  # per cent in common under which only one facility or spot is offered
    radii: dict[str, int] = field(default_factory=dict)  # metres by category code or its group ("lighting")

    def radius_of(self, category_code: str) -> int:
        """Return the search radius in metres for a category: its own, its group's, or the general one."""
        group = category_code.split(".", maxsplit=1)[0]
        return self.radii.get(category_code, self.radii.get(group, self.duplicate_metres))

    def supervise_after(self, is_urgent: bool) -> tuple[int, Unit]:
        """Return how long after the limit 督办 comes."""
        if is_urgent:
            return self.urgent_supervise_hours, Unit.URGENT_HOUR
        return self.supervise_days, Unit.WORKING_DAY

    def whistle_after(self, is_urgent: bool) -> tuple[int, Unit]:
        """Return how long after the limit the matter goes up a tier."""
        if is_urgent:
            return self.urgent_whistle_hours, Unit.URGENT_HOUR
        return self.whistle_days, Unit.WORKING_DAY
