"""The verbs of triage: propose, and learn from what a person chose. A person always disposes."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
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
            _count(task, told, proposal.chosen, -1)
        proposal.chosen = label
        labels = [each["label"] for each in proposal.proposed]
        proposal.rank = labels.index(label) + 1 if label in labels else 0
        proposal.save(update_fields=["chosen", "rank"])
    _count(task, told, label, +1)


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


def _count(task: str, features: Sequence[str], label: str, step: int) -> None:
    """Add `step` to the counts of these features, and to the sum of words, under one label."""
    names = sorted({*features})
    words = sum(not name.startswith(baseline.FACT) for name in names)
    Count.objects.bulk_create(
        [Count(task=task, feature=name, label=label) for name in (*names, baseline.ALL_WORDS)],
        ignore_conflicts=True,
    )
    rows = Count.objects.filter(task=task, label=label)
    # Locked in one order, so that two choices at once wait for each other instead of blocking each other.
    ids = list(
        rows.filter(feature__in=[*names, baseline.ALL_WORDS])
        .select_for_update()
        .order_by("feature")
        .values_list("pk", "feature", "count")
    )
    known = [pk for pk, feature, count in ids if feature != baseline.ALL_WORDS and count + step >= 0]
    rows.filter(pk__in=known).update(count=F("count") + step)
    total = next(count for _pk, feature, count in ids if feature == baseline.ALL_WORDS)
    rows.filter(feature=baseline.ALL_WORDS).update(count=max(0, total + step * words))
