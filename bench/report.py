"""The table in docs/benchmarks.md, made from the raw figures alone."""

import json
import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def spread(values: list[float], form: str = "{:.0f}") -> str:
    """Median with the lowest and highest of the runs: `312 (290–330)`."""
    if not values:
        return "—"
    ordered = sorted(values)
    middle = ordered[len(ordered) // 2]
    return f"{form.format(middle)} ({form.format(ordered[0])}–{form.format(ordered[-1])})"


def median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2] if values else 0.0


def rows_of(result: dict) -> list[str]:
    base = median(result["runs"]["hello"]["rate"])
    lines = []
    for key, title in result["titles"].items():
        run = result["runs"].get(key)
        if run is None:
            continue
        plain = result["runs"].get(f"{key}-plain")
        share = f"{100 * median(run['rate']) / median(plain['rate']):.0f} %" if plain else "—"
        queries = result["queries"].get(key, "—")
        lines.append(
            f"| {title} | {spread(run['rate'])} | {spread(run['p50'], '{:.1f}')} | {spread(run['p99'], '{:.1f}')} "
            f"| {spread(run['cpu'], '{:.2f}')} | {queries} | {median(run['rate']) / base:.3f} | {share} |"
        )
    return lines


def section(result: dict) -> str:
    head = (
        f"### {result['database']}, {result['cases']:,} cases\n\n"
        f"{result['notes']}\n\n"
        "| what | per second | p50 ms | p99 ms | CPU ms each | queries | ÷ Django hello | of the same view without template |\n"
        "|---|---|---|---|---|---|---|---|\n"
    )
    return head + "\n".join(rows_of(result)) + "\n"


def flatness(results: list[dict]) -> str:
    """How each figure at the largest size compares with the smallest on the same database."""
    lines = ["| database | what | small | large | large ÷ small |", "|---|---|---|---|---|"]
    by_database: dict[str, list[dict]] = {}
    for result in results:
        by_database.setdefault(result["database"], []).append(result)
    for database, found in by_database.items():
        found.sort(key=lambda result: result["cases"])
        if len(found) < 2:
            continue
        small, large = found[0], found[-1]
        for key, title in small["titles"].items():
            if key in small["runs"] and key in large["runs"]:
                a, b = small["runs"][key]["rate"], large["runs"][key]["rate"]
                lines.append(f"| {database} | {title} | {spread(a)} | {spread(b)} | {median(b) / median(a):.2f} |")
    return "\n".join(lines) + "\n"


def write(folder: Path, page: Path) -> None:
    """Put the tables between the marks of the page; what is written around them stays."""
    results = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    results.sort(key=lambda result: (result["database"], result["cases"]))
    machine = f"{platform.machine()}, {result_cores()} cores, Python {platform.python_version()}"
    made = datetime.now(UTC).date().isoformat()
    tables = "\n".join(section(result) for result in results)
    text = (
        f"{BEGIN}\nMeasured {made} on {machine} with `make bench`.\n\n"
        f"#### From small to large\n\n{flatness(results)}\n{tables}{END}"
    )
    old = page.read_text() if page.exists() else f"# Benchmarks\n\n{BEGIN}\n{END}\n"
    page.write_text(re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _match: text, old, flags=re.S))


def result_cores() -> int:
    return len(os.sched_getaffinity(0))
