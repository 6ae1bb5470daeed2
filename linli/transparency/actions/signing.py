"""Signing tree heads: done by a process that alone holds the key, and never for a tree that went back."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from linli.base.errors import Refused
from linli.transparency import merkle, notes, publishing, rules, store, witnessing
from linli.transparency.keyring import Keyring, Signed
from linli.transparency.models import Checkpoint, Cosignature, PublicKey
from linli.transparency.notes import BadNote
from linli.transparency.witnessing import Cosigned, Unreachable, Witness

REFRESH = timedelta(days=1)  # a log in which nothing happens is still seen by its witnesses each day


class WentBack(Refused):
    """The database holds less than was signed, or something else: a restored backup, or a rewritten record."""


@dataclass(frozen=True)
class Signing:
    """What one round did for one log."""

    log: str
    checkpoint: Checkpoint | None
    warnings: list[str]


def origin_of(log: str) -> str:
    """Return the log's name in its checkpoints: its public address without scheme."""
    return rules.origin(settings.PUBLIC_ADDRESS, log)


def folder_of(log: str) -> Path:
    """Return where the signer publishes the log's tiles."""
    return Path(getattr(settings, "LOG_FOLDER", settings.DATA / "log")) / log


def sign(log: str, keys: Keyring, at: datetime) -> Checkpoint | None:
    """Sign the present head of `log` and store it; None for an empty log.

    Raises WentBack where the tree is smaller than what was last signed, or not its continuation.
    """
    last = _last_signed(log, keys)
    size = store.size_of(log)
    if last is None and size == 0:
        return None
    if last is not None:
        _check_continues(log, last, size)
        if size == last.size:
            return _store(log, last, keys, at)
    head = notes.Head(origin_of(log), size, store.root(log, size))
    signed = Signed(size, head.root, keys.sign(head.origin, head.text))
    keys.remember(log, signed)  # first, or a crash here could sign two heads of one size
    return _store(log, signed, keys, at)


def compare_with(witness: Witness, log: str, keys: Keyring) -> None:
    """Raise WentBack where `witness` has seen a head that the stored tree does not contain; Unreachable if silent."""
    origin = origin_of(log)
    seen = witnessing.last_seen(witness, origin, _known_keys(log, origin, keys))
    if seen is not None and seen.size:
        _check_continues(log, Signed(seen.size, seen.root, ""), store.size_of(log))


def compare_with_published(log: str, keys: Keyring) -> None:
    """Raise WentBack where the signer's own published folder shows a head that the stored tree does not contain."""
    path = folder_of(log) / "checkpoint"
    if not path.exists():
        return
    try:
        note = path.read_text()
        origin = notes.read_head(notes.split(note)[0]).origin
        head, _seen = notes.open_checkpoint(note, _known_keys(log, origin, keys))
    except ValueError as error:  # a BadNote, or not even text
        reason = _("已发布的检查点 %(path)s 读不出，或不是用本日志的钥匙签的，拒绝签名。请查明后再把它移走。")
        raise WentBack(reason % {"path": path}) from error
    _check_continues(log, Signed(head.size, head.root, note), store.size_of(log))


def ask_witness(witness: Witness, checkpoint: Checkpoint, at: datetime) -> None:
    """Have `checkpoint` cosigned and keep the cosignature; nothing where the witness saw it within a day.

    Raises WentBack where the witness holds a larger tree, Unreachable where it does not answer.
    """
    name = witness.verifier.name
    recent = Cosignature.objects.filter(witness=name, checkpoint__log=checkpoint.log).order_by("-id")
    last = recent.select_related("checkpoint").first()
    if last and last.checkpoint_id == checkpoint.pk and abs(at - last.at) < REFRESH:
        return
    known = last.checkpoint.size if last else 0
    answer = witnessing.submit(witness, checkpoint.note, known, lambda old: _proof_from(checkpoint, old))
    if not isinstance(answer, Cosigned):
        raise _went_back(checkpoint.log, answer, checkpoint.size)
    _keep_cosignature(witness, checkpoint, answer, at)


