"""`linli serve`: the web server and the worker, and with them the signer where one machine holds both."""

import socket
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils.translation import gettext as _

from linli.base.processes import Child, Keeper, require_start

THREADS_ON_POSTGRESQL = 4  # on SQLite threads only lengthen the tail of writes


class Command(BaseCommand):
    help = "Serve Linli and run its background work until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--processes", type=int, default=2, help="web processes")
        parser.add_argument(
            "--with-signer", action="store_true", help="also run `linli sign` on this machine"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        require_start()
        require_free(host, port)
        children = [
            Child("web", web_command(host, port, options["processes"])),
            Child("worker", linli_command("work")),
        ]
        if options["with_signer"]:
            children.append(Child("signer", linli_command("sign")))
            self.stdout.write(
                _("注意：这台机器同时保管数据和签名密钥。正式部署请把 linli sign 放到另一台机器上。")
            )
        self.stdout.write(
            _("邻里在 http://%(host)s:%(port)s ，按 Ctrl-C 停止。") % {"host": host, "port": port}
        )
        connection.close()
        Keeper(children).run()


def linli_command(name: str) -> list[str]:
    return [sys.executable, "-m", "django", name]


def web_command(host: str, port: int, processes: int) -> list[str]:
    threads = THREADS_ON_POSTGRESQL if connection.vendor == "postgresql" else 1
    words = ["--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws", "--log-level", "warning"]
    words += ["--workers", str(processes), "--blocking-threads", str(threads), "--respawn-failed-workers"]
    return [sys.executable, "-m", "granian", *words, "linli.config.wsgi:application"]


def require_free(host: str, port: int) -> None:
    """Say so at once where another program holds the port, instead of starting again and again."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            words = _("%(host)s:%(port)s 用不了（%(error)s）。请换一个端口，例如 PORT=8001。")
            raise CommandError(words % {"host": host, "port": port, "error": error.strerror}) from error
