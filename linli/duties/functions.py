"""The words by which duty lines call whoever must act: a function (职能), never the name of one body.

A body says which function it serves and where (organisations); a duty line says which function leads.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Function(models.TextChoices):
    """What a body does. A district that needs another word adds it here and to its duty list."""

    COMMUNITY_DESK = "community_desk", _("社区服务台")
    PROPERTY = "property", _("物业服务企业")
    OWNERS_COMMITTEE = "owners_committee", _("业主委员会")
    DEVELOPER = "developer", _("建设单位（开发商）")
    LIFT_MAINTENANCE = "lift_maintenance", _("电梯维保单位")
    CHECKING = "checking", _("核查回访组")
    MEDIATION = "mediation", _("人民调解委员会")
    STREET_OFFICE = "street_office", _("街道办事处")
    STREET_URBAN_MANAGEMENT = "street_urban_management", _("街道综合行政执法队")
    STREET_SAFETY = "street_safety", _("街道应急消防站")
    STREET_CIVIL_AFFAIRS = "street_civil_affairs", _("街道社会事务办")
    STREET_PARTY_OFFICE = "street_party_office", _("街道党建办")
    DISTRICT_CENTRE = "district_centre", _("区社会治理中心")
    HOUSING = "housing", _("住建（房管）部门")
    PLANNING = "planning", _("自然资源和规划部门")
    URBAN_MANAGEMENT = "urban_management", _("城市管理部门")
    SANITATION = "sanitation", _("环卫单位")
    GREENERY = "greenery", _("园林绿化单位")
    LIGHTING = "lighting", _("路灯管理单位")
    DRAINAGE = "drainage", _("排水养护单位")
    ROADS = "roads", _("市政道路养护单位")
    WATER_COMPANY = "water_company", _("供水企业")
    POWER_COMPANY = "power_company", _("供电企业")
    GAS_COMPANY = "gas_company", _("燃气企业")
    HEATING_COMPANY = "heating_company", _("供热企业")
    TELECOM = "telecom", _("通信运营企业")
    CABLE_TELEVISION = "cable_television", _("有线电视企业")
    POST = "post", _("邮政快递管理部门")
    POLICE_STATION = "police_station", _("派出所")
    TRAFFIC_POLICE = "traffic_police", _("交警")
    FIRE_RESCUE = "fire_rescue", _("消防救援机构")
    EMERGENCY_MANAGEMENT = "emergency_management", _("应急管理部门")
    ENVIRONMENT = "environment", _("生态环境部门")
    WATER_AFFAIRS = "water_affairs", _("水利（河道）部门")
    AGRICULTURE = "agriculture", _("农业农村（动物防疫）部门")
    MARKET_SUPERVISION = "market_supervision", _("市场监管部门")
    CIVIL_AFFAIRS = "civil_affairs", _("民政部门")
    DISABLED_FEDERATION = "disabled_federation", _("残联")
    WOMEN_FEDERATION = "women_federation", _("妇联")
    HUMAN_RESOURCES = "human_resources", _("人社部门")
    MEDICAL_INSURANCE = "medical_insurance", _("医保部门")
    HEALTH = "health", _("卫生健康部门")
    EDUCATION = "education", _("教育部门")
    CULTURE_SPORT = "culture_sport", _("文体旅游部门")
    TRANSPORT = "transport", _("交通运输部门")
    VETERANS = "veterans", _("退役军人事务部门")
    PLATFORM = "platform", _("平台运营方")


def spoken(function: str) -> str:
    """The word for a function in the reader's language; an unknown one is said as it stands."""
    return str(Function(function).label) if function in Function.values else function
