"""`linli purge`: remove now what is past its retention, instead of at night."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from linli.privacy import actions


class Command(BaseCommand):
    help = "Remove what is past its retention and say how many rows went."

    def handle(self, *args: Any, **options: Any) -> None:
        for table, count in actions.purge_all(timezone.now()).items():
            self.stdout.write(f"{table} {count}")
