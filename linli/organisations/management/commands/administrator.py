"""`linli administrator`: the first administrator of a district, who appoints everyone else."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.base.errors import Refused
from linli.organisations import actions
from linli.places.models import Place


class Command(BaseCommand):
    help = "Appoint an administrator at a place and print the temporary password once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="姓名")
        parser.add_argument("username", help="用户名")
        parser.add_argument("--place", required=True, help="division code of the district (区划代码)")
        parser.add_argument("--body", default="系统管理", help="name of the body that administers")

    def handle(self, *args: Any, **options: Any) -> None:
        place = Place.objects.of_code(options["place"])
        if place is None:
            raise CommandError(_("没有这个区划代码：%(code)s。请先导入区划。") % {"code": options["place"]})
        try:
            membership, password = actions.install_administrator(
                options["name"], options["username"], options["body"], place, timezone.now()
            )
        except Refused as refused:
            raise CommandError(str(refused.reason)) from None
        self.stdout.write(
            _("%(name)s 现在是“%(place)s”的系统管理员。临时密码只显示这一次：%(password)s")
            % {"name": str(membership.person), "place": str(place), "password": password}
        )
