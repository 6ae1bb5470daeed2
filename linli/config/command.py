"""The `linli` command: Django's management commands behind one name."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run `linli <command> …`; `linli help` lists the commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings")
    execute_from_command_line(["linli", *sys.argv[1:]])
