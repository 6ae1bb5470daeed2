"""Everything that may happen to what waits for people: the only writer."""

from linli.todos.actions.listing import close, open_todo, put_todo, reschedule
from linli.todos.actions.outside import (
    add_system,
    admit,
    close_from_outside,
    end_admission,
    finish,
    post_from_outside,
    posted,
    renew_token,
    reschedule_from_outside,
    retire_system,
    system_of,
)
from linli.todos.actions.saying import answer_pointless, say_pointless

__all__ = [
    "add_system",
    "admit",
    "answer_pointless",
    "close",
    "close_from_outside",
    "end_admission",
    "finish",
    "open_todo",
    "post_from_outside",
    "posted",
    "put_todo",
    "renew_token",
    "reschedule",
    "reschedule_from_outside",
    "retire_system",
    "say_pointless",
    "system_of",
]
