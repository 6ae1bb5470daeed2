"""What a proposal is, and the arithmetic of the baseline: counts in, ranked labels with their reasons out."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import rjieba
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.triage.rules.names import is_known_name

MOST = 3  # proposals shown; a person picks
REASONS = 4  # words shown as the reason of one proposal
WORDS_LIMIT = 100  # distinct words read of one text: what it is about is said early
OPENING = 30  # characters; words of the title or of the first sentence count more
OPENING_WEIGHT = 3.0

# Raise this whenever `tokenize` changes: what was learned with other words is then never read again.
WORDS_VERSION = "1"
SEED_WEIGHT = 3.0  # a label's own word counts like this many texts that had it
PART_WEIGHT = 2.0  # the parts of such a word share this
SMOOTHING = 0.5
VOCABULARY = 5000  # words that the smoothing reckons with
SURE = math.log(2)  # evidence below this is none: the word fits the other labels nearly as well

Counts = Mapping[str, Mapping[str, float]]  # feature → label → how often they went together

STOP_WORDS = """
    我们 你们 他们 自己 大家 这个 那个 这些 那些 一个 没有 不是 就是 可以 可是 但是 因为 所以 如果 还是 现在
    已经 什么 怎么 为什么 希望 请问 请求 问题 解决 情况 有关 相关 部门 领导 尊敬 您好 你好 谢谢 感谢 反映 投诉
    建议 咨询 求助 居民 业主 群众 一下 一直 时候 今天 昨天 明天 每天 我家 你家 帮忙 帮我 麻烦 处理 能否 是否
    进行 以及 或者 而且 然后 这里 那里 这边 那边 小区 社区
    """
_STOPPED = frozenset(STOP_WORDS.split())


class Task(models.TextChoices):
    """The questions that the proposer answers."""

    CATEGORY = "category", _("事项类别")
    UNIT = "unit", _("主办单位")


@dataclass(frozen=True)
class Candidate:
    """A label that may be proposed, with the words people use for it; known before anything is learned."""

    label: str
    words: Sequence[str] = ()


@dataclass(frozen=True)
class Proposed:
    """One proposal: `score` is its share of the belief (0–1), `because` what spoke for it."""

    label: str
    score: float
    because: tuple[str, ...]
    engine: str = ""


@dataclass(frozen=True)
class Question:
    """What an engine is asked. `features` run from the most specific fact to the most general."""

    task: str
    text: str = ""
    features: Sequence[str] = ()
    candidates: Sequence[Candidate] = ()


def tokenize(text: str) -> list[str]:
    """Every dictionary word of two or more letters in the text, once, in order; no numbers, nothing guessed.

    All readings of a passage are kept (「路灯不亮」 has 路灯 and 灯不亮), so that no choice between them is lost.
    """
    words = dict.fromkeys(rjieba.cut_all(text.lower()))
    told = (word for word in words if len(word) > 1 and word.isalpha() and word not in _STOPPED)
    return [word for word in told if not is_known_name(word)][:WORDS_LIMIT]


def weights(text: str, candidates: Iterable[Candidate] = ()) -> dict[str, float]:
    """The words of a text, and the phrases of candidates that occur in it, each with its weight."""
    opening = text.split("\n", 1)[0][:OPENING].lower()
    found = {word: OPENING_WEIGHT if word in opening else 1.0 for word in tokenize(text)}
    low = text.lower()
    for candidate in candidates:
        for phrase in candidate.words:
            if phrase.lower() in low:
                found[phrase.lower()] = OPENING_WEIGHT if phrase.lower() in opening else 1.0
    return found


def seeds(candidates: Iterable[Candidate]) -> Counts:
    """What candidates' own words are worth as counts: a phrase in full, its parts a share of it.

    What many of a label's phrases have in common adds up, and speaks louder than what stands in one by chance.
    """
    return _seeds(tuple((candidate.label, tuple(candidate.words)) for candidate in candidates))


@lru_cache(maxsize=8)
def _seeds(candidates: tuple[tuple[str, tuple[str, ...]], ...]) -> Counts:
    """The same candidates are asked about all day: their words are cut once. Nobody changes what is returned."""
    counts: dict[str, dict[str, float]] = defaultdict(dict)
    for label, words in candidates:
        for phrase in words:
            parts = tokenize(phrase)
            for part in parts:
                counts[part][label] = counts[part].get(label, 0.0) + PART_WEIGHT / len(parts)
        for phrase in words:
            counts[phrase.lower()][label] = max(SEED_WEIGHT, counts[phrase.lower()].get(label, 0.0))
    return dict(counts)


def added(*sources: Counts) -> dict[str, dict[str, float]]:
    """The sum of several tables of counts."""
    total: dict[str, dict[str, float]] = defaultdict(dict)
    for counts in sources:
        for feature, labels in counts.items():
            for label, count in labels.items():
                total[feature][label] = total[feature].get(label, 0.0) + count
    return total


def rank_by_words(
    words: Mapping[str, float], counts: Counts, totals: Mapping[str, float], labels: Sequence[str]
) -> list[Proposed]:
    """Complement naive Bayes (Rennie et al. 2003): a word speaks for a label by being rare in all the others.

    `counts` has the words at hand only, `totals` all words ever counted per label. Returns at most three,
    best first; none where no word speaks for any label (thin evidence).
    """
    if not labels:
        return []
    evidence = {label: {} for label in labels}  # type: dict[str, dict[str, float]]
    everything = sum(totals.get(label, 0.0) for label in labels)
    for word, weight in words.items():
        known = {label: counts.get(word, {}).get(label, 0.0) for label in labels}
        here = sum(known.values())
        if not here:
            continue
        rare = {
            label: -math.log(
                (here - known[label] + SMOOTHING)
                / (everything - totals.get(label, 0.0) + SMOOTHING * VOCABULARY)
            )
            for label in labels
        }
        usual = sum(rare.values()) / len(labels)
        for label in labels:
            evidence[label][word] = weight * (rare[label] - usual)
    return _best(evidence, {word for word in words if counts.get(word)})


def _best(evidence: Mapping[str, Mapping[str, float]], known: set[str]) -> list[Proposed]:
    sums = {label: sum(by_word.values()) for label, by_word in evidence.items()}
    top = max(sums.values())
    if top < SURE:
        return []
    heat = math.sqrt(max(1, len(known)))  # words of one text repeat each other; their sum is overconfident
    beliefs = {label: math.exp((total - top) / heat) for label, total in sums.items()}
    belief = sum(beliefs.values())
    best = sorted(sums, key=lambda label: (-sums[label], label))[:MOST]
    return [
        Proposed(label, round(beliefs[label] / belief, 4), _reasons(evidence[label]))
        for label in best
        if _reasons(evidence[label])
    ]


def _reasons(by_word: Mapping[str, float]) -> tuple[str, ...]:
    spoke = sorted((word for word in by_word if by_word[word] > 0), key=lambda word: (-by_word[word], word))
    return tuple(spoke[:REASONS])


def rank_by_facts(features: Sequence[str], counts: Counts, labels: Sequence[str] = ()) -> list[Proposed]:
    """Back-off vote (Witten & Bell 1991): the most specific fact speaks first, as loud as its cases agree.

    A fact seen n times with d different labels gives n / (n + d) of the belief that is left to them, the rest
    goes to the next, more general fact. `labels` limits what may be proposed; empty means all ever chosen.
    """
    belief: dict[str, float] = defaultdict(float)
    spoke: dict[str, list[str]] = defaultdict(list)
    left = 1.0
    for feature in features:
        seen = {
            label: count
            for label, count in counts.get(feature, {}).items()
            if count > 0 and (not labels or label in labels)
        }
        cases = sum(seen.values())
        if not cases:
            continue
        share = left * cases / (cases + len(seen))
        for label, count in seen.items():
            belief[label] += share * count / cases
            spoke[label].append(feature)
        left -= share
    best = sorted(belief, key=lambda label: (-belief[label], label))[:MOST]
    return [Proposed(label, round(belief[label], 4), tuple(spoke[label][:REASONS])) for label in best]
