"""What happened in the lived-in community: a little of everything, made through actions."""

import io
import secrets
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from linli.attachments import actions as attachments
from linli.attachments.models import Attachment
from linli.base.worktime import Unit
from linli.cases import actions as cases
from linli.cases.actions import Portion, Said, Verdict
from linli.cases.models import Case, Order
from linli.cases.rules import Channel, Message, Outcome, State
from linli.duties import actions as duties
from linli.duties.actions import Terms
from linli.duties.models import Category, DutyList, Gap
from linli.front import actions as front
from linli.front.actions import Declared
from linli.insights import actions as insights
from linli.notices import actions as notices
from linli.notices.models import Delivery, Notice
from linli.notices.rules import State as Sending
from linli.organisations import actions as organisations
from linli.organisations.models import Membership
from linli.organisations.rules import Role
from linli.people import actions as people
from linli.people.models import Proxy, Residency, SignIn, Tenure
from linli.places import actions as places
from linli.todos import actions as todos
from linli.todos.actions.outside import Line, Task
from linli.todos.models import Todo
from linli.todos.rules import Reason
from linli.transparency import actions as transparency
from linli.transparency.keyring import Keyring
from linli.transparency.models import Entry
from tests.cast import LONG_AGO
from tests.signing_in import account_of, signed_in

if TYPE_CHECKING:
    from tests.world import LivedIn

DAYS = 20  # how long ago the story begins
LAMP_OUT = "lighting.lamp_out"


def photo(colour: str = "gray") -> SimpleUploadedFile:
    """Return a small JPEG as a telephone uploads it."""
    file = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(file, "JPEG")
    return SimpleUploadedFile("lamp.jpg", file.getvalue(), content_type="image/jpeg")


