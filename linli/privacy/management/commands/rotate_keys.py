"""`linli rotate-keys`: a new key, and everything sealed comes to it, while Linli runs on."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.base.keys import KeyMissing
from linli.privacy import actions


class Command(BaseCommand):
    help = "Make a new field key and seal every value and file with it. Stopped half-way, it goes on where it was."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--with-index", action="store_true", help="also make a new key for blind indexes")
        parser.add_argument(
            "--retire", action="store_true", help="make no new key; name the old ones to take away"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["retire"]:
                self._retire()
            else:
                self._rotate(with_index=options["with_index"])
        except KeyMissing as missing:
            raise CommandError(str(missing)) from missing

    def _rotate(self, *, with_index: bool) -> None:
        key = actions.begin_rotation(timezone.now(), with_index=with_index)
        self.stdout.write(_("新密钥编号 %(key)s。请马上备份密钥文件夹，和数据库分开放。") % {"key": key})
        seen = 0
        while (count := actions.rotate_step(timezone.now())) is not None:
            seen += count
            self.stdout.write(_("已看 %(count)s 行") % {"count": seen}, ending="\r")
            self.stdout.flush()
        files = actions.rotate_files()
        seen += actions.rotate_rest(timezone.now())
        self.stdout.write(
            _("完成：看过 %(rows)s 行，换了 %(files)s 个文件。") % {"rows": seen, "files": files}
        )
        for name, waiting in actions.leftovers().items():
            self.stdout.write(_("%(name)s 还有 %(count)s 条在用旧密钥。") % {"name": name, "count": waiting})

    def _retire(self) -> None:
        for path in actions.retire_old_keys(timezone.now()):
            self.stdout.write(_("不再需要 %(path)s：请移到密钥档案里，旧备份还要用它。") % {"path": path})
