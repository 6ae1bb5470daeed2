"""The proof that a person keeps: it verifies offline, years later, without this server."""

from django.utils.translation import gettext as _

from linli.base.errors import Refused
from linli.transparency import merkle, proofs, rules, store
from linli.transparency.models import Entry


def receipt(entry: Entry) -> bytes:
    """Return the entry's tlog-proof file. Raises Refused until a checkpoint covers it."""
    position = entry.position
    checkpoint = None if position is None else store.checkpoint_for(entry.log, position)
    if position is None or checkpoint is None:
        raise Refused(_("这条记录已写下，还在等待封存签名，请几分钟后再来取回执。"))
    try:
        hashes = store.ask(entry.log, lambda node: merkle.inclusion(position, checkpoint.size, node))
    except store.Broken as error:
        raise Refused(_("日志缺了一块，现在开不出回执。请把记录的编号告诉社区和街道。")) from error
    extra = rules.canonical(said_by(entry))
    return proofs.Proof(position, hashes, store.cosigned_note(checkpoint), extra).write()


def said_by(entry: Entry) -> dict[str, object]:
    """Return what makes the leaf anew: its parts with salt and payload, or with the commitment once erased."""
    said = rules.parts(bytes(entry.leaf))
    if entry.is_erased:
        return said
    kept = {key: value for key, value in said.items() if key != "commit"}
    return {**kept, "salt": bytes(entry.salt).hex(), "payload": entry.payload}
