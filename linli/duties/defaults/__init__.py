"""The duty list that a district starts from: our own writing, in TOML files that people can read and change.

A limit is written as it is said, "4 工作时"; a stage is a name and a limit, "修复 3 工作日". `words` are common
sayings, separated by blanks.
"""

import tomllib
from pathlib import Path
from typing import Any

from linli.base.worktime import Unit

UNITS = {
    "紧急工作时": Unit.URGENT_HOUR.value,
    "工作时": Unit.WORKING_HOUR.value,
    "工作日": Unit.WORKING_DAY.value,
    "自然日": Unit.NATURAL_DAY.value,
}


def groups() -> list[dict[str, Any]]:
    """Return the groups with their entries as written, in the order of the files."""
    found: list[dict[str, Any]] = []
    for file in sorted(Path(__file__).parent.glob("*.toml")):
        found += tomllib.loads(file.read_text(encoding="utf-8"))["group"]
    return found


def limit(text: str) -> tuple[int, str]:
    """Read "4 工作时"."""
    amount, unit = text.split()
    return int(amount), UNITS[unit]


def stage(text: str) -> dict[str, Any]:
    """Read "修复 3 工作日"."""
    name, amount, unit = text.rsplit(" ", 2)
    return {"name": name, "amount": int(amount), "unit": UNITS[unit]}
