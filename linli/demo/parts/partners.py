"""Who works in 柳树社区: three property companies, two owners' committees, a care centre, a lift company, a group."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.timezone import localtime

from linli.demo.world import Say, World
from linli.organisations import actions as organisations
from linli.organisations.rules import Role
from linli.partners import actions
from linli.partners.actions import Agreed, Certified, Kept, Offered, Profile
from linli.partners.models import Partner
from linli.partners.rules import Budget, Kind, Met, PaperKind, Post
from linli.partners.rules.codes import check_sign
from linli.people import actions as people
from linli.people.models import Person
from linli.places.models import Place

DAY = timedelta(days=1)
MARKET, CIVIL, STREET = "东岸区市场监督管理局", "东岸区民政局", "柳河街道办事处"
COMPANIES = (
    ("安居物业", "住宅小区的门岗、保洁、绿化、设备维修", 1, ("杨柳苑", "春晖花园", "兴柳公寓"), 900),
    ("翠堤物业", "翠堤府的物业服务", 2, ("翠堤府",), 25),
    ("和顺物业", "安置小区和老旧小区的物业服务", 3, ("柳岸新村", "柳园里", "河滨小区"), 700),
)


def fill(world: World, cast: dict[str, Person], at: datetime, say: Say) -> None:
    """Admit them over the twelve weeks, with papers, contracts, one suspension and one overdue term."""
    say("物业、业委会、社会组织")
    teller = _Teller(world, cast, at)
    companies = {name: teller.company(*facts) for name, *facts in [(row[0], *row) for row in COMPANIES]}
    teller.at_work(companies["安居物业"])
    teller.suspended(companies["和顺物业"])
    teller.committees()
    teller.care_centre()
    teller.lift_company()
    teller.group()
    actions.warn(at)


class _Teller:
    """What every story needs: the community, who acts, and when."""

    def __init__(self, world: World, cast: dict[str, Person], at: datetime) -> None:
        self.world, self.at = world, at
        self.sun, self.wang, self.qian, self.zhao = (cast[key] for key in ("sun", "wang", "qian", "zhao"))
        self.begun = at - timedelta(weeks=12)
        self.estates = world.estates

    def admitted(self, profile: Profile, places: Sequence[Place], paper: Certified, by: str) -> Partner:
        """Apply, enter the paper, check, approve: three people."""
        who = people.register(by, "", self.begun, is_demo=True)
        partner = actions.apply(profile, self.world.community, places, by=who, at=self.begun)
        actions.add_paper(partner, paper, by=who, at=self.begun)
        actions.check(partner, by=self.sun, at=self.begun + DAY)
        return actions.admit(partner, by=self.wang, at=self.begun + 2 * DAY)

    def company(self, name: str, purpose: str, number: int, estates: Sequence[str], days: int) -> Partner:
        """One property company; its liability insurance runs out in `days`."""
        profile = Profile(
            Kind.PROPERTY, name, purpose, _code(number), f"0577-0000003{number}", "小区物业服务中心"
        )
        licence = Certified(PaperKind.BUSINESS_LICENCE, f"9801{number:06}", MARKET, date(2019, 5, 6), None)
        partner = self.admitted(profile, [self.estates[name] for name in estates], licence, f"{name}负责人")
        end = self.at.date() + timedelta(days=days)
        insured = Certified(
            PaperKind.INSURANCE, f"ZR-{number:04}", "望江财产保险公司", end - 365 * 3 * DAY, end
        )
        actions.add_paper(partner, insured, by=self.sun, at=self.begun + 3 * DAY)
        return partner

    def at_work(self, partner: Partner) -> None:
        """安居物业: a contract with the owners, a round, a pump, a slot, and a finding by the community."""
        begun, end = self.begun + 3 * DAY, self.at - 12 * DAY
        estate = self.estates["杨柳苑"]
        first = self.begun.date() - 100 * DAY
        agreed = Agreed(
            "杨柳苑-物业-01", "杨柳苑物业服务合同", "杨柳苑业主大会", "门岗、保洁、绿化、电梯和消防设备日常维护",
            Decimal("486000.00"), Budget.SERVICE_FEE, first, first, first + 1095 * DAY,
        )  # fmt: skip
        actions.sign_contract(partner, agreed, by=self.sun, at=begun)
        points = ["1幢消防通道", "2幢消防通道", "地下车库", "电动车棚"]
        walked = actions.plan_round(partner, estate, "夜间消防通道", points, 7, by=self.zhao, at=begun)
        for week in range(1, 12):
            wrong = {3: "有人飞线充电，已劝走，加装了插座锁"} if week == 6 else {}
            report = actions.walk_round(walked, wrong, by=self.zhao, at=begun + week * 7 * DAY)
            if wrong:
                actions.settle_defects(report, "插座锁装好了", by=self.zhao, at=begun + (week * 7 + 2) * DAY)
        pump = actions.add_device(partner, estate, Kept("地库排水泵", "防汛排水", 90), by=self.zhao, at=begun)
        actions.service_device(pump, "试机正常，换了浮球", by=self.zhao, at=self.at - 20 * DAY)
        start = localtime(self.at + 4 * DAY).replace(hour=14, minute=0, second=0, microsecond=0)
        offered = Offered(
            "检查厨房水管和地漏", "检查不收费，换配件按价目表", start, start + timedelta(hours=3), 8
        )
        actions.offer_slot(partner, estate, offered, by=self.zhao, at=self.at - 2 * DAY)
        lines = ["电梯困人 30 分钟内到场", "报修 24 小时内上门", "公共收益每季度公布", "消防通道保持畅通"]
        actions.publish_standard(
            Kind.PROPERTY, self.world.community, "物业服务看什么", lines, 3, by=self.wang, at=begun
        )
        row = actions.draft_evaluation(partner, begun.date(), end.date(), by=self.sun, at=end)
        found = {
            "0": (Met.MET, "两次困人，分别 12 分钟、21 分钟到场，查了门岗记录"),
            "1": (Met.PARTLY, "抽查 20 单，17 单在 24 小时内上门"),
            "2": (Met.NOT_MET, "二季度停车费和广告收益还没有公布"),
            "3": (Met.MET, "夜间看了四次，都畅通"),
        }
        actions.judge(row, found, "维修比上半年快，账要补公布。", by=self.sun, at=end)
        words = "二季度的账在审计，这个月 20 日前公布；三单迟到是因为配件缺货。"
        actions.answer_evaluation(row, words, by=self.zhao, at=end + 4 * DAY)
        actions.publish_evaluation(row, by=self.wang, at=end + 6 * DAY)

    def suspended(self, partner: Partner) -> None:
        """和顺物业 was stopped nine days ago and has not answered yet."""
        actions.suspend(
            partner, "消火栓停水两个月没有恢复，两次书面提醒没有整改。", "《消防法》第十六条；物业服务合同第 8 条",
            by=self.wang, at=self.at - 9 * DAY,
        )  # fmt: skip

    def committees(self) -> None:
        """杨柳苑's is in office; 春晖花园's term is over and nobody was elected yet."""
        for estate, elected, seats in (
            ("杨柳苑", self.at.date() - 500 * DAY, ("周桂兰", "沈国平", "顾建明")),
            ("春晖花园", self.at.date() - (5 * 365 + 60) * DAY, ("陆阿根", "范丽华", "金志刚")),
        ):
            filing = Certified(
                PaperKind.COMMITTEE_FILING, f"柳街备-{estate}", STREET, elected + 12 * DAY, None
            )
            profile = Profile(Kind.OWNERS_COMMITTEE, f"{estate}业主委员会", "执行业主大会的决定，监督物业")
            partner = self.admitted(profile, [self.estates[estate]], filing, seats[0])
            later = self.begun + 3 * DAY
            term = actions.elect(partner, elected, 5, 5, by=self.sun, at=later)
            actions.file_term(term, elected + 12 * DAY, f"柳街备-{estate}", by=self.sun, at=later)
            posts = (Post.CHAIR, Post.DEPUTY, Post.MEMBER)
            for number, (name, post) in enumerate(zip(seats, posts, strict=True)):
                phone = f"1980000{len(estate)}{number:03}"
                actions.seat_member(term, name, phone, post, elected, by=self.sun, at=later)

    def care_centre(self) -> None:
        """夕阳红 delivers elder care that the community buys with public money; its permit runs out soon."""
        profile = Profile(
            Kind.SOCIAL_ORGANISATION, "夕阳红居家养老服务中心", "上门助洁、助餐、助浴，陪老人看病",
            _code(11, "52"), "0577-00000041", "柳河路 18 号",
        )  # fmt: skip
        end = self.at.date() + 40 * DAY
        paper = Certified(PaperKind.SOCIAL_REGISTRATION, "东民社证 0211", CIVIL, date(2021, 9, 1), None)
        partner = self.admitted(profile, [self.world.community], paper, "吕秀芬")
        food = Certified(PaperKind.FOOD_PERMIT, "JY398010100", MARKET, end - 1825 * DAY, end)
        actions.add_paper(partner, food, by=self.sun, at=self.begun + 2 * DAY)
        assert partner.organisation is not None  # noqa: S101 — for the type checker
        manager = people.register("吕秀芬", "", self.begun, is_demo=True)
        organisations.appoint(
            manager, partner.organisation, Role.PROVIDER_WORKER, self.world.community, self.begun.date(),
            by=None, at=self.begun,
        )  # fmt: skip
        first = self.begun.date() + 3 * DAY
        agreed = Agreed(
            "柳社采-2026-03", "居家养老上门服务", "柳树社区居民委员会",
            "为 30 位高龄、独居老人每月上门助洁两次、助浴一次；每月交服务单和老人签字。",
            Decimal("64800.00"), Budget.LOTTERY, first, first, first + 364 * DAY, budget_words="东民〔2026〕14 号",
        )  # fmt: skip
        contract = actions.sign_contract(partner, agreed, by=self.sun, at=self.begun + 3 * DAY)
        for number, month in enumerate(("第一个月", "第二个月", "第三个月")):
            due = first + (number + 1) * 30 * DAY
            item = actions.promise(
                contract, f"{month}服务", due, Decimal("5400.00"), by=self.sun, at=self.begun + 3 * DAY
            )
            if number == 2:
                continue
            then = self.begun + (3 + 30 * (number + 1)) * DAY
            actions.deliver(item, "上门 90 次，签字单 90 份", by=manager, at=then)
            if number == 1:
                actions.penalise(
                    item, Decimal("180.00"), "三位老人少了一次助浴", "合同第 7 条", by=self.sun, at=then + DAY
                )
            actions.accept(item, "抽访 8 户，与签字单相符", by=self.sun, at=then + 2 * DAY)
            actions.pay(item, f"2026-{number + 101}", by=self.wang, at=then + 4 * DAY)

    def lift_company(self) -> None:
        """腾达 keeps the lifts; its licence has just run out, so that it takes no new orders."""
        profile = Profile(
            Kind.ENTERPRISE,
            "腾达电梯维保公司",
            "电梯半月维保和急修",
            _code(21),
            "0577-00000051",
            "东岸工业园 6 号",
        )
        end = self.at.date() - 6 * DAY
        paper = Certified(PaperKind.BUSINESS_LICENCE, "980100021", MARKET, date(2016, 4, 1), end)
        self.admitted(profile, [self.estates["杨柳苑"], self.estates["春晖花园"]], paper, "戚伟")

    def group(self) -> None:
        """A group of residents who teach elders to use the telephone."""
        leader = people.register("杜小满", "", self.begun, is_demo=True)
        profile = Profile(Kind.RESIDENTS_GROUP, "手机课小组", "每周三下午教老人用手机：挂号、视频、防骗。")
        estate = self.estates["师范宿舍"]
        group = actions.apply(profile, self.world.community, [estate], by=leader, at=self.begun)
        actions.admit(group, by=self.wang, at=self.begun + DAY)
        actions.stand_by(group, self.sun, "社区二楼活动室，每周三下午", by=self.sun, at=self.begun + 2 * DAY)
        row = actions.grant(
            group, "买手机支架和打印课件", Decimal("600.00"), by=self.wang, at=self.begun + 7 * DAY
        )
        words = "手机支架 12 个 420 元，打印 160 元，剩 20 元退回"
        actions.account_for(row, Decimal("580.00"), words, by=leader, at=self.begun + 40 * DAY)


def _code(number: int, first: str = "91") -> str:
    """Return an invented credit code of the demo's district that checks out."""
    body = f"{first}980101MA{number:07}"
    return body + check_sign(body)
