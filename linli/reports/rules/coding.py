"""What a superior calls our codes: read from their list of choices, from the words of the column, else our own."""

import re
from collections.abc import Sequence

from linli.reports.rules.facts import Fact
from linli.reports.rules.formats import Kind
from linli.reports.rules.headers import plain
from linli.reports.rules.lists import TENS, code_list, our_code

YES, NO = "1", "0"
TICKS = "√✓✔☑"
SAME = {"本人": "户主", "户主": "本人"}  # a list has the one or the other


def codes_for(fact: Fact, words: str, offered: Sequence[str], example: str = "") -> dict[str, str]:
    """Return {our code: theirs} as far as their drop-down list, the column's words or its example tell."""
    choices = list(offered) or _choices_in(words)
    if fact.kind == Kind.YES:
        return _yes_codes(words, choices, example)
    if fact.kind != Kind.CODE:
        return {}
    ours = code_list(fact.code_list)
    if not choices:
        return {code: code if "代码" in words else word for code, word in ours.items()}
    return propose_codes(fact.code_list, ours, choices)


def _yes_codes(words: str, choices: list[str], example: str) -> dict[str, str]:
    tick = next((sign for sign in TICKS if sign in words or sign == example.strip()), "")
    if not choices and tick:
        return {YES: tick, NO: ""}
    yes = next((word for word in choices if re.match(r"[是有√✓✔☑Yy]", _word_of(word))), "")
    no = next((word for word in choices if re.match(r"[否无不没×xXNn]", _word_of(word))), "")
    if {YES, NO} <= set(choices):
        yes, no = yes or YES, no or NO
    return {code: _sign_of(word) for code, word in ((YES, yes), (NO, no)) if word}


def _choices_in(words: str) -> list[str]:
    """Return the choices that stand in a column's words: 性别（1男2女）, 是否独居（是1否0）, （1.是 2.否）."""
    for inside in re.findall(r"[（(]([^（()）]*)[）)]", words):
        text = plain(inside)
        pairs = re.findall(r"(\d{1,2})[.、:：=\-填为]*([\u4e00-\u9fff]{1,12})", text)
        if not re.match(r"\d", text):
            pairs = [
                (n, word)
                for word, n in re.findall(r"([\u4e00-\u9fff]{1,12}?)[.、:：=\-填为]*(\d{1,2})", text)
            ]
        if len(pairs) > 1:
            return [f"{number}={word}" for number, word in pairs]
        if text in {"是/否", "是否", "是或否"}:
            return ["是", "否"]
    return []


def _word_of(choice: str) -> str:
    """Return the word of a choice without its number: 10-配偶 → 配偶."""
    return re.sub(r"^\d+[.、\-\s:：=]+", "", choice)


def _sign_of(choice: str) -> str:
    """Return what is written for a choice: of those in a column's words, "1=男", the number alone."""
    return choice.partition("=")[0] if "=" in choice else choice


def propose_codes(name: str, ours: dict[str, str], offered: Sequence[str]) -> dict[str, str]:
    """Return for each of our codes which of the `offered` choices means it.

    In this order: the same word or code, another name of it (大专), the number before the word (20-子), the choice
    that shares most of its word (汉 ↔ 汉族), and in lists that are in tens the choice of its ten (长子 → 子).
    """
    words = {choice: _word_of(choice) for choice in offered}
    known = {our_code(name, word): choice for choice, word in words.items() if our_code(name, word)}
    found = {}
    for code, word in ours.items():
        same = [choice for choice in offered if words[choice] in {word, code} or choice == code]
        number = [choice for choice in offered if re.match(rf"^0*{re.escape(code)}[.、\-\s:：=]", choice)]
        best = [*same, *([known[code]] if code in known else []), *number]
        if name == "relation":  # 外祖父母 holds 父母 and means others: only a whole part of it is the same
            best += [choice for choice in offered if words[choice] in re.split("[、或]", word)]
            best += [
                choice for choice in offered if len(word) == 1 and words[choice] in {f"儿{word}", f"{word}儿"}
            ]
        elif name not in TENS or code == _ten(code):
            best += _alike(word, words)
        if best:
            found[code] = best[0]
    if name in TENS:
        found = {code: found[_ten(code)] for code in ours if _ten(code) in found} | found
    for code, word in ours.items():
        if code not in found and (other := our_code(name, SAME.get(word, ""))) in found:
            found[code] = found[other]
    return {code: _sign_of(choice) for code, choice in found.items()}


def _ten(code: str) -> str:
    """Return the code of which this one is a kind: 22 → 20; relatives from 90 on are of the 80 (其他)."""
    return "80" if code[0] == "9" and code != "90" else f"{code[0]}0"


def _alike(word: str, words: dict[str, str]) -> list[str]:
    """Return the choices that contain the word or are contained in it, the longest share first; one sign is too few."""
    near = [
        (-min(len(text), len(word)), place, choice)
        for place, (choice, text) in enumerate(words.items())
        if (len(text) > 1 and text in word) or (word in text and (len(word) > 1 or len(text) <= 2))
    ]
    return [choice for _share, _place, choice in sorted(near)]
