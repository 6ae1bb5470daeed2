from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from linli.base.errors import Refused
from linli.transparency import actions, notes
from linli.transparency.actions.signing import folder_of, origin_of
from linli.transparency.keyring import Keyring
from linli.transparency.models import PublicKey
from linli.transparency.notes import BadNote, Verifier


class Command(BaseCommand):
    help = "恢复旧备份以后：从已发布的文件（文件夹或网址）把日志补齐，签名机才会再签"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--log", required=True, help="日志名（社区区划代码）")
        parser.add_argument("--from", dest="source", help="发布文件夹或网址；默认是签名机自己的发布文件夹")
        parser.add_argument("--key", action="append", default=[], help="公钥；默认用本机钥匙和数据库里的公钥")

    def handle(self, *args: Any, **options: Any) -> None:
        log = options["log"]
        source = options["source"] or str(folder_of(log))
        try:
            verifiers = [notes.read_vkey(key) for key in options["key"]] or self.own_keys(log)
            done = actions.recover(log, source, verifiers, timezone.now())
        except (Refused, BadNote, OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{log}：{done.kept} 条原样，{done.reseated} 条找回序号，{done.restored} 条只找回叶子（内容随备份丢失）。"
        )

    def own_keys(self, log: str) -> list[Verifier]:
        keys = Keyring(settings.LOG_KEY)
        held = PublicKey.objects.filter(log=log, holder=PublicKey.Holder.LOG).values_list("vkey", flat=True)
        remembered = keys.last_signed(log)
        names = {origin_of(log)} | ({remembered.note.split("\n", 1)[0]} if remembered else set())
        own = [verifier for name in names for verifier in keys.verifiers(name)] if keys.numbers() else []
        return [*own, *(notes.read_vkey(vkey) for vkey in held)]
