"""linli import-people FILE: load a ledger of people from where it lies, up to 2 GB."""

import time
from argparse import ArgumentParser
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.base.errors import Refused
from linli.imports import actions
from linli.imports.models import Run, State
from linli.imports.rules.columns import IGNORED, lost
from linli.imports.rules.runs import Outcome
from linli.imports.rules.tables import BY_COMMAND
from linli.people.models import Account, Person
from linli.places.models import Place
from linli.privacy.models import is_assessed
from linli.register.actions import finding as register

TURN = 2.0  # seconds between two words about progress


class Command(BaseCommand):
    help = (
        "Load a ledger of people (CSV or XLSX, at most 2 GB). Columns are read by their headings or as the source was "
        "read before. Broken rows go to an error file with their reasons, differences to a list that people decide in "
        "the page. Broken off, it goes on where it was; the same file again changes nothing; a later ledger "
        "(--stated-on) that repeats a fact moves only the day on which it was confirmed."
    )

    said_at = 0.0

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--place", default="", help="division code of the place to load into (default: everywhere)"
        )
        parser.add_argument("--source", default="", help="name of the source, which remembers the columns")
        parser.add_argument(
            "--stated-on",
            type=date.fromisoformat,
            help="day of the ledger (default: the day the file was last changed)",
        )
        parser.add_argument(
            "--known-homes",
            action="store_true",
            help="report homes that are not known instead of planting them",
        )
        parser.add_argument(
            "--ignore-rest", action="store_true", help="leave columns behind whose heading says nothing"
        )
        parser.add_argument("--by", default="", help="user name of the worker on whose behalf it is loaded")
        parser.add_argument("--check", action="store_true", help="only say what would become of the rows")
        parser.add_argument("--no-index", action="store_true", help="leave the search index to the worker")
        parser.add_argument("--errors", type=Path, help="where broken rows go (default: FILE-errors.csv)")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        errors = options["errors"] or path.with_name(f"{path.stem}-errors.csv")
        begun = time.perf_counter()
        try:
            run = self.begin(path, options)
            run = self.go(run, path)
        except OSError as error:
            raise CommandError(_("读不了文件：%(error)s") % {"error": error}) from error
        except Refused as refused:
            raise CommandError(str(refused.reason)) from refused
        self.stdout.write("")
        self.report(run, time.perf_counter() - begun)
        self.keep_errors(run, errors)
        if run.state == State.FAILED:
            raise CommandError(run.problem)
        if run.state == State.LOADED and not options["no_index"]:
            self.index()

    def begin(self, path: Path, options: dict[str, Any]) -> Run:
        """Find or make the run, with its columns mapped, and set it going."""
        now, by = timezone.now(), self.worker(options["by"])
        place = None
        if options["place"]:
            place = Place.objects.of_code(options["place"])
            if place is None:
                raise CommandError(_("没有区划代码是 %(code)s 的地点。") % {"code": options["place"]})
        stated_on = options["stated_on"] or timezone.localdate(
            datetime.fromtimestamp(path.stat().st_mtime, timezone.get_current_timezone())
        )
        source = actions.source_of(place, options["source"] or _("命令导入"), by, now)
        run = actions.take_path(
            source, path, limit=BY_COMMAND, stated_on=min(stated_on, timezone.localdate(now)), by=by, at=now
        )
        if run.state == State.LOADING:
            self.stdout.write(_("上次导入到第 %(n)d 行断开了，接着导入") % {"n": run.done})
            return run
        self.warn(run)
        mapping = run.mapping
        if options["ignore_rest"]:
            mapping = mapping | dict.fromkeys(lost(run.headings, mapping), IGNORED)
        run = actions.map_columns(
            run, mapping, run.day_order, plants_homes=not options["known_homes"], by=by, at=now
        )
        if options["check"]:
            return actions.check(run, by, now)
        if by is None and not is_assessed("register.import", now):
            self.stderr.write(
                _(
                    "提醒：还没有生效的个人信息保护影响评估。请数据官尽快在“个人信息保护”里补上，页面上在此之前不能导入。"
                )
            )
        return actions.load_unchecked(run, by, now)

    def warn(self, run: Run) -> None:
        """Say of a workbook what its page would: the sheet that is read, merged cells, formulas without a result."""
        if len(run.found.get("sheets", [])) > 1:
            self.stdout.write(_("工作簿里有几张表，读的是“%(name)s”") % {"name": run.shape["sheet"]})
        for count, words in (
            ("merged_count", _("有 %(n)d 处合并单元格，只有左上角一格有内容，其余当作空的")),
            ("without_result_count", _("有 %(n)d 格公式没有存结果，当作空的")),
        ):
            if run.found.get(count):
                self.stderr.write(words % {"n": run.found[count]})

    def worker(self, username: str) -> Person | None:
        if not username:
            return None
        account = Account.objects.filter(username=username).first()
        person = account.persons.first() if account else None
        if person is None:
            raise CommandError(_("没有用户名是 %(name)s 的工作人员。") % {"name": username})
        return person

    def go(self, run: Run, path: Path) -> Run:
        """Work until it is done, and say every few seconds how far it is."""
        done = actions.go_on(run.token, timezone.now, path=path, progress=self.say)
        if done is None:
            raise CommandError(_("这个文件正在由另一个进程导入。"))
        return done

    def say(self, run: Run) -> None:
        """Show how far it is, on one line of a terminal and on lines of a log."""
        now = time.monotonic()
        if now - self.said_at < TURN:
            return
        self.said_at = now
        words = {"n": run.done, "percent": run.percent}
        end = "\r" if self.stdout.isatty() else "\n"
        self.stdout.write(_("处理到第 %(n)d 行，%(percent)d%%") % words, ending=end)
        self.stdout.flush()

    def report(self, run: Run, seconds: float) -> None:
        for outcome in Outcome:
            if count := run.counts.get(outcome.value, 0):
                self.stdout.write(f"{outcome.label}：{count}")
        if planted := run.counts.get("planted", 0):
            self.stdout.write(_("新建地点：%(n)d") % {"n": planted})
        self.stdout.write(_("用时 %(seconds).1f 秒") % {"seconds": seconds})

    def keep_errors(self, run: Run, path: Path) -> None:
        """Write the broken rows, each with its reason, or take away an old list of them."""
        count = run.counts.get(Outcome.BROKEN.value, 0)
        if not count:
            path.unlink(missing_ok=True)
            return
        with path.open("wb") as file:
            file.writelines(actions.error_file(run, "csv"))
        self.stderr.write(_("%(n)d 行没有导入，原因写在 %(path)s") % {"n": count, "path": path})

    def index(self) -> None:
        """Build the search index of whoever is new or changed."""
        begun, total = time.perf_counter(), 0
        while done := register.index_changed(timezone.now()):
            total += done
        self.stdout.write(
            _("搜索索引：%(n)d 人，%(seconds).1f 秒") % {"n": total, "seconds": time.perf_counter() - begun}
        )
