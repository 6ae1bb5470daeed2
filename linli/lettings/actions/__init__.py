"""Every verb about newcomers, lettings and empty homes."""

from linli.lettings.actions.arriving import (
    Arrival,
    Sender,
    agree_as_worker,
    agree_at_home,
    refuse,
    register_newcomer,
    tell_home,
    withdraw_newcomer,
)
from linli.lettings.actions.clocks import run_clocks
from linli.lettings.actions.letting import Terms, confirm, decline, end, extend, register_letting, withdraw
from linli.lettings.actions.offering import Vacancy, answer, ask, offer, renew, take_down
from linli.lettings.actions.showing import (
    shown_inquiries,
    shown_letting,
    shown_lettings,
    shown_newcomers,
    shown_to_desk,
    shown_to_occupant,
)

__all__ = [
    "Arrival",
    "Sender",
    "Terms",
    "Vacancy",
    "agree_as_worker",
    "agree_at_home",
    "answer",
    "ask",
    "confirm",
    "decline",
    "end",
    "extend",
    "offer",
    "refuse",
    "register_letting",
    "register_newcomer",
    "renew",
    "run_clocks",
    "shown_inquiries",
    "shown_letting",
    "shown_lettings",
    "shown_newcomers",
    "shown_to_desk",
    "shown_to_occupant",
    "take_down",
    "tell_home",
    "withdraw",
    "withdraw_newcomer",
]
