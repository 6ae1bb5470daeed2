import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from linli.transparency import witness


class Command(BaseCommand):
    help = (
        "见证方：给可信日志的检查点签见证；不用数据库，也可以 python -m linli.transparency.witness 独自运行"
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        witness.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        witness.run(argparse.Namespace(**options))
