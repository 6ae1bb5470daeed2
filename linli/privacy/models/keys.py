"""Which keys this database needs, and how far a rotation has come."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class KeyInUse(models.Model):
    """That values are sealed (or indexed) with a key: its fingerprint says at a start whether it is the right one."""

    class Kind(models.TextChoices):
        SEALING = "sealing", _("加密")
        INDEX = "index", _("查找")

    kind = models.CharField(_("用途"), max_length=8, choices=Kind)
    key_id = models.PositiveSmallIntegerField(_("编号"))
    fingerprint = models.CharField(_("指纹"), max_length=64)
    since = models.DateTimeField(_("启用时间"))
    retired_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("密钥登记")
        constraints = [models.UniqueConstraint(fields=["kind", "key_id"], name="registered_key_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key_id}"


class Rotation(models.Model):
    """How far one sealed column has come on its way to a new key; a rotation that is killed goes on from here."""

    table = models.CharField(_("表"), max_length=80)
    column = models.CharField(_("列"), max_length=80)
    key_id = models.PositiveSmallIntegerField(_("新密钥"))
    index_id = models.PositiveSmallIntegerField(_("新查找密钥"))
    last_pk = models.CharField(_("做到哪一行"), max_length=40, blank=True)
    count = models.PositiveIntegerField(_("已换行数"), default=0)
    started_at = models.DateTimeField(_("开始时间"))
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("换密钥进度")
        constraints = [
            models.UniqueConstraint(
                fields=["table", "column", "key_id", "index_id"], name="column_rotated_once_to_a_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"
