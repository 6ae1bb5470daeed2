"""`linli work`: the worker process, which does what was left for later and what is done by the clock."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django_q.cluster import Cluster

from linli.base.jobs import keep_schedule
from linli.base.processes import die_with_parent, require_start


class Command(BaseCommand):
    help = "Run background work until SIGTERM or Ctrl-C. A worker that is killed loses no job."

    def handle(self, *args: Any, **options: Any) -> None:
        require_start()
        keep_schedule(settings.SCHEDULE)
        # Without this, what the worker forked would live on after a kill -9 of the worker itself.
        os.register_at_fork(after_in_child=die_with_parent)
        Cluster().start()
