"""The one way in which a rule says no."""


class Refused(Exception):
    """A rule does not allow this; `reason` is a sentence for the person who asked, and says what to do instead.

    `rule` names the statute, article or setting behind it, where there is one.
    """

    def __init__(self, reason: str, *, rule: str = "") -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.rule = rule


def require(allowed: bool, reason: str, *, rule: str = "") -> None:
    """Raise Refused(reason) unless `allowed`."""
    if not allowed:
        raise Refused(reason, rule=rule)
