from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.module_loading import import_string

from linli.transparency import checking
from linli.transparency.actions.signing import folder_of
from linli.transparency.models import Checkpoint, Entry, Log, PublicKey


class Command(BaseCommand):
    help = "核对日志：从记录行重算整棵树、检查点和业务字段，逐条说出对不上的；有对不上的退出码为 1"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("logs", nargs="*", help="日志名；不写就全部核对")

    def handle(self, *args: Any, **options: Any) -> None:
        named = import_string(getattr(settings, "RECORDED", "linli.config.recorded.COMPARERS"))
        subjects = import_string("linli.config.recorded.SUBJECTS")
        comparers = {prefix: import_string(path) for prefix, path in named.items()}
        every = self.every_log()
        unknown = sorted(set(options["logs"]) - every)
        if unknown or not every:
            raise CommandError(
                f"没有这本日志：{'、'.join(unknown)}" if unknown else "还没有日志，没有什么可核对的"
            )
        problems = 0
        for log in sorted(set(options["logs"]) or every):
            found = 0
            for sentence in checking.findings(log, comparers, folder_of(log), subjects):
                self.stdout.write(f"{log}：{sentence}")
                found += 1
            if not found:
                self.stdout.write(f"{log}：全部对得上")
            problems += found
        if problems:
            raise CommandError(f"共 {problems} 处对不上")

    def every_log(self) -> set[str]:
        """Every log that anything speaks of: one that lost all its rows is still to be told."""
        names = set(Log.objects.values_list("name", flat=True))
        for rows in (Entry.objects, Checkpoint.objects, PublicKey.objects):
            names |= set(rows.order_by("log").values_list("log", flat=True).distinct())
        return names | {path.parent.name for path in folder_of("").glob("*/checkpoint")}
