"""`linli demo`: fill 柳树社区 on the first run and serve it; later runs keep the data."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.utils import timezone

from linli.demo import actions


class Command(BaseCommand):
    help = "Fill the demo community, if it is not there, and serve it with worker and signer."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--only-fill", action="store_true", help="fill, and do not serve")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("这里不是演示模式。请用 make demo，或设 LINLI_DEMO=1；不要在正式数据上运行。")
        unfinished = settings.DATA / "filling"
        if unfinished.exists() and connection.vendor == "sqlite":
            self.say("上次没有填完，从头再来")
            connection.close()
            for file in settings.DATA.glob("linli.sqlite3*"):
                file.unlink()
        self.say("准备数据库")
        call_command("migrate", "--no-input", verbosity=0)
        if actions.is_filled():
            self.say("柳树社区的数据还在，接着用（要重来就删掉 var/demo 文件夹）。")
        else:
            unfinished.touch()
            self.fill()
            unfinished.unlink()
        call_command("collectstatic", "--no-input", verbosity=0)
        if options["only_fill"]:
            return
        self.say(f"打开 http://127.0.0.1:{options['port']}/demo/ ，点一个人进去看看。")
        connection.close()
        command = [sys.executable, "-m", "django", "serve", "--port", str(options["port"]), "--with-signer"]
        os.execvpe(sys.executable, command, {**os.environ, "DJANGO_SETTINGS_MODULE": "linli.config.settings"})  # noqa: S606 — the same program goes on as the server

    def fill(self) -> None:
        """Fill with the disk's flush off: a demo that was cut short is simply filled again."""
        self.say("第一次运行：填入柳树社区和它最近十二周的事，约两三分钟。")
        settings.SMS_GATEWAY = "linli.base.gateways.memory"  # what was told in those weeks is told already
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA synchronous=OFF")
        actions.fill(timezone.localtime(), self.say)
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA synchronous={settings.SQLITE_SYNCHRONOUS}")

    def say(self, words: str) -> None:
        """Print one line of progress at once."""
        self.stdout.write(f"→ {words}" if not words.startswith(" ") else words)
        self.stdout.flush()
