"""The append-only record: rows written with the act, sealed into a Merkle tree in batches, signed elsewhere."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One public act. `leaf` is canonical JSON {v,type,ts,ref,commit}; the payload and its salt can be erased."""

    log = models.CharField(_("日志"), max_length=40)  # one per community: its division code
    type = models.CharField(_("类型"), max_length=40)  # "case.filed"
    subject = models.CharField(_("事项"), max_length=60)  # "cases.Case:7"
    ref = models.CharField(_("公开编号"), max_length=60)
    at = models.DateTimeField(_("时间"))
    payload = models.JSONField(null=True)  # without personal data
    salt = models.BinaryField(max_length=32)
    leaf = models.BinaryField()
    position = models.PositiveBigIntegerField(_("序号"), null=True)  # its index in the tree, once sealed

    class Meta:
        verbose_name = _("存证记录")
        constraints = [models.UniqueConstraint(fields=["log", "position"], name="one_entry_per_position")]
        indexes = [
            models.Index(fields=["log", "id"], name="unsealed_entries", condition=models.Q(position=None)),
            models.Index(fields=["subject", "id"], name="entries_of_subject"),
        ]


class Node(models.Model):
    """One complete subtree: 32 bytes at (level, index) of a log."""

    log = models.CharField(max_length=40)
    level = models.PositiveSmallIntegerField()
    index = models.PositiveBigIntegerField()
    hash = models.BinaryField()

    class Meta:
        verbose_name = _("树节点")
        constraints = [models.UniqueConstraint(fields=["log", "level", "index"], name="one_node_per_seat")]


class Checkpoint(models.Model):
    """A signed tree head, with whatever witnesses have added to it."""

    log = models.CharField(max_length=40)
    size = models.PositiveBigIntegerField(_("条数"))
    root = models.BinaryField()
    note = models.TextField()
    at = models.DateTimeField(_("签署时间"))

    class Meta:
        verbose_name = _("检查点")
        constraints = [models.UniqueConstraint(fields=["log", "size"], name="one_checkpoint_per_size")]
