"""Data protection in 柳树社区: assessments that open features, texts agreed to, a grant reviewed, a drill."""

from datetime import datetime, timedelta

from linli.demo.world import Say, World
from linli.organisations.models import Membership
from linli.people.models import Person
from linli.privacy import actions, told
from linli.privacy.rules import Outcome, Right

WEEKS = timedelta(weeks=10)
NECESSARY = "不用这项功能，同样的信息要逐户再问一遍，居民和社区都更累；只用办事必需的几项，不取别的。"
RISKS = "信息可能被无关的人看到、被导出后另作他用，或者因为记错而影响本人的待遇。"
MEASURES = "加密存放，默认遮盖，打开要写事由并让本人看到；导出带水印和留痕，到期自动清除；每年复核一次。"
TEXTS = (
    (
        "hearing-visit",
        "上门前知道您的听力情况",
        "我们想请上门的志愿者和工作人员提前知道您听力怎么样，好当面慢慢说。只给当次上门的人看，一年后自动失效。",
        "照样上门，只是不提前知道。",
        True,
    ),
    (
        "festival-photo",
        "活动照片里有您",
        "社区活动的照片可能拍到您，我们想放在社区页面上。照片旁边不写姓名。撤回以后就从页面上拿下来。",
        "照样参加活动，照片里有您的不公开。",
        False,
    ),
)
CHECKED = (
    ("grade", "done", "第二级，2026 年 1 月测评"),
    ("roles", "done", "系统管理员、审计员、数据官各一人"),
    ("sealed", "done", "密钥文件夹单独备份"),
    ("rotation", "partly", "计划每年一次，今年的还没换"),
    ("plan", "done", "应急预案 2026 年第 1 版"),
)
DRILL = {
    "kinds": "姓名、手机号（演练）",
    "causes": "演练：假设一台工作平板丢失",
    "harm": "演练：可能接到骚扰电话",
    "remedies": "演练：远程退出登录，改密码，查留痕",
    "advice": "演练：陌生来电先核实",
    "contact": "柳树社区居民委员会 0577-00000001",
}


def fill(world: World, cast: dict[str, Person], at: datetime, say: Say) -> None:
    """Set the desk up ten weeks ago and let it work since then."""
    say("个人信息保护")
    begun = at - WEEKS
    officer = cast["wei"]
    _assess(officer, cast["chu"], begun)
    for code, title, text, without, is_sensitive in TEXTS:
        made = actions.publish_notice(code, title, text, without, officer, begun, is_sensitive)
        actions.consent(cast["zhang"], made, cast["zhang"], begun + timedelta(days=3))
    _answer(cast["he"], officer, begun)
    _break_glass(cast, officer, begun)
    drill = actions.record_incident(
        world.community,
        DRILL,
        "none",
        begun + timedelta(days=9),
        officer,
        begun + timedelta(days=9),
        is_drill=True,
    )
    actions.close_incident(
        drill, "平板都设了开机密码；值班表上写明谁能远程退出登录。", "", officer, begun + timedelta(days=10)
    )
    for code, step, note in CHECKED:
        actions.check_item(world.district, code, step, note, officer, begun + timedelta(days=12))


def _assess(officer: Person, auditor: Person, at: datetime) -> None:
    for feature, name in told.features().items():
        parts = {
            "purpose": f"{name}：把已经有的信息用在办事上，不再重复问居民。",
            "necessity": NECESSARY,
            "risks": RISKS,
            "measures": MEASURES,
        }
        made = actions.assess(feature, parts, at.date() + timedelta(days=360), officer, at)
        actions.approve(made, auditor, at + timedelta(hours=3))


def _answer(resident: Person, officer: Person, at: datetime) -> None:
    asked = actions.ask(
        resident, Right.EXPLAIN, "为什么要问我的出生年份？", resident, at + timedelta(days=20)
    )
    words = "65 岁以上的，我们会先打电话，不只发短信。您可以不填，不影响办事。"
    actions.answer(asked, Outcome.GRANTED, words, officer, at + timedelta(days=22))


def _break_glass(cast: dict[str, Person], officer: Person, at: datetime) -> None:
    role = Membership.objects.get(person=cast["jiang"])
    begun = at + timedelta(days=30)
    grant = actions.break_glass(role, "何建军在桃园社区门口晕倒，要联系他的家人", begun, person=cast["he"])
    actions.reveal_under(grant, cast["he"], begun + timedelta(minutes=1))
    actions.review(grant, True, "急救现场，当场联系上了家人，正当。", officer, begun + timedelta(days=1))
