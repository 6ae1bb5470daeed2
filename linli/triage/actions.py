"""The verbs of triage: propose, and learn from what a person chose. A person always disposes."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from linli.triage import baseline
from linli.triage.models import Count, Proposal
from linli.triage.rules.masking import masked, personal_data
from linli.triage.rules.ranking import MOST, Candidate, Proposed, Question

BASELINE = "linli.triage.baseline.rank"
OFF = "off"
log = logging.getLogger(__name__)


def engine_name() -> str:
    """The engine this deployment chose (LINLI_TRIAGE): a dotted path, or "off"."""
    return str(getattr(settings, "TRIAGE", BASELINE)) or BASELINE


@transaction.atomic(savepoint=False)
def propose(
    task: str,
    text: str,
    features: Sequence[str],
    subject: str,
    group: str,
    at: datetime,
    candidates: Sequence[Candidate] = (),
) -> list[Proposed]:
    """Propose at most three labels for a subject ("cases.Case:7"), best first; [] where unsure or off.

    `task` is rules.Task, `features` run from specific to general, `group` is the channel for the error
    figures, `candidates` are the labels that may be proposed, with words people use for them. What was
    proposed is kept, with the engine that spoke: a failing engine is replaced by the baseline at once.
    """
    if engine_name() == OFF:
        return []
    question = Question(task, _impersonal(text), features, candidates)
    proposed = _answer(question)
    kept = [{"label": each.label, "score": each.score, "because": list(each.because)} for each in proposed]
    told = {"proposed": kept, "engine": proposed[0].engine if proposed else "", "group": group, "at": at}
    # Asked again before anyone chose: the newest answer is the one that was shown.
    if not Proposal.objects.filter(subject=subject, task=task, chosen="").update(**told):
        Proposal.objects.create(subject=subject, task=task, **told)
    return proposed


@transaction.atomic(savepoint=False)
def learn(task: str, text: str, features: Sequence[str], label: str, subject: str) -> None:
    """Remember that a person chose `label`. The same again teaches nothing, another corrects it.

    A choice that no proposal preceded is counted each time it is told.
    """
    if engine_name() == OFF:
        return
    proposal = Proposal.objects.select_for_update().filter(subject=subject, task=task).order_by("-pk").first()
    if proposal is not None and proposal.chosen == label:
        return
    clean = _impersonal(text)
    told = baseline.features_of(task, clean, features)
    if proposal is not None:
        if proposal.chosen:
            _uncount(task, told, proposal.chosen)
        proposal.chosen = label
        labels = [each["label"] for each in proposal.proposed]
        proposal.rank = labels.index(label) + 1 if label in labels else 0
        proposal.save(update_fields=["chosen", "rank"])
    _count(task, told, label)


def _impersonal(text: str) -> str:
    """The text without what rules know as personal; `tokenize` leaves names of the dictionary out as well."""
    return masked(text, personal_data(text, by_rules_only=True))


def _answer(question: Question) -> list[Proposed]:
    """Ask the chosen engine; where it fails or answers nonsense, the baseline speaks, under its own name."""
    name = engine_name()
    if name != BASELINE:
        try:
            engine: Callable[[Question], Iterable[Proposed]] = import_string(name)
            with transaction.atomic():
                spoken = [replace(each, engine=name) for each in engine(question)]
            return spoken[:MOST]
        except Exception:
            log.exception("Triage engine %s failed; the baseline answers", name)
    return [replace(each, engine=BASELINE) for each in baseline.rank(question)]


def _count(task: str, features: Sequence[str], label: str) -> None:
    """Count these features, and the sum of words, once more under one label: one statement.

    Its rows come in one order, so that two choices at once wait for each other instead of blocking each other.
    """
    rows = [(task, name, label, times) for name, times in sorted(_times(features).items())]
    table, marks = Count._meta.db_table, ", ".join(["(%s, %s, %s, %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (task, feature, label, count) VALUES {marks}"  # noqa: S608 (our own table)
            f" ON CONFLICT (task, feature, label) DO UPDATE SET count = {table}.count + EXCLUDED.count",
            [value for row in rows for value in row],
        )


def _uncount(task: str, features: Sequence[str], label: str) -> None:
    """Take back what was counted once under a label that another choice corrects; no count falls below 0."""
    times = _times(features)
    rows = Count.objects.filter(task=task, label=label, feature__in=times)
    counted = list(rows.select_for_update().order_by("feature"))
    for row in counted:
        row.count = max(0, row.count - times[row.feature])
    Count.objects.bulk_update(counted, ["count"])


def _times(features: Sequence[str]) -> dict[str, int]:
    """How often each feature of one choice counts, and how many words it had in all."""
    words = sum(not name.startswith(baseline.FACT) for name in {*features})
    return dict.fromkeys(features, 1) | {baseline.ALL_WORDS: words}
