"""What the residents of the demo say, all our own writing; {where} is a spot in the estate of whoever speaks."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Voice:
    """Something said: the category it belongs to, the words, what was answered when it was done, and a picture."""

    category: str
    text: str
    done: str
    picture: str = ""  # name of a drawn scene (pictures.py)
    facility: str = ""  # the kind of facility it hangs on


VOICES = (
    Voice(
        "lighting.corridor_light",
        "{where}楼道灯坏了三天，晚上上楼黑漆漆的，老人怕摔。",
        "换了声控灯，三层到五层一起换了，晚上试过会亮。",
        "lamp",
    ),
    Voice(
        "lighting.lamp_out",
        "{where}门前的路灯不亮了，下晚自习的孩子都打着手机走。",
        "灯头进水短路，换了灯头和接线盒，当晚已亮。",
        "lamp",
        "路灯",
    ),
    Voice(
        "lift.broken",
        "{where}电梯又停了，八十多岁的老人下不了楼。",
        "门机皮带断了，更换后试运行两小时正常。",
        "",
        "电梯",
    ),
    Voice(
        "lift.shaking",
        "{where}电梯上到七楼就抖一下，还咯噔响，坐着心慌。",
        "导靴磨损，已更换并做了润滑，维保记录贴在轿厢里。",
        "",
        "电梯",
    ),
    Voice(
        "sanitation.litter",
        "{where}旁边堆了一堆旧沙发和建筑垃圾，好几天没人拉，苍蝇乱飞。",
        "已清走，并在旁边装了提示牌。",
        "litter",
        "垃圾投放点",
    ),
    Voice(
        "sanitation.bins",
        "{where}的垃圾桶盖子坏了，一到中午味道大得很。",
        "换了两只新桶，改为每天清两次。",
        "litter",
        "垃圾投放点",
    ),
    Voice(
        "property.cleaning",
        "{where}楼道一个星期没拖，扶手一摸一手灰。",
        "当天补做了保洁，排班表贴在单元门口。",
    ),
    Voice(
        "property.security",
        "{where}门岗晚上经常没人，外卖和收废品的随便进。",
        "夜班增加一人，门岗登记恢复，街道下周抽看。",
    ),
    Voice(
        "property.fees",
        "物业说今年要涨公摊电费，怎么算的没贴出来，想看明细。",
        "已在公告栏贴出近半年公摊明细，并约了周六上午答疑。",
    ),
    Voice(
        "parking.blocked_fire_lane",
        "{where}消防通道又被两辆车堵死了，真着火消防车进不来。",
        "通知车主挪车，重新划了黄线，装了两根警示柱。",
        "lane",
    ),
    Voice(
        "parking.bad_parking",
        "{where}转角天天有人停车，倒车都倒不出来，已经刮了两次。",
        "划了禁停区，门岗巡逻时劝离。",
        "lane",
    ),
    Voice(
        "parking.ground_lock",
        "{where}公共车位被人装了地锁，问了也不拆。",
        "劝告后车主自行拆除，车位恢复公用。",
    ),
    Voice(
        "water.blocked_drain",
        "{where}下水道堵了往上冒，厨房不敢用水。",
        "高压疏通了主管，清出一团油垢和抹布。",
        "pipe",
    ),
    Voice(
        "water.sewage",
        "{where}化粪池满了，臭水流到路上，小孩踩着走。",
        "当天抽运两车，并约定每季度清一次。",
        "pipe",
    ),
    Voice(
        "water.low_pressure",
        "{where}六楼早晚高峰水压小得洗不了澡。",
        "清洗了减压阀并调高设定值，早上测试正常。",
    ),
    Voice(
        "water.manhole",
        "柳河路巷口的窨井盖松了，车一过咣当响，怕有人掉下去。",
        "更换了防沉降井盖，四周重新抹平。",
        "pothole",
        "窨井盖",
    ),
    Voice(
        "roads.pothole",
        "{where}路面坑坑洼洼，下雨全是水，电动车摔过两个人了。",
        "坑洼处用冷补料填平，约三十平方米。",
        "pothole",
    ),
    Voice(
        "roads.barrier_free",
        "{where}门口没有坡道，轮椅进出要两个人抬。",
        "装了一段可拆卸坡道和扶手，试过轮椅能自己上。",
    ),
    Voice(
        "greenery.pruning",
        "{where}窗前的香樟把阳光全挡了，白天都要开灯。",
        "按养护规程修剪到二楼窗下，留了树形。",
    ),
    Voice(
        "greenery.occupied_green",
        "{where}绿地被人围起来种菜，还浇粪，夏天味道很大。",
        "与住户商量后清走菜地，补种麦冬。",
    ),
    Voice(
        "greenery.fallen_tree",
        "昨晚刮风，{where}一根大树枝断了吊在半空，下面就是路。",
        "已锯除断枝并清运，检查了旁边三棵。",
    ),
    Voice(
        "appearance.clutter",
        "{where}楼道堆了纸板和旧柜子，过不去人，也怕着火。",
        "和住户一起清走，楼道恢复畅通。",
        "litter",
    ),
    Voice(
        "appearance.small_ads",
        "{where}单元门上全是开锁和贷款的小广告，撕了又贴。",
        "清除并刷漆，留了一块便民信息栏。",
    ),
    Voice(
        "appearance.illegal_building",
        "{where}顶楼有人搭阳光房，已经开始焊架子了。",
        "下达停工通知，当事人自行拆除完毕。",
    ),
    Voice(
        "appearance.street_vendor",
        "柳河路口早上五点就有流动摊贩，把人行道占满了。",
        "引导到东侧临时疏导点，早高峰安排值守。",
    ),
    Voice(
        "noise.square_dance",
        "{where}广场舞音响开到晚上十点半，孩子第二天要考试。",
        "和舞队约定九点半收，音量不超过提示牌的数。",
    ),
    Voice(
        "noise.renovation",
        "{where}楼上装修中午也在钻，老人有高血压受不了。",
        "已告知装修户午休和节假日不得施工，门口贴了时间。",
    ),
    Voice(
        "noise.shops",
        "楼下烧烤店半夜还在放音乐，隔着窗都听得清歌词。",
        "约谈店主，十点后关外放，安装了隔音帘。",
    ),
    Voice(
        "environment.fumes",
        "沿街饭店的油烟直往{where}窗户里灌，衣服晒出去都是味。",
        "要求店家清洗净化器并加高烟管，复测合格。",
    ),
    Voice(
        "environment.river",
        "柳河这几天发黑，还漂着死鱼，走过去一股味。",
        "查到上游一处雨污混接，已封堵并调水冲洗。",
        "river",
        "护栏",
    ),
    Voice(
        "safety.ebike",
        "{where}有人把电动车推进楼道飞线充电，半夜还冒火星。",
        "当场断电劝离，在车棚加装了六个充电口。",
    ),
    Voice(
        "safety.fire_equipment",
        "{where}的消火栓箱门锈死了，灭火器压力也到红区。",
        "更换箱门和四只灭火器，重新贴了检查卡。",
        "",
        "消火栓",
    ),
    Voice(
        "safety.falling_objects",
        "{where}楼上往下扔烟头和酒瓶，差点砸到推婴儿车的。",
        "逐户上门提醒，并在侧面加装朝上的摄像头和提示牌。",
    ),
    Voice("animals.leash", "{where}早上遛大狗不牵绳，吓得老人不敢下楼。", "找到养犬人，已办证并承诺牵绳。"),
    Voice(
        "animals.droppings",
        "{where}草地上狗屎太多，小朋友一踩一脚。",
        "设了两处宠物拾便袋，志愿者每周清一次。",
    ),
    Voice(
        "telecom.weak_signal",
        "翠堤府地下车库一点信号都没有，电梯里出事都打不了电话。",
        "运营商进场勘测，完成信号覆盖，车库可以通话。",
    ),
    Voice("telecom.cables", "{where}的网线垂下来挂到人头高了，刮风就甩。", "重新捆扎抬高到三米，剪除废线。"),
    Voice(
        "property.parcel", "{where}快递柜总是满的，快递员就往地上一扔。", "加了一组柜子，滞留件三天清一次。"
    ),
    Voice(
        "house.entrance_door",
        "{where}单元门的门禁坏了，门整天敞着。",
        "换了门锁和闭门器，门禁卡已重新登记。",
    ),
    Voice(
        "sanitation.pests",
        "{where}绿化带积水，蚊子多得开不了窗。",
        "清了积水，做了两次消杀，装了两盏灭蚊灯。",
    ),
    Voice(
        "community.facilities",
        "健身角的扭腰器松了，一转就晃，怕老人摔。",
        "更换了轴承并加固底座，挂了检查牌。",
        "",
        "健身器材",
    ),
    Voice(
        "elder.canteen",
        "老年食堂的菜偏咸，能不能每天留两个清淡的。",
        "每天固定两个少盐菜，菜单提前一天贴出来。",
    ),
    Voice(
        "community.activities",
        "暑假想请社区办个孩子写作业的地方，家里没人看。",
        "儿童之家周一到周五下午开放，有大学生志愿者陪伴。",
    ),
    Voice(
        "livelihood.medical_insurance",
        "老人的门诊报销怎么弄，跑了两趟都说少材料。",
        "列了一张材料单，网格员陪同办好，三天到账。",
    ),
    Voice(
        "elder.allowance",
        "我爸满八十了，高龄津贴要到哪里办？",
        "可在社区窗口代办，带身份证和银行卡，已帮忙提交。",
    ),
    Voice(
        "welfare.certificates",
        "单位要我开一个居住证明，社区能开吗？",
        "这类证明不由社区出具，已告知凭居住证或不动产权证办理。",
    ),
    Voice(
        "order.neighbour_dispute",
        "楼下邻居把杂物放在我家门口，说了几次还吵起来。",
        "双方到调解室谈开了，写了约定，一周后回访已守约。",
    ),
    Voice(
        "water.meter",
        "上个月水费突然一百多，家里就两个人，想查查表。",
        "上门核表，发现马桶漏水，已更换水件，水费按规定核减。",
    ),
    Voice(
        "energy.charging", "{where}充电棚有一半插口没电，晚上抢不到位置。", "更换了配电模块，全部插口恢复。"
    ),
    Voice("house.corridor", "{where}楼梯扶手断了一截，老人没地方扶。", "焊接加固并打磨上漆。"),
)
FEEDBACK = (
    (
        "platform.idea",
        "字还可以再大一点，我妈用老花镜看着还是吃力。",
        "长辈版的字可以调到 34，入口在每页最下面，已在首页加了说明。",
    ),
    ("platform.fault", "苹果手机拍的照片传上去是歪的。", "已修好：按拍照时的方向转正后再保存。"),
    ("platform.burden", "走访记录还要再抄一份到街道的表里，抄两遍。", "街道已停用那张表，改由系统导出。"),
    ("platform.idea", "能不能语音说事，不会打字。", "已经可以：点“说”，按住话筒说就行。"),
)
CHAT = """[{day} 19:02] 河滨-3幢-李姐: 3幢楼下那堆装修垃圾谁家的，放了一个礼拜了
[{day} 19:03] 老周: 是啊，味道大得很
[{day} 19:05] 河滨小王: 大门口的减速带松了，过车咣当咣当，晚上睡不着
[{day} 19:06] 物业客服: 收到
[{day} 19:20] 阿芳: 请问老年证在哪里办
"""
ACCEPTED = ("收到，今天就安排人去看。", "记下了，已经联系负责的单位。", "谢谢您告诉我们，马上派人。")
THANKS = ("办得快，谢谢。", "师傅很客气。", "比上次快多了。", "好了，谢谢社区。", "")
NOT_YET = ("修了两天又坏了，等于没修。", "只清了一半，角落里还在。", "人来看了一眼就走了，还是老样子。")
