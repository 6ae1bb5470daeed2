"""Which words make the form ask its safety question first, and which do not."""

import pytest

from linli.cases import actions
from tests.cast import Willow

pytestmark = pytest.mark.django_db

CALLED_FOR = {
    "煤气味": "gas_leak",
    "一股煤气味": "gas_leak",
    "楼道里燃气味很重": "gas_leak",
    "家里有天然气味": "gas_leak",
    "煤气泄漏了": "gas_leak",
    "有没有煤气味我也说不准": "gas_leak",
    "三楼着火了": "fire",
    "地下室冒烟": "fire",
    "电瓶车烧起来了": "fire",
    "窗口有火光": "fire",
    "人关在电梯里": "trapped",
    "孩子困电梯了": "trapped",
    "老人在电梯里出不来": "trapped",
    "路灯杆漏电": "wire_hazard",
    "小孩被电了一下": "wire_hazard",
    "摸栏杆麻手": "wire_hazard",
    "老公打我": "violence",
    "他说活够了": "mental_health",
    "邻居晕倒了": "check_in",
    "围墙塌了": "disaster",
    "瓷砖往下掉": "falling_tiles",
    "没有煤气味": "",
    "没闻到煤气味，只是咨询改管": "gas_service",
    "楼下没有着火": "",
    "关于电梯加装的建议": "",
    "路灯不亮三天了": "",
    "打物业前台的电话没人接": "",
}


def test_colloquial_words_of_danger_call_for_their_question_and_denials_do_not(willow: Willow) -> None:
    found = {}
    for text in CALLED_FOR:
        category = actions.pressing_category(text)
        found[text] = category.code.rpartition(".")[2] if category else ""
    wrong = {
        text: got
        for text, got in found.items()
        if got != CALLED_FOR[text] and CALLED_FOR[text] != "gas_service"
    }
    assert wrong == {}
    assert found["没闻到煤气味，只是咨询改管"] != "gas_leak"
