"""linli load-duties --place CODE: load the default categories and duty list."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.base.errors import Refused
from linli.duties import actions
from linli.duties.models import Category
from linli.places.models import Place


class Command(BaseCommand):
    help = "Load the default categories and, where the place has none, its duty list as version 1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--place", required=True, help="division code of a district, street or community")

    def handle(self, *args: Any, **options: Any) -> None:
        place = Place.objects.of_code(options["place"])
        if place is None:
            raise CommandError(_("没有区划代码是 %(code)s 的地点。") % {"code": options["place"]})
        try:
            loaded = actions.load_defaults(place, by=None, at=timezone.now())
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        words = {
            "list": loaded,
            "lines": loaded.lines.count(),
            "categories": Category.objects.leaves().count(),
        }
        self.stdout.write(_("%(list)s：%(lines)d 条，%(categories)d 类事项。") % words)
