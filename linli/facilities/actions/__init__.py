"""Every verb of facilities. Each is one transaction: lock, check the rule, change, tell."""

from linli.facilities.actions.enrolling import Facts, enrol, note_condition, registrar
from linli.facilities.actions.importing import COLUMNS, Fault, Imported, import_facilities
from linli.facilities.actions.inspecting import Found, inspect, warn
from linli.facilities.actions.kinds import add_plan, first_due, kind_called, load_kinds, set_plan

__all__ = [
    "COLUMNS",
    "Facts",
    "Fault",
    "Found",
    "Imported",
    "add_plan",
    "enrol",
    "first_due",
    "import_facilities",
    "inspect",
    "kind_called",
    "load_kinds",
    "note_condition",
    "registrar",
    "set_plan",
    "warn",
]
