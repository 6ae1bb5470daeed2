"""Other engines, as a deployment may name one."""

from linli.triage.rules import Proposed, Question


def certain(question: Question) -> list[Proposed]:
    """Always the last candidate."""
    return [Proposed(question.candidates[-1].label, 1.0, ("因为",))]


def broken(question: Question) -> list[Proposed]:
    """Fails."""
    raise RuntimeError("the model is gone")
