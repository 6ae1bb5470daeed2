"""这条不对: asking about a look at one's own data, and the data officer's answer."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from linli.base.errors import require
from linli.trail.models import Query, Seen
from linli.trail.rules import ANSWER_LENGTH, QUERY_LENGTH, QUERY_LIMIT, WORDS_LENGTH


@transaction.atomic
def ask(seen: Seen, words: str, by: str, at: datetime) -> Query:
    """Ask the data officer about one line of the trail; an answer is due within 15 days (rules.QUERY_LIMIT).

    The caller made sure that `by` ("people.Person:42") may read the line. While a question about it waits,
    asking again gives the same one. Raises Refused without words or where they are too long.
    """
    words = " ".join(words.split())
    require(bool(words), _("请写一句哪里不对，例如“我没有办过这件事”。"))
    require(len(words) <= QUERY_LENGTH, _("最多写 500 个字，请写短一些。"))
    Seen.objects.select_for_update().get(pk=seen.pk)
    held = Query.objects.filter(seen=seen, answered_at=None).first()
    if held is not None:
        return held
    return Query.objects.create(seen=seen, words=words, asked_by=by, asked_at=at, due=at + QUERY_LIMIT)


@transaction.atomic
def answer(query: Query, words: str, was_right: bool, by: str, by_words: str, at: datetime) -> Query:
    """Answer a question, and say whether the look was right. The same answer again changes nothing.

    Whoever looked cannot judge their own look, nor whoever asked their own question.
    """
    row = Query.objects.select_for_update(of=("self",)).select_related("seen__look").get(pk=query.pk)
    words = words.strip()
    if row.answered_at is not None and (row.answer, row.answered_by) == (words, by):
        return row
    require(row.answered_at is None, _("这个疑问已经答复过了。"))
    require(by != row.seen.look.looker, _("您就是被问到的查看人，请另一位数据官来答复。"))
    require(by not in {row.asked_by, row.seen.subject}, _("不能答复自己的疑问，请另一位数据官来答复。"))
    require(bool(words), _("请写明查到的情况和结论。"))
    require(len(words) <= ANSWER_LENGTH, _("答复最多 1000 个字，请写短一些。"))
    row.answer, row.was_right, row.answered_at = words, was_right, at
    row.answered_by, row.answered_by_words = by, by_words[:WORDS_LENGTH]
    row.save(update_fields=["answer", "was_right", "answered_at", "answered_by", "answered_by_words"])
    return row
