"""Every verb of imports: ledgers in, lists out."""

from linli.imports.actions.outgoing import error_file
from linli.imports.actions.running import (
    check,
    choose_sheet,
    fail,
    go_on,
    load,
    load_unchecked,
    map_columns,
    new_file_name,
    purge,
    receive,
    same_file,
    samples_of,
    source_of,
    stop,
    take_path,
    wake,
)

__all__ = [
    "check",
    "choose_sheet",
    "error_file",
    "fail",
    "go_on",
    "load",
    "load_unchecked",
    "map_columns",
    "new_file_name",
    "purge",
    "receive",
    "same_file",
    "samples_of",
    "source_of",
    "stop",
    "take_path",
    "wake",
]
