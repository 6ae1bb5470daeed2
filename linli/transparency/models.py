"""The append-only record: rows written with the act, sealed into a Merkle tree in batches, signed elsewhere."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.base.fields import TokenField


class Log(models.Model):
    """One tree. The row is what sealers queue on; the size is counted from the entries, never kept twice."""

    name = models.CharField(_("日志"), max_length=40, unique=True)

    class Meta:
        verbose_name = _("日志")

    def __str__(self) -> str:
        return self.name


class Entry(models.Model):
    """One public act. `leaf` is canonical JSON {v,type,ts,ref,commit}; the payload and its salt can be erased."""

    token = TokenField()
    log = models.CharField(_("日志"), max_length=40)  # one per community: its division code
    type = models.CharField(_("类型"), max_length=40)  # "case.filed"
    subject = models.CharField(_("事项"), max_length=60)  # "cases.Case:7"
    ref = models.CharField(_("公开编号"), max_length=60)
    at = models.DateTimeField(_("时间"))  # whole seconds, as in the leaf
    payload = models.JSONField(null=True)  # without personal data; null once erased
    salt = models.BinaryField(max_length=32)  # empty once erased
    leaf = models.BinaryField()
    position = models.PositiveBigIntegerField(_("序号"), null=True)  # its index in the tree, once sealed
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="corrections", verbose_name=_("更正")
    )

    class Meta:
        verbose_name = _("存证记录")
        constraints = [models.UniqueConstraint(fields=["log", "position"], name="one_entry_per_position")]
        indexes = [
            models.Index(fields=["log", "id"], name="unsealed_entries", condition=models.Q(position=None)),
            models.Index(fields=["log", "-id"], name="newest_entries"),
            models.Index(fields=["subject", "id"], name="entries_of_subject"),
            models.Index(fields=["ref", "id"], name="entries_of_ref"),
        ]

    def __str__(self) -> str:
        return f"{self.log} {self.position} {self.type} {self.ref}"

    @property
    def is_erased(self) -> bool:
        """Whether payload and salt are gone, so that only the leaf is left."""
        return self.payload is None


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
    """A signed tree head. What witnesses add to it stands in Cosignature, for this row never changes."""

    log = models.CharField(max_length=40)
    size = models.PositiveBigIntegerField(_("条数"))
    root = models.BinaryField()
    note = models.TextField()
    at = models.DateTimeField(_("签署时间"))

    class Meta:
        verbose_name = _("检查点")
        constraints = [models.UniqueConstraint(fields=["log", "size"], name="one_checkpoint_per_size")]


class Cosignature(models.Model):
    """A witness saw this checkpoint and found it consistent with all it had seen before; `line` as it signed it."""

    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="cosignatures")
    witness = models.CharField(_("见证方"), max_length=200)
    at = models.DateTimeField(_("见证时间"))
    line = models.TextField()

    class Meta:
        verbose_name = _("见证签名")
        constraints = [
            models.UniqueConstraint(fields=["checkpoint", "witness", "at"], name="one_cosignature_per_moment")
        ]


class PublicKey(models.Model):
    """A key by which signatures of a log, or of a witness to it, are checked; kept for ever, for old receipts."""

    class Holder(models.TextChoices):
        LOG = "log", _("本日志")
        WITNESS = "witness", _("见证方")

    log = models.CharField(max_length=40)
    holder = models.CharField(_("持有者"), max_length=8, choices=Holder)
    vkey = models.CharField(_("公钥"), max_length=300)
    at = models.DateTimeField(_("启用时间"))

    class Meta:
        verbose_name = _("公钥")
        constraints = [models.UniqueConstraint(fields=["log", "vkey"], name="one_row_per_key")]
