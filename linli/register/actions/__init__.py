"""Every verb of the register: what is said of people, their tags and homes, and what happens to them."""

from linli.register.actions.correcting import propose, rule_on_correction, withdraw_correction
from linli.register.actions.effects import effects
from linli.register.actions.finding import index, index_changed, search
from linli.register.actions.happening import Report, undo_event
from linli.register.actions.households import change_head, found_household, join, join_number, leave
from linli.register.actions.letting import end_letting, letting, sale
from linli.register.actions.living import Newborn, birth, death
from linli.register.actions.looking import (
    shown_at_counter,
    shown_at_home,
    shown_household,
    shown_in_list,
    shown_in_search,
    shown_record,
    shown_to_family,
)
from linli.register.actions.merging import merge, unmerge
from linli.register.actions.moving import belong, move, move_out
from linli.register.actions.registering import Resident, register_at
from linli.register.actions.stating import confirm, state
from linli.register.actions.suspecting import dismiss, found_duplicates, suspect
from linli.register.actions.tagging import add_tag_kind, confirm_tag, load_tag_kinds, tag, untag
from linli.register.actions.undoing import tried_out

__all__ = [
    "Newborn",
    "Report",
    "Resident",
    "add_tag_kind",
    "belong",
    "birth",
    "change_head",
    "confirm",
    "confirm_tag",
    "death",
    "dismiss",
    "effects",
    "end_letting",
    "found_duplicates",
    "found_household",
    "index",
    "index_changed",
    "join",
    "join_number",
    "leave",
    "letting",
    "load_tag_kinds",
    "merge",
    "move",
    "move_out",
    "propose",
    "register_at",
    "rule_on_correction",
    "sale",
    "search",
    "shown_at_counter",
    "shown_at_home",
    "shown_household",
    "shown_in_list",
    "shown_in_search",
    "shown_record",
    "shown_to_family",
    "state",
    "suspect",
    "tag",
    "tried_out",
    "undo_event",
    "unmerge",
    "untag",
    "withdraw_correction",
]
