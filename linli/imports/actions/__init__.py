"""Every verb of imports: ledgers in, lists out."""

from linli.imports.actions.deciding import decide, places_named, show_conflicts
from linli.imports.actions.exporting import export, pieces_of, purge_exports
from linli.imports.actions.files import drop, sealer
from linli.imports.actions.outgoing import error_file
from linli.imports.actions.running import (
    check,
    choose_sheet,
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
from linli.imports.models import Run

__all__ = [
    "Run",
    "check",
    "choose_sheet",
    "decide",
    "drop",
    "error_file",
    "export",
    "go_on",
    "load",
    "load_unchecked",
    "map_columns",
    "new_file_name",
    "pieces_of",
    "places_named",
    "purge",
    "purge_exports",
    "receive",
    "same_file",
    "samples_of",
    "sealer",
    "show_conflicts",
    "source_of",
    "stop",
    "take_path",
    "wake",
]
