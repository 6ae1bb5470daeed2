"""The engine that is always there: counts of what people chose, without network, chance or hidden weights.

Another engine is a function of the same shape, `rank(question) -> list[Proposed]`, named by LINLI_TRIAGE.
"""

from collections import defaultdict
from collections.abc import Iterable

from linli.triage.models import Count
from linli.triage.rules.ranking import (
    WORDS_VERSION,
    Proposed,
    Question,
    Task,
    added,
    rank_by_facts,
    rank_by_words,
    seeds,
    weights,
)

FACT = "="  # before a fact; before a word stands the version of the tokens
ALL_WORDS = "#" + WORDS_VERSION  # all words ever counted for a label


def rank(question: Question) -> list[Proposed]:
    """Propose at most three labels, best first. Units go by facts (place, category), categories by words."""
    if question.task == Task.UNIT:
        facts = {fact_feature(fact): fact for fact in question.features}
        counts = _counts(question.task, facts)
        by_fact = {fact: counts.get(feature, {}) for feature, fact in facts.items()}
        return rank_by_facts(question.features, by_fact, [each.label for each in question.candidates])
    return _by_words(question)


def features_of(task: str, text: str, facts: Iterable[str]) -> list[str]:
    """What a choice is counted under: facts for units, words and facts for categories."""
    named = [fact_feature(fact) for fact in facts]
    return named if task == Task.UNIT else [word_feature(word) for word in weights(text)] + named


def word_feature(word: str) -> str:
    """A word as it stands in the table, with the version of the tokens that it was cut by."""
    return (WORDS_VERSION + word)[:60]


def fact_feature(fact: str) -> str:
    """A fact ("lighting.lamp_out+330302001") as it stands in the table."""
    return (FACT + fact)[:60]


def _by_words(question: Question) -> list[Proposed]:
    words = weights(question.text, question.candidates) | dict.fromkeys(question.features, 1.0)
    features = {word_feature(word): word for word in words} | {
        fact_feature(fact): fact for fact in question.features
    }
    learned = _counts(question.task, [*features, ALL_WORDS])
    totals = dict(learned.pop(ALL_WORDS, {}))
    by_word = {features[feature]: labels for feature, labels in learned.items()}
    own = seeds(question.candidates)
    for counted in own.values():
        for label, count in counted.items():
            totals[label] = totals.get(label, 0.0) + count
    labels = [candidate.label for candidate in question.candidates] or sorted(totals)
    at_hand = {word: own[word] for word in words if word in own}
    return rank_by_words(words, added(by_word, at_hand), totals, labels)


def _counts(task: str, features: Iterable[str]) -> dict[str, dict[str, float]]:
    """What was learned about these features; one query."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    rows = Count.objects.filter(task=task, feature__in=list(features), count__gt=0)
    for feature, label, count in rows.values_list("feature", "label", "count"):
        found[feature][label] = float(count)
    return found
