"""Every verb about persons: who they are, where they live, who acts for them, and how they sign in."""

from linli.people.actions.closing import close
from linli.people.actions.devices import end_all_sign_ins, end_session, end_sign_in, record_sign_in
from linli.people.actions.forgetting import forget_old
from linli.people.actions.homes import (
    confirm_family,
    describe,
    issue_home_code,
    move_out,
    settle,
    use_home_code,
    verify,
)
from linli.people.actions.own import ask_phone_change, change_own_password, change_phone
from linli.people.actions.persons import (
    correct,
    notify,
    register,
    rename,
    take_pending_notices,
    touch,
    untouch,
)
from linli.people.actions.proxies import grant_proxy, grant_proxy_to_phone, revoke_proxy
from linli.people.actions.residents import (
    add_person_to_account,
    issue_paper_code,
    leave_account,
    open_paper_code,
    open_phone_account,
    open_sign_in_code,
    revoke_paper_code,
    send_sign_in_code,
)
from linli.people.actions.tables import seen_in_table
from linli.people.actions.workers import (
    change_password,
    check_password,
    check_totp,
    open_staff_account,
    prepare_totp,
    reset_staff_account,
)
from linli.people.models import may_act_for

__all__ = [
    "add_person_to_account",
    "ask_phone_change",
    "change_own_password",
    "change_password",
    "change_phone",
    "check_password",
    "check_totp",
    "close",
    "confirm_family",
    "correct",
    "describe",
    "end_all_sign_ins",
    "end_session",
    "end_sign_in",
    "forget_old",
    "grant_proxy",
    "grant_proxy_to_phone",
    "issue_home_code",
    "issue_paper_code",
    "leave_account",
    "may_act_for",
    "move_out",
    "notify",
    "open_paper_code",
    "open_phone_account",
    "open_sign_in_code",
    "open_staff_account",
    "prepare_totp",
    "record_sign_in",
    "register",
    "rename",
    "reset_staff_account",
    "revoke_paper_code",
    "revoke_proxy",
    "seen_in_table",
    "send_sign_in_code",
    "settle",
    "take_pending_notices",
    "touch",
    "untouch",
    "use_home_code",
    "verify",
]
