"""The `linli` command: Django's management commands behind one name."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run `linli <command> …`; `linli help` lists the commands. `import-divisions` and `import_divisions` are one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings")
    name, *words = sys.argv[1:] or ["help"]
    if name == "help" and words:
        words[0] = words[0].replace("-", "_")
    execute_from_command_line(["linli", name if name.startswith("-") else name.replace("-", "_"), *words])


if __name__ == "__main__":
    main()
