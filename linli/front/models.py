"""Which other platforms the staff of this deployment must use, and what Linli does about each."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.base.fields import TokenField


class Relation(models.TextChoices):
    """What Linli does with another platform, so that nobody types the same thing twice."""

    REPLACES = "replaces", _("邻里替代它")
    FRONTS = "fronts", _("只用邻里，由邻里转过去")
    PULLS = "pulls", _("邻里从它取数据")
    WRITES = "writes", _("邻里把结果写给它")
    SEPARATE = "separate", _("还要单独使用")


class OtherPlatform(models.Model):
    """Another platform that staff here must use. Named by its owner's word for it; published on 关于邻里."""

    token = TokenField()
    name = models.CharField(_("平台名称"), max_length=80, unique=True)
    owner = models.CharField(_("主管单位"), max_length=80)
    used_for = models.CharField(_("用来做什么"), max_length=200)
    relation = models.CharField(_("与邻里的关系"), max_length=10, choices=Relation)
    declared_at = models.DateTimeField(_("公布时间"))
    ended_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("其他平台")

    def __str__(self) -> str:
        return self.name
