"""Words that remember what they were made from: who acts may read English, what is kept is in the house's language."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext, override


class Sentence(str):
    """A translated sentence, in the language of whoever acts; `kept` says it again in the deployment's."""

    message: str
    values: Mapping[str, Any] | None

    def __new__(cls, message: str, values: Mapping[str, Any] | None = None) -> "Sentence":
        """Translate `message` and fill in `values` by their names."""
        words = gettext(message)
        said = super().__new__(cls, words if values is None else words % values)
        said.message, said.values = message, values
        return said

    def __mod__(self, values: Any) -> str:
        """Fill in the values, named ones so that the sentence is still remembered."""
        return Sentence(self.message, values) if isinstance(values, Mapping) else str(self) % values


def said(message: str) -> str:
    """Translate as gettext does, for a sentence that is kept: `from linli.base.words import said as _`."""
    return Sentence(message)


def kept(words: str | Promise) -> str:
    """Return `words` as they are written down: in the deployment's language, whoever's request this is."""
    with override(settings.LANGUAGE_CODE):
        return _again(words)


def _again(words: str | Promise) -> str:
    if not isinstance(words, Sentence):
        return str(words)
    sentence = gettext(words.message)
    if words.values is None:
        return sentence
    return sentence % {name: _value(value) for name, value in words.values.items()}


def _value(value: Any) -> Any:
    return _again(value) if isinstance(value, str | Promise) else value