def sign_round(log: str, keys: Keyring, witnesses: list[Witness], at: datetime, *, is_first: bool) -> Signing:
    """Do for `log` all that the signer does: compare with witnesses, sign, have it cosigned, publish.

    On the `is_first` round a log that this signer does not remember is not signed before every witness answered.
    A witness that is silent is a warning otherwise; the checkpoint then goes out without it.
    """
    warnings: list[str] = []
    for witness in witnesses if is_first else []:
        try:
            compare_with(witness, log, keys)
        except Unreachable as error:
            if keys.last_signed(log) is None and Checkpoint.objects.filter(log=log).exists():
                raise WentBack(
                    _("签名机没有上次的记忆，见证方又联系不上，暂不签名：%(why)s") % {"why": error}
                ) from error
            warnings.append(str(error))
    if is_first:
        compare_with_published(log, keys)
    checkpoint = sign(log, keys, at)
    for witness in witnesses if checkpoint else []:
        assert checkpoint is not None  # noqa: S101
        try:
            ask_witness(witness, checkpoint, at)
        except Unreachable as error:
            warnings.append(str(error))
    if checkpoint:
        publishing.publish(log, folder_of(log))
    return Signing(log, checkpoint, warnings)


def _last_signed(log: str, keys: Keyring) -> Signed | None:
    """The larger of what the signer remembers and what the database shows.

    A signer without memory (a new machine, a new key) still begins no lower than the database's own last checkpoint.
    """
    remembered = keys.last_signed(log)
    stored = store.latest_checkpoint(log)
    if stored is None or (remembered is not None and stored.size <= remembered.size):
        return remembered
    head = publishing.head_of(stored)
    if remembered is not None and not _is_own(stored.note, keys.verifiers(head.origin)):
        reason = _("数据库里有一个不是本机签的检查点（%(size)s 条），拒绝签名。请查明来历。")
        raise WentBack(reason % {"size": stored.size})
    return Signed(head.size, head.root, stored.note)


def _is_own(note: str, verifiers: list[notes.Verifier]) -> bool:
    try:
        notes.open_checkpoint(note, verifiers)
    except BadNote:
        return False
    return True


def _check_continues(log: str, last: Signed, size: int) -> None:
    if size < last.size:
        raise _went_back(log, last.size, size)
    if store.root(log, last.size) != last.root or not _is_consistent(log, last, size):
        raise WentBack(
            _(
                "日志 %(log)s 前 %(size)s 条与已签名的不一致：记录被改写过，拒绝签名。请运行 linli verify-log 查明。"
            )
            % {"log": log, "size": last.size}
        )


def _is_consistent(log: str, last: Signed, size: int) -> bool:
    proof = store.ask(log, lambda node: merkle.consistency(last.size, size, node))
    return merkle.verify_consistency(last.size, size, last.root, store.root(log, size), proof)


def _went_back(log: str, signed: int, held: int) -> WentBack:
    return WentBack(
        _(
            "日志 %(log)s 已经签到 %(signed)s 条，数据库只有 %(held)s 条：多半是恢复了旧备份，拒绝签名。"
            "请先运行 linli recover-log --log %(log)s，从已发布的文件补齐。"
        )
        % {"log": log, "signed": signed, "held": held}
    )


@transaction.atomic
def _store(log: str, signed: Signed, keys: Keyring, at: datetime) -> Checkpoint:
    origin = notes.read_head(notes.split(signed.note)[0]).origin
    for verifier in keys.verifiers(origin):
        PublicKey.objects.get_or_create(
            log=log, vkey=verifier.vkey, defaults={"holder": PublicKey.Holder.LOG, "at": at}
        )
    checkpoint, _is_new = Checkpoint.objects.get_or_create(
        log=log, size=signed.size, defaults={"root": signed.root, "note": signed.note, "at": at}
    )
    return checkpoint


def _known_keys(log: str, origin: str, keys: Keyring) -> list[notes.Verifier]:
    held = PublicKey.objects.filter(log=log, holder=PublicKey.Holder.LOG).values_list("vkey", flat=True)
    return [*keys.verifiers(origin), *(notes.read_vkey(vkey) for vkey in held)]


def _proof_from(checkpoint: Checkpoint, old: int) -> list[bytes]:
    """The consistency proof a witness at `old` needs; from nothing, and to the same size, there is none."""
    if old == 0 or old > checkpoint.size:
        return []
    return store.ask(checkpoint.log, lambda node: merkle.consistency(old, checkpoint.size, node))


@transaction.atomic
def _keep_cosignature(witness: Witness, checkpoint: Checkpoint, answer: Cosigned, at: datetime) -> None:
    PublicKey.objects.get_or_create(
        log=checkpoint.log,
        vkey=witness.verifier.vkey,
        defaults={"holder": PublicKey.Holder.WITNESS, "at": at},
    )
    Cosignature.objects.get_or_create(
        checkpoint=checkpoint,
        witness=witness.verifier.name,
        at=datetime.fromtimestamp(answer.time, UTC),
        defaults={"line": answer.line},
    )
