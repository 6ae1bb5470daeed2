"""The questions that come before filing: what a category asks, and whom to ring first where life is in danger."""

import re
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from linli.base.asked import Asked
from linli.cases import actions
from linli.cases.forms.speaking import unanswered
from linli.cases.models import Case
from linli.cases.rules import stopped_by
from linli.duties.models import Category

TELEPHONE = re.compile(r"(?<!\d)\d{3,5}(?!\d)")  # 119, 95598: what a stop tells to ring
NOT_CARRIED = {"csrfmiddlewaretoken", "once", "asked", "category"}


def ask_first(request: Asked, chosen: Category | None, text: str, once: str) -> HttpResponse | None:
    """Return the page that asks, or says whom to ring first; None where nothing is left to ask.

    Where no category was chosen, words such as gas or fire call for that category's questions on safety.
    """
    category = chosen or actions.pressing_category(text)
    if category is None or request.POST.get("despite"):
        return None
    questions = unanswered(category, request.POST, is_chosen=chosen is not None)
    given = {key.removeprefix("ask-"): value for key, value in request.POST.items()}
    stop = stopped_by(category.questions, given)
    if not questions and not stop:
        return None
    typed = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
    carried = [(name, value) for name, value in typed if name not in NOT_CARRIED]
    carried += [("once", once), ("asked", category.code), ("category", chosen.code if chosen else "")]
    context = {
        "category": category,
        "questions": questions,
        "stop": stop,
        "telephones": TELEPHONE.findall(stop),
        "carried": carried,
    }
    return render(request, "cases/questions.html", context)


def answers_of(case: Case) -> list[tuple[str, Any]]:
    """Return what was answered to the category's questions, each under the words that were asked."""
    if not case.answers:
        return []
    category = case.category or actions.pressing_category(case.text)
    words = {question["code"]: question["ask"] for question in category.questions} if category else {}
    return [(words[code], answer) for code, answer in case.answers.items() if code in words]
