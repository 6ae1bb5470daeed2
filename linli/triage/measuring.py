"""How good the baseline is on real material that it has not seen: figures for the card, never a promise."""

import csv
import json
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from linli.triage.rules.ranking import Proposed, rank_by_facts, rank_by_words, weights

FIGURES = Path(__file__).with_name("measured.json")  # committed; the card shows it
TRAINED_SHARE = 0.7  # of the cases, by date: the rest is later and unseen
FOLDS = 5
LEVELS = (
    ("sub_type", "community"),
    ("sub_type", "street"),
    ("main_type", "community"),
    ("sub_type",),
    ("main_type", "street"),
    ("community",),
    ("main_type",),
)


@dataclass(frozen=True)
class Measured:
    """`cases` tried; shares (0–1) in which the first, and one of the three, was what people had chosen; none said."""

    cases: int
    first: float
    among_three: float
    unsure: float


def measure_units(path: Path) -> Measured:
    """Units by back-off vote: learned from the earlier cases of dispatch/events.csv, tried on the later."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: (row["create_date"], int(row["rec_id"])))
    cut = int(len(rows) * TRAINED_SHARE)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows[:cut]:
        for fact in _facts(row):
            counts[fact][row["dispose_unit"]] += 1
    tried = [(row["dispose_unit"], rank_by_facts(_facts(row), counts)) for row in rows[cut:]]
    return _measured(tried)


def measure_categories(path: Path) -> Measured:
    """Topics by words: five-fold cross-validation on messages/labelled.csv, seven classes, no seed words."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        texts = [(f"{row['subject']}\n{row['body']}", row["label"]) for row in csv.DictReader(file)]
    weighed = [(weights(text), label) for text, label in texts]
    random.Random(0).shuffle(weighed)  # noqa: S311 - folds, not secrets
    tried: list[tuple[str, list[Proposed]]] = []
    for fold in range(FOLDS):
        learned = [each for place, each in enumerate(weighed) if place % FOLDS != fold]
        counts, totals = _learned(learned)
        labels = sorted(totals)
        tried += [
            (label, rank_by_words(words, counts, totals, labels)) for words, label in weighed[fold::FOLDS]
        ]
    return _measured(tried)


def write(figures: dict[str, Measured]) -> None:
    """Keep the figures where the card reads them."""
    plain = {task: vars(figure) for task, figure in figures.items()}
    FIGURES.write_text(json.dumps(plain, indent=2) + "\n", encoding="utf-8")


def read() -> dict[str, Measured]:
    """The figures that came with this version; {} where none were kept."""
    if not FIGURES.exists():
        return {}
    return {task: Measured(**figure) for task, figure in json.loads(FIGURES.read_text("utf-8")).items()}


def _facts(row: dict[str, str]) -> list[str]:
    return ["+".join(row[column] for column in level) for level in LEVELS]


def _learned(
    texts: Sequence[tuple[dict[str, float], str]],
) -> tuple[dict[str, Counter[str]], Counter[str]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    totals: Counter[str] = Counter()
    for words, label in texts:
        for word in words:
            counts[word][label] += 1
        totals[label] += len(words)
    return counts, totals


def _measured(tried: Sequence[tuple[str, list[Proposed]]]) -> Measured:
    ranks = [[each.label for each in proposed] for _label, proposed in tried]
    labels = [label for label, _proposed in tried]
    first = sum(bool(rank) and rank[0] == label for rank, label in zip(ranks, labels, strict=True))
    among = sum(label in rank for rank, label in zip(ranks, labels, strict=True))
    unsure = sum(not rank for rank in ranks)
    shares = [round(part / len(tried), 3) for part in (first, among, unsure)]
    return Measured(len(tried), *shares)
