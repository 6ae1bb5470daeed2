"""Every verb about bodies, who acts for them, and workers who act for a resident."""

from linli.organisations.actions.assisting import (
    assist,
    end_assist,
    is_open_to,
    register_at_counter,
    reveal,
    shown_home,
    shown_in_list,
)
from linli.organisations.actions.bodies import create, desk, extend, find, let_take_orders, retire
from linli.organisations.actions.counter import (
    issue_home_code_at_counter,
    issue_paper_code_at_counter,
    move_out_at_counter,
    revoke_paper_code_at_counter,
    settle_at_counter,
    verify_at_counter,
)
from linli.organisations.actions.staffing import appoint, dismiss, engage, install_administrator, recover
from linli.organisations.models import members_with

__all__ = [
    "appoint",
    "assist",
    "create",
    "desk",
    "dismiss",
    "end_assist",
    "engage",
    "extend",
    "find",
    "install_administrator",
    "is_open_to",
    "issue_home_code_at_counter",
    "issue_paper_code_at_counter",
    "let_take_orders",
    "members_with",
    "move_out_at_counter",
    "recover",
    "register_at_counter",
    "retire",
    "reveal",
    "revoke_paper_code_at_counter",
    "settle_at_counter",
    "shown_home",
    "shown_in_list",
    "verify_at_counter",
]
