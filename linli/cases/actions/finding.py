"""Finding again what was said."""

from linli.cases.models.case import CaseQuerySet


def search(cases: CaseQuerySet, words: str) -> CaseQuerySet:
    """Narrow `cases` (already those that the caller may see) to a number, or to words in title or text."""
    return cases.matching(words)
