"""Surnames and given names of which the demo's people are made; nobody is meant."""

SURNAMES = (
    *(
        "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁"
        "任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严"
        "莫孔向常"
    ),
    "欧阳",
    "司徒",
    "上官",
    "诸葛",
)
GIVEN = tuple(
    (
        "秀英 桂兰 玉珍 凤英 淑珍 春梅 建国 建军 国强 志强 志明 永强 海燕 丽华 丽娟 "
        "美玲 晓东 晓燕 小红 小军 文斌 文静 俊杰 俊峰 浩然 子涵 梓萱 雨桐 欣怡 佳怡 "
        "思远 明轩 宇航 天佑 一诺 若曦 振华 德明 福生 水根 金花 阿妹 爱华 爱珍 卫东 "
        "卫红 红梅 雪梅 冬生 根宝 桂芳 月娥 立新 立群 学文 学军 慧敏 慧芳 婷婷 倩倩 "
        "磊 伟 芳 娜 敏 静 强 洋 勇 艳 杰 涛 明 超 霞 平 刚 鹏 辉 鑫 波 斌 "
        "莉 宁 云 兰 䶮"
    ).split()
)
WOMEN = frozenset(
    (
        "秀英 桂兰 玉珍 凤英 淑珍 春梅 海燕 丽华 丽娟 美玲 晓燕 小红 文静 梓萱 雨桐 欣怡 佳怡 若曦 金花 阿妹 爱珍 "
        "卫红 红梅 雪梅 桂芳 月娥 慧敏 慧芳 婷婷 倩倩 芳 娜 敏 静 艳 霞 莉 兰 小梅 丽 洁 红"
    ).split()
)
MEN = frozenset(
    (
        "建国 建军 国强 志强 志明 永强 晓东 小军 文斌 俊杰 俊峰 浩然 振华 德明 福生 水根 卫东 冬生 根宝 立新 学军 "
        "磊 伟 强 勇 杰 涛 明 超 刚 鹏 辉 鑫 波 斌"
    ).split()
)


def sex_by(name: str) -> str:
    """Return "1" (man) or "2" (woman) where a given name says so, else ""; GB/T 2261.1."""
    given = name[2:] if name[:2] in SURNAMES else name[1:]
    return "2" if given in WOMEN else "1" if given in MEN else ""