class Story:
    """Tells what happened, one minute after the other."""

    def __init__(self, world: "LivedIn") -> None:
        self.world, self.willow = world, world.willow
        self.at = world.now - timedelta(days=DAYS)
        self.lamp_out = Category.objects.get(code=LAMP_OUT)

    def tick(self) -> datetime:
        """Return the next minute."""
        self.at += timedelta(minutes=1)
        return self.at

    def said(self, name: str, text: str, *, public: bool = True, **more: object) -> Case:
        """Let 张阿姨 say something and the desk look it over."""
        said = Said(text=text, place=self.willow.lamp, category=self.lamp_out, **more)
        case = cases.file(said, by=self.willow.zhang, at=self.tick())
        if public:
            cases.moderate(case, by=self.willow.sun, at=self.tick())
        self.world.cases[name] = case
        return case

    def dispatched(self, name: str, text: str, **more: object) -> Order:
        """Let it reach 安居物业."""
        case = self.said(name, text, **more)
        return cases.dispatch(case, self.willow.property, by=self.willow.sun, at=self.tick())

    def under_way(self, name: str, text: str, **more: object) -> Order:
        """Let 赵师傅 begin."""
        order = self.dispatched(name, text, **more)
        cases.sign(order, by=self.willow.zhao, at=self.tick())
        return cases.start(order, by=self.willow.zhao, at=self.tick(), words="看过现场，缺一只驱动电源。")

    def resolved(self, name: str, text: str) -> Case:
        """Let 赵师傅 say that it is done."""
        case = self.under_way(name, text).case
        return cases.resolve(case, "换好了驱动电源，试亮正常。", by=self.willow.zhao, at=self.tick())

    def answered(self, name: str, text: str, outcome: str, **more: object) -> Case:
        """Let 张阿姨 say whether it is solved."""
        case, zhang = self.resolved(name, text), self.willow.zhang
        cases.confirm(case, zhang, Verdict(outcome=outcome, **more), by=zhang, at=self.tick())
        return case

    def tell_cases(self) -> None:
        """Bring a case into every state, and beside the straight way onto every branch."""
        w = self.willow
        self.said("filed", "3幢门前路灯不亮，晚上看不见台阶", public=False)
        cases.accept(self.said("accepted", "2单元门口的灯忽明忽暗"), by=w.sun, at=self.tick())
        self.dispatched("assigned", "地库入口的灯罩松了")
        self.under_way("under_way", "路灯白天也亮着，浪费电")
        paused = self.under_way("paused", "草坪灯全坏了，等配件").case
        review = (self.world.now + timedelta(days=20)).date()
        cases.pause(paused, "等厂家发货，约十天到。", review, by=w.zhao, at=self.tick())
        self.answered("confirmed", "楼道口的灯修好了请回个话", Outcome.SOLVED, rating=5, words="修得快")
        self.answered("partly", "两盏灯坏了，说一起修", Outcome.PARTLY, rating=3)
        again = self.answered("not_solved", "修过的灯又不亮了", Outcome.NOT_SOLVED, words="当晚又灭了")
        cases.tell_more(again, "是靠西的那一盏", by=w.zhang, at=self.tick())
        self.silent()
        self.endings()
        self.askings()
        self.relations()
        self.other_ways_in()

    def silent(self) -> None:
        """Let one go unanswered until the clock closes it, and let it be rung up."""
        case = self.resolved("unconfirmed", "健身角的灯坏了一只")
        self.at += timedelta(days=9)
        cases.run_clocks(self.at)
        case.refresh_from_db()
        assert case.state == State.UNCONFIRMED, case.state

    def endings(self) -> None:
        """Decline one, let one be withdrawn, find one in order on the spot."""
        w = self.willow
        declined = self.said("declined", "帮我开一张亲属关系证明")
        cases.decline(
            declined, by=w.sun, at=self.tick(),
            reason="这类证明不由社区开。", channel="请到派出所户籍窗口，或打 12345 问。",
        )  # fmt: skip
        withdrawn = self.said("withdrawn", "门前有落叶", public=False)
        cases.withdraw(withdrawn, by=w.zhang, at=self.tick(), words="自己扫了")
        private = Said(text="家里老人行动不便，想请人上门看看", place=w.building, matter="help")
        self.world.cases["private"] = cases.file(private, by=w.zhang, at=self.tick())
        patrol = cases.file_for(
            Said(text="巡查看到消防通道堆了纸箱", place=w.estate, channel=Channel.PATROL),
            resident=None, by=w.li, at=self.tick(),
        )  # fmt: skip
        cases.dispatch(patrol, w.property, by=w.sun, at=self.tick())
        cases.resolve(patrol, "纸箱已清走，通道画了线。", by=w.zhao, at=self.tick())
        self.world.cases["to_check"] = patrol

    def askings(self) -> None:
        """Let units ask for time, to give back, for help; one ruled on, the others waiting."""
        w = self.willow
        self.at = self.world.now - timedelta(hours=6)  # before any limit has passed
        self.resolved("resolved", "单元门上的感应灯不灵")
        order = self.under_way("extension", "路灯杆歪了，要吊车")
        cases.ask_extension(order, 3, Unit.WORKING_DAY, "吊车要等周末。", by=w.zhao, at=self.tick())
        order = self.dispatched("return", "市政路上的灯，不是小区的")
        asking = cases.ask_return(order, "not_our_duty", "在红线外，属市政。", by=w.zhao, at=self.tick())
        self.world.names["asking"] = str(asking.pk)
        order = self.under_way("help", "电缆老化，整排灯都暗")
        help_asked = cases.ask_help(order, "要更换电缆，超出物业能力。", by=w.zhao, at=self.tick())
        cases.rule_on(help_asked, True, "街道协调供电公司一起看。", by=w.qian, at=self.tick())
        joint = self.said("joint", "路灯和摄像头共用一根杆，都坏了")
        cases.dispatch(joint, w.property, [w.urban_management], by=w.sun, at=self.tick())
        cases.ask_more(joint, "请说一下是哪一根杆。", by=w.zhao, at=self.tick())
        up = self.said("upward", "整条街的路灯都不亮")
        cases.transfer(self._dispatched(up), w.street_office, by=w.sun, at=self.tick(), reason="市政道路")

    def _dispatched(self, case: Case) -> Case:
        cases.dispatch(case, self.willow.property, by=self.willow.sun, at=self.tick())
        return case

    def relations(self) -> None:
        """Merge two, split one, and let a neighbour say that they meet with it too."""
        w = self.willow
        main = self.said("main", "北门口的路灯一直不亮")
        cases.support(main, w.neighbour, at=self.tick())
        merged = self.said("merged", "北门的灯坏了没人修")
        cases.merge(merged, main, by=w.sun, at=self.tick(), reason="同一盏灯")
        mixed = self.said("mixed", "路灯不亮，垃圾也没人清")
        rubbish = Category.objects.leaves().exclude(pk=self.lamp_out.pk).exclude(is_public=False)[0]
        portion = Portion(text="垃圾没人清", category=rubbish)
        self.world.cases["part"] = cases.split(mixed, [portion], by=w.sun, at=self.tick())[0]
        cases.note(mixed, "物业说下周统一换。", by=w.sun, at=self.tick())
        dry = Category.objects.get(code="water.no_water")  # the cast has no waterworks: a gap of the list
        said = Said(text="停水一天了，没人通知", place=w.building, category=dry)
        self.world.cases["gap"] = cases.file(said, by=w.zhang, at=self.tick())
        hidden = self.said("hidden", "路灯下有人吵架")
        cases.hide(hidden, by=w.sun, at=self.tick(), reason="涉及邻里纠纷")

    def other_ways_in(self) -> None:
        """Take in by telephone, on the spot, from a chat and from long ago."""
        w = self.willow
        by_phone = Said(text="厨房下水慢，请人看看", place=w.building, channel=Channel.TELEPHONE)
        told = cases.file_for(by_phone, resident=w.chen, by=w.sun, at=self.tick())
        self.world.cases["by_phone"] = told
        cases.dispatch(told, w.property, by=w.sun, at=self.tick())
        cases.resolve(told, "疏通了，水下得快了。", by=w.zhao, at=self.tick())
        spot = Said(text="问医保在哪里办", place=w.estate, channel=Channel.COUNTER)
        self.world.cases["on_spot"] = cases.solve_on_the_spot(
            spot, resident=None, by=w.sun, at=self.tick(), words="告知在街道便民服务中心二楼"
        )
        chat = [Said(text="北门早上堵车", place=w.estate, nickname="小何")]
        self.world.cases["chat"] = cases.take_chat(chat, by=w.sun, at=self.tick())[0]
        old = Message(
            1, "m-1", "三年前的路灯", "路灯坏了一个月", self.world.now - timedelta(days=900), likes=12
        )
        cases.record_history(w.community, [old], self.tick())
        self.world.cases["history"] = Case.objects.get(is_history=True)
        feedback = Said(text="字太小，看不清", place=w.community, matter="feedback")
        self.world.cases["feedback"] = cases.file(feedback, by=w.zhang, at=self.tick())
        self.anonymous()

    def anonymous(self) -> None:
        """Let somebody without an account speak: the receipt is all they have."""
        w = self.willow
        nobody = Said(text="公交站没有灯", place=w.estate, category=self.lamp_out)
        self.world.cases["anonymous"] = cases.file(nobody, by=None, at=self.tick())

    def tell_files(self) -> None:
        """Add photos: one that is public with a face covered, one that is not, one of the work done."""
        w, case = self.willow, self.world.cases["under_way"]
        before = attachments.attach(photo(), case.subject, "before", self.tick(), w.zhang.subject)
        attachments.release(before, self.tick())
        hidden = attachments.attach(photo("red"), case.subject, "before", self.tick(), w.zhang.subject)
        done = self.world.cases["confirmed"]
        for role, colour in (("before", "black"), ("after", "white")):
            picture = attachments.attach(photo(colour), done.subject, role, self.tick(), w.zhao.subject)
            attachments.release(picture, self.tick())
        private = self.world.cases["private"]
        attachments.attach(photo(), private.subject, "before", self.tick(), w.zhang.subject)
        self.world.names |= {"photo": before.token, "hidden_photo": hidden.token}
        self.world.names["private_photo"] = Attachment.objects.of(private.subject).get().token

    def tell_people(self) -> None:
        """Let family act for each other, devices be signed in, a home wait for a word, a session run."""
        w, now = self.willow, self.world.now
        granted = people.grant_proxy(w.chen, w.daughter, Proxy.Scope.EVERYTHING, by=w.chen, at=self.tick())
        own = people.grant_proxy(w.zhang, w.daughter, Proxy.Scope.CASES, by=w.zhang, at=self.tick())
        waiting = people.settle(w.daughter, w.home, Tenure.FAMILY, now.date(), Residency.Source.SELF, at=now)
        account = account_of(w.zhang)
        people.record_sign_in(account, "another", "mark", "iPhone · 微信", now, now + timedelta(days=9))
        second = people.register("吕芳", "", self.tick())
        organisations.appoint(
            second, w.desk, Role.COMMUNITY_WORKER, w.community, LONG_AGO, by=w.administrator, at=self.tick()
        )
        organisations.assist(second, w.desk, w.chen, "本人来窗口，不会用手机", "counter", now)
        self.world.browsers["assisting"] = signed_in(second)
        self.world.names |= {
            "proxy": granted.token, "own_proxy": own.token, "waiting_home": waiting.token,
            "own_home": w.zhang.residencies.get().token, "chens_home": w.chen.residencies.get().token,
            "device": SignIn.objects.get(account=account).token,
            "zhang": w.zhang.token, "chen": w.chen.token, "neighbour": w.neighbour.token,
            "membership": Membership.objects.get(person=w.li).token,
        }  # fmt: skip

    def tell_lists(self) -> None:
        """Have a published and a draft duty list, a gap, own hours and codes that hang."""
        w = self.willow
        published = DutyList.objects.get(place=w.district)
        draft = duties.draft(w.district, by=w.district_officer, at=self.tick())
        line = draft.lines.get(category=self.lamp_out, ownership="common", place=None)
        terms = Terms("property", "物业服务合同第十条", (2, Unit.WORKING_HOUR), (1, Unit.WORKING_DAY),
                      [{"name": "办理", "amount": 2, "unit": Unit.WORKING_DAY}])  # fmt: skip
        duties.change_line(line, terms, ownership="common", by=w.district_officer, at=self.tick())
        code = places.issue_code(w.lamp, by=w.sun, at=self.tick())
        old = places.issue_code(w.estate, by=w.sun, at=self.tick())
        places.replace_code(w.estate, by=w.sun, at=self.tick())
        gap = Gap.objects.open().first()
        assert gap is not None
        self.world.names |= {
            "published": published.token, "draft": draft.token, "draft_line": line.token,
            "line": published.lines.get(number=line.number).token, "code": code.token, "old_code": old.token,
            "gap": gap.token,
        }  # fmt: skip

    def tell_tasks(self) -> None:
        """Admit another system's task, find one pointless and answer one, declare another platform."""
        w, now = self.willow, self.world.now
        system, token = todos.add_system("安全生产平台", w.district_centre, w.administrator, self.tick())
        line = Line(
            "消防巡查", "消防法第四十一条", Decimal("2.5"), Decimal(0), now.date() + timedelta(days=90)
        )
        admission = todos.admit(system, line, w.administrator, self.tick())
        posted, _new = todos.post_from_outside(
            system,
            Task("t-1", "消防巡查", "查一次楼道", now + timedelta(days=3), w.community.code or "",
                 "community_desk", "https://fire.example.cn/t/1"),
            self.tick(),
        )  # fmt: skip
        waiting = todos.say_pointless(posted, Reason.REPEATED, "上周填过一样的", w.sun, self.tick())
        own = Todo.objects.of(w.sun, Membership.objects.filter(person=w.sun)).open().filter(origin="cases")
        answered = todos.say_pointless(own[0], Reason.UNFIT, "", w.li, self.tick())
        todos.answer_pointless(
            answered, "kept", "法定职责，流程已减为一步。", w.district_officer, self.tick()
        )
        told = Declared("区综合平台", "东岸区", "上报事件", "fronts")
        platform = front.declare_platform(told, by=w.administrator, at=self.tick())
        self.world.names |= {
            "system": system.token, "admission": admission.token, "outside_todo": posted.token,
            "own_todo": own[0].token, "statement": waiting.token, "platform": platform.token,
            "bearer": token,
        }  # fmt: skip

    def tell_notices(self) -> None:
        """Let one message fail, one be unknown, and one notice be read."""
        w = self.willow
        mine = Notice.objects.of(w.zhang).order_by("-id")
        notices.read(mine[1], self.tick())
        sent = list(Delivery.objects.filter(person=w.zhang).order_by("id")[:2])
        for delivery, state in zip(sent, (Sending.FAILED, Sending.UNKNOWN), strict=True):
            Delivery.objects.filter(pk=delivery.pk).update(state=state, words="短信通道没有回音")
        self.world.names |= {"notice": mine[0].token, "attempt": sent[0].attempt}
        w.desk.telephone = "0577-55550101"
        w.desk.save()

    def seal(self) -> None:
        """Seal the record and sign it, as the signer does; and count the figures, as the night does."""
        w = self.willow
        keys = Keyring(settings.DATA / f"keys-{secrets.token_hex(4)}")
        log = w.community.code or ""
        transparency.seal_all()
        transparency.sign_round(log, keys, [], self.world.now, is_first=True)
        insights.tally((self.world.now - timedelta(days=DAYS + 1)).date(), self.world.now.date())
        insights.count_months((self.world.now - timedelta(days=DAYS)).date())
        entry = Entry.objects.filter(log=log).exclude(position=None).latest("pk")
        self.world.names |= {"log": log, "entry": entry.token, "entries_tile": f"000.p/{store_size(log)}"}


def store_size(log: str) -> int:
    """Return how many entries of `log` are sealed."""
    return Entry.objects.filter(log=log).exclude(position=None).count()
