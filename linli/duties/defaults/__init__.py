"""The duty list that a district starts from: our own writing, in TOML files that people can read and change.

A limit is written as it is said, "4 工作时"; a stage is a name and a limit, "修复 3 工作日". `words` are common
sayings, separated by blanks.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from linli.duties.rules import UNIT_WORDS, read_stages


@cache
def groups() -> list[dict[str, Any]]:
    """Return the groups with their entries as written, in the order of the files; read once, not to be changed."""
    found: list[dict[str, Any]] = []
    for file in sorted(Path(__file__).parent.glob("*.toml")):
        found += tomllib.loads(file.read_text(encoding="utf-8"))["group"]
    return found


def limit(text: str) -> tuple[int, str]:
    """Read "4 工作时"."""
    amount, unit = text.split()
    return int(amount), UNIT_WORDS[unit]


def stages(lines: list[str]) -> list[dict[str, Any]]:
    """Read ["查看 2 工作日", "修复 15 工作日"]."""
    return read_stages("\n".join(lines))
