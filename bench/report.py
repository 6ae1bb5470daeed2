"""The tables in docs/benchmarks.md, made from the raw figures alone."""

import json
import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
NAMES = {
    "sqlite-full": "SQLite, `synchronous=FULL` (the default)",
    "sqlite-normal": "SQLite, `synchronous=NORMAL`",
    "postgres": "PostgreSQL, durable",
}


def spread(values: list[float], digits: int = 0) -> str:
    """Median with the lowest and highest of the runs: `312 (290–330)`."""
    if not values:
        return "—"
    low, middle, high = min(values), median(values), max(values)
    return f"{middle:,.{digits}f} ({low:,.{digits}f}–{high:,.{digits}f})"


def median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2] if values else 0.0


def rows_of(result: dict) -> list[str]:
    base = median(result["runs"]["hello"]["rate"])
    lines = []
    for key, title in result["titles"].items():
        run = result["runs"].get(key)
        if run is None:
            continue
        plain = result["runs"].get(f"{key}-plain", {}).get("rate", [])
        rate = median(run["rate"])
        cells = [
            title,
            spread(run["rate"], 0 if rate >= 100 else 1),
            spread(run.get("p50", []), 1),
            spread(run.get("p99", []), 1),
            f"{median(run['cpu']):.2f}" if "cpu" in run else "—",
            f"{median(run['database_cpu']):.2f}" if any(run.get("database_cpu", [])) else "—",
            str(result["queries"].get(key, "—")),
            f"{rate / base:.3f}",
            f"{median(plain):,.0f}, {100 * rate / median(plain):.0f} %" if plain else "—",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def section(result: dict) -> str:
    errors = sum(sum(run.get("errors", [])) for run in result["runs"].values())
    note = (
        f"{result['gigabytes']:.1f} GB on disk; {result['rounds']} rounds of {result['seconds']:g} s each; "
    )
    note += (
        "no request failed." if not errors else f"{errors:.0f} requests failed: {'; '.join(result['bad'])}."
    )
    head = (
        f"### {NAMES[result['database']]}, {result['cases']:,} cases\n\n{note}\n\n"
        "| what | per second | p50 ms | p99 ms | CPU ms, server | CPU ms, database | queries | ÷ Django hello "
        "| without its template, share left |\n|---|---|---|---|---|---|---|---|---|\n"
    )
    return head + "\n".join(rows_of(result)) + "\n"


def flatness(results: list[dict]) -> str:
    """How each rate at the largest size compares with the smallest, on the same database."""
    lines = ["| database | what | smallest | largest | largest ÷ smallest |", "|---|---|---|---|---|"]
    for database in NAMES:
        found = sorted((r for r in results if r["database"] == database), key=lambda r: r["cases"])
        if len(found) < 2:
            continue
        small, large = found[0], found[-1]
        for key, title in small["titles"].items():
            if key in small["runs"] and key in large["runs"]:
                a, b = small["runs"][key]["rate"], large["runs"][key]["rate"]
                spans = f"{spread(a)} | {spread(b)}"
                lines.append(f"| {database} | {title} | {spans} | {median(b) / median(a):.2f} |")
    return "\n".join(lines) + "\n" if len(lines) > 2 else ""


def write(folder: Path, page: Path) -> None:
    """Put the tables between the marks of the page; what is written around them stays."""
    results = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    results.sort(key=lambda result: (list(NAMES).index(result["database"]), result["cases"]))
    cores = len(os.sched_getaffinity(0))
    made = datetime.now(UTC).date().isoformat()
    machine = f"{platform.machine()}, {cores} cores shared with the load generator, Python {platform.python_version()}"
    flat = flatness(results)
    tables = (f"### From small to large\n\n{flat}\n" if flat else "") + "\n".join(map(section, results))
    text = f"{BEGIN}\nMeasured {made} on {machine}.\n\n{tables}{END}"
    old = page.read_text() if page.exists() else f"# Benchmarks\n\n{BEGIN}\n{END}\n"
    page.write_text(re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _match: text, old, flags=re.S))
