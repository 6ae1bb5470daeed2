import pytest

from linli.triage.rules import Candidate, dangers
from linli.triage.rules.card import share_words
from linli.triage.rules.ranking import rank_by_facts, rank_by_words, seeds, tokenize, weights

LAMP = Candidate("lighting.lamp_out", ["路灯不亮", "路灯坏了", "楼道灯"])
LEAK = Candidate("water.leak", ["水管漏水", "漏水", "渗水"])
NOISE = Candidate("noise.building", ["施工噪音", "夜间施工"])
ALL = [LAMP, LEAK, NOISE]


def by_seeds(text: str) -> list[str]:
    own = seeds(ALL)
    totals: dict[str, float] = {}
    for labels in own.values():
        for label, count in labels.items():
            totals[label] = totals.get(label, 0) + count
    ranked = rank_by_words(weights(text, ALL), own, totals, [each.label for each in ALL])
    return [each.label for each in ranked]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("3幢门口的路灯不亮三天了", "lighting.lamp_out"),
        ("楼上漏水，把天花板泡了", "water.leak"),
        ("工地夜间施工，孩子睡不着", "noise.building"),
    ],
)
def test_a_categorys_own_words_are_enough_to_begin_with(text: str, label: str) -> None:
    assert by_seeds(text)[0] == label


@pytest.mark.parametrize("text", ["", "你好", "😀😀", "12345", "请领导帮忙解决一下这个问题", "今天天气不错"])
def test_without_evidence_nothing_is_proposed(text: str) -> None:
    assert by_seeds(text) == []


def test_reasons_are_words_of_the_text_and_scores_are_shares() -> None:
    ranked = rank_by_words(
        {"路灯": 1.0, "漏水": 1.0, "晚上": 1.0},
        {"路灯": {"a": 30}, "漏水": {"b": 2}, "晚上": {"a": 3, "b": 3}},
        {"a": 120, "b": 50},
        ["a", "b"],
    )
    assert ranked[0].label == "a"
    assert ranked[0].because[0] == "路灯"
    assert 0 < sum(each.score for each in ranked) <= 1.001


def test_tokens_are_words_once_without_numbers_or_filler() -> None:
    assert tokenize("路灯路灯不亮，3幢502，谢谢") == ["路灯", "灯不亮"]


def test_what_is_said_first_weighs_more() -> None:
    found = weights("路灯不亮\n" + "后来又说到" * 20 + "水管")
    assert found["路灯"] > found["水管"]


def test_the_most_specific_fact_speaks_first_and_the_general_ones_fill_up() -> None:
    counts = {
        "lamp@willow": {"物业": 3},
        "lamp@street": {"物业": 4, "城管": 6},
        "lamp": {"供电": 50, "城管": 30},
    }
    ranked = rank_by_facts(["lamp@willow", "lamp@street", "lamp"], counts)
    assert [each.label for each in ranked] == ["物业", "城管", "供电"]
    assert ranked[0].because == ("lamp@willow", "lamp@street")
    assert sum(each.score for each in ranked) <= 1
    assert [each.label for each in rank_by_facts(["lamp@peach", "lamp"], counts)] == ["供电", "城管"]
    assert [each.label for each in rank_by_facts(["lamp@willow", "lamp"], counts, ["供电"])] == ["供电"]
    assert rank_by_facts(["unknown"], counts) == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("楼道里闻到很浓的煤气味", ["gas"]),
        ("厨房燃气在漏气！", ["gas"]),
        ("有股天然气的味道", ["gas"]),
        ("地下车库电瓶车着火了", ["fire"]),
        ("老人被困在电梯里了", ["lift"]),
        ("电梯又困人了", ["lift"]),
        ("路灯杆漏电，狗被电死了", ["electricity"]),
        ("外墙瓷砖掉下来了，差点砸到人", ["falling"]),
        ("楼上有人要跳楼", ["life"]),
        ("邻居家暴，一直在喊救命", ["violence"]),
        ("水煤气提质改造什么时候开始", []),
        ("咨询煤气费怎么缴", []),
        ("什么时候开通天然气", []),
        ("建议办一次消防演练，防止起火", []),
        ("电梯广告太吵", []),
        ("去年着火后一直没修", []),
        ("如果燃气泄漏怎么办理报修", []),
        ("今天停水。楼下冒浓烟", ["fire"]),
        ("煤气味", ["gas"]),
        ("一股煤气味", ["gas"]),
        ("楼道燃气味好重", ["gas"]),
        ("有煤气的味道", ["gas"]),
        ("不知道有没有煤气味，心里慌", ["gas"]),
        ("没有煤气味", []),
        ("没闻到煤气味，就是灶打不着", []),
        ("闻不到煤气味了", []),
        ("楼上没有着火，但有人触电了", ["electricity"]),
        ("地下室在冒烟", ["fire"]),
        ("三楼烧着了", ["fire"]),
        ("看到有火光", ["fire"]),
        ("没有冒烟", []),
        ("人在电梯里出不来", ["lift"]),
        ("孩子关电梯里了", ["lift"]),
        ("电梯卡住了，里面有人", ["lift"]),
        ("电梯停了，没有困人", []),
        ("关于电梯加装的建议", []),
        ("摸灯杆麻手", ["electricity"]),
        ("小孩被电了一下", ["electricity"]),
        ("插座打火花", ["electricity"]),
        ("挖掘机施工把燃气管挖断了", ["gas"]),
        ("昨天新安装的热水器漏电", ["electricity"]),
        ("煤气报警器一直在叫", ["gas"]),
        ("隔壁有人煤气中毒", ["gas", "medical"]),
        ("五楼着了", ["fire"]),
        ("走廊里全是烟", ["fire"]),
        ("电梯停在半路，门打不开，里面有人", ["lift"]),
        ("电缆垂在水坑上", ["electricity"]),
        ("有个女的坐在楼顶边上", ["life"]),
        ("她喝了农药", ["life"]),
        ("我妈叫不醒了", ["medical"]),
        ("小孩掉进河里", ["medical"]),
        ("老公又打我，不敢回家", ["violence"]),
        ("醉汉提着菜刀追人", ["violence"]),
        ("围墙快塌了", ["collapse"]),
        ("以后万一漏电怎么办，请先换线", []),
        ("小孩睡着了", []),
        ("半夜还在打桩", []),
        ("我打电话过去没人接", []),
        ("落水管被树叶堵了", []),
        ("电梯里面有人抽烟", []),
        ("请打我电话", []),
        ("", []),
    ],
)
def test_words_of_danger_are_heard_in_their_context(text: str, kinds: list[str]) -> None:
    assert [danger.kind for danger in dangers(text)] == kinds
    assert all(text[danger.start : danger.end] == danger.words for danger in dangers(text))


def test_no_share_under_the_minimum_count() -> None:
    assert share_words(19, 19) == ""
    assert share_words(15, 20) == "75%（15/20）"
