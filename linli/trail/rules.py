"""What a line of the trail must say: who looked, at what, and why."""

WORDS_LENGTH = 120
FIELDS_LENGTH = 200
REASON_LENGTH = 200


def is_complete(looker_words: str, fields: str, reason: str) -> bool:
    """Tell whether a look can be explained to the person looked at (个人信息保护法 第十七条、第五十五条)."""
    return all(text.strip() for text in (looker_words, fields, reason))
