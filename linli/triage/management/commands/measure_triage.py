from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from linli.triage import measuring
from linli.triage.measuring import Measured
from linli.triage.rules import Task

MATERIAL: dict[str, tuple[str, Callable[[Path], Measured]]] = {
    Task.UNIT: ("dispatch/events.csv", measuring.measure_units),
    Task.CATEGORY: ("messages/labelled.csv", measuring.measure_categories),
}


class Command(BaseCommand):
    help = "Measure the baseline on real material that it has not seen, and print the figures."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--data", type=Path, default=Path("../shared/data"), help="folder of the material"
        )
        parser.add_argument("--write", action="store_true", help="keep the figures for the public card")

    def handle(self, *args: Any, **options: Any) -> None:
        figures: dict[str, Measured] = {}
        for task, (name, measure) in MATERIAL.items():
            path = options["data"] / name
            if not path.exists():
                self.stdout.write(_("没有 %(path)s，跳过。") % {"path": path})
                continue
            figures[task] = measured = measure(path)
            self.stdout.write(
                _("%(task)s：%(cases)s 件，首位命中 %(first)s，前三命中 %(three)s，拿不准 %(unsure)s")
                % {
                    "task": Task(task).label,
                    "cases": measured.cases,
                    "first": f"{measured.first:.1%}",
                    "three": f"{measured.among_three:.1%}",
                    "unsure": f"{measured.unsure:.1%}",
                }
            )
        if options["write"] and figures:
            measuring.write({**measuring.read(), **figures})
