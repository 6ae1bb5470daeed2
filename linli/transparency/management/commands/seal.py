from typing import Any

from django.core.management.base import BaseCommand

from linli.transparency import actions


class Command(BaseCommand):
    help = "封存：把还没有序号的公开记录编入各社区的日志"

    def handle(self, *args: Any, **options: Any) -> None:
        actions.seal_all()
