import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from linli.base.errors import Refused
from linli.transparency import actions, witnessing
from linli.transparency.keyring import Busy, Keyring
from linli.transparency.models import Log
from linli.transparency.notes import BadNote
from linli.transparency.store import Broken
from linli.transparency.witnessing import Witness


class Command(BaseCommand):
    help = "签名机：独自持有钥匙，给各日志的检查点签名、送见证方、写发布文件；记录倒退就拒签"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, default=60, help="最少隔多少秒签一次（默认 60）")
        parser.add_argument("--once", action="store_true", help="只签一轮；拒签时退出码为 1")
        parser.add_argument("--only-sign", action="store_true", help="不封存，只签已封存的")
        parser.add_argument(
            "--rotate", action="store_true", help="先添一把新钥匙；旧钥匙继续签，直到删去它的文件"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        keys = Keyring(settings.LOG_KEY)
        try:
            with keys.held():
                if options["rotate"]:
                    self.stdout.write(f"第 {keys.rotate()} 把钥匙已生成：{keys.folder}")
                self.work(keys, witnessing.configured(), options)
        except KeyboardInterrupt:
            self.stdout.write("签名机已停。")
        except BadNote as error:
            raise CommandError(f"{witnessing.ENVIRONMENT} 写得不对：{error}") from error
        except Busy as error:
            raise CommandError(f"另一个签名机正在用 {keys.folder}，请先停掉它。") from error

    def work(self, keys: Keyring, witnesses: list[Witness], options: dict[str, Any]) -> None:
        compared: set[str] = set()
        while True:
            refusals = self.sign_all(keys, witnesses, compared, only_sign=options["only_sign"])
            if options["once"]:
                if refusals:
                    raise CommandError("\n".join(refusals))
                return
            for refusal in refusals:
                self.stderr.write(refusal)
            close_old_connections()
            time.sleep(options["every"])

    def sign_all(
        self, keys: Keyring, witnesses: list[Witness], compared: set[str], *, only_sign: bool
    ) -> list[str]:
        """Sign every log; what one log refuses does not hold up the others."""
        if not only_sign:
            actions.seal_all()
        refusals = []
        for log in Log.objects.order_by("name").values_list("name", flat=True):
            try:
                done = actions.sign_round(log, keys, witnesses, timezone.now(), is_first=log not in compared)
            except (Refused, Broken, OSError) as error:
                refusals.append(f"{log}：{error}")
                continue
            compared.add(log)
            for warning in done.warnings:
                self.stderr.write(f"{log}：见证方没有答复：{warning}")
        return refusals
