"""The part of `linli verify-log` about what was signed: checkpoints, cosignatures, keys, and the published files."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.utils.translation import gettext as _

from linli.transparency import notes, publishing, store, tiles, words
from linli.transparency.models import Checkpoint, Cosignature, PublicKey
from linli.transparency.notes import BadNote, Head, Verifier

BATCH = 500
KINDS: dict[str, int] = {PublicKey.Holder.LOG: notes.ED25519, PublicKey.Holder.WITNESS: notes.COSIGNATURE}


def check_signed(log: str) -> Iterator[str]:
    """Every key is one, every head is signed by a known key and has the root of the tree as it stands."""
    known = []
    for key in PublicKey.objects.filter(log=log).order_by("pk"):
        verifier = _verifier_of(key)
        if verifier is None:
            yield _("公钥 %(vkey)s 被改过") % {"vkey": key.vkey}
        else:
            known.append(verifier)
    size = store.size_of(log)
    heads = Checkpoint.objects.filter(log=log).order_by("size").prefetch_related("cosignatures")
    for checkpoint in heads.iterator(BATCH):
        problems = [_problem_of(checkpoint, known, size)]
        problems += [_problem_of_cosigned(checkpoint, one, known) for one in checkpoint.cosignatures.all()]
        for problem in filter(None, problems):
            yield _("检查点（%(size)s 条）：%(problem)s") % {"size": checkpoint.size, "problem": problem}


def check_published(log: str, folder: Path) -> Iterator[str]:
    """The published files and the rows are the same, number by number."""
    path = folder / "checkpoint"
    if not path.exists():
        return
    try:
        head = _published_head(log, path)
        size = head.size
        if not Checkpoint.objects.filter(log=log, size=size, root=head.root).exists():
            yield _("检查点（%(size)s 条）已发布，数据库里没有") % {"size": size}
    except ValueError as error:  # a BadNote, or not even text
        why = words.of_problem(error if isinstance(error, BadNote) else BadNote())
        yield _("已发布的检查点：签名不对：%(why)s") % {"why": why}
        latest = store.latest_checkpoint(log)
        size = latest.size if latest else 0
    if _lines_of(folder / "keys") != publishing.keys_text(log).splitlines():
        yield _("已发布的公钥与数据库里的不同")
    for level, number, width in tiles.shape(size):
        yield from _unlike_entries(log, folder, number, width) if level == 0 else ()
        tile = Path("tile") / str(level) / tiles.name(number, width)
        if _bytes_of(folder / tile) != store.tile(log, level, number, width):
            yield _("已发布的哈希块 %(tile)s 与树不符") % {"tile": tile}


def _verifier_of(key: PublicKey) -> Verifier | None:
    try:
        verifier = notes.read_vkey(key.vkey)
    except BadNote:
        return None
    return verifier if verifier.kind == KINDS.get(key.holder) else None


def _problem_of(checkpoint: Checkpoint, known: list[Verifier], size: int) -> str:
    try:
        head, _seen = notes.open_checkpoint(checkpoint.note, known)
    except BadNote as error:
        return _("签名不对：%(why)s") % {"why": words.of_problem(error)}
    if (head.size, head.root) != (checkpoint.size, bytes(checkpoint.root)):
        return _("条数或根与签名的不同")
    if head.size > size:
        return _("签过的条数比现有记录多，像是恢复了旧备份")
    try:
        root = store.root(checkpoint.log, head.size)
    except store.Broken:
        return _("树不完整，算不出根")
    return "" if root == head.root else _("根与现有记录算出的不同：签名以后有记录被改")


def _problem_of_cosigned(checkpoint: Checkpoint, row: Cosignature, known: list[Verifier]) -> str:
    """Whether the witness's line under the checkpoint holds, and says what its row says."""
    text = checkpoint.note.rpartition("\n\n")[0]
    try:
        _text, seen = notes.check(f"{text}\n\n{row.line}", known)
    except BadNote as error:
        return _("见证方 %(name)s 的签名不对：%(why)s") % {
            "name": row.witness,
            "why": words.of_problem(error),
        }
    told = [(one.verifier.name, datetime.fromtimestamp(one.time, UTC)) for one in seen]
    return (
        "" if told == [(row.witness, row.at)] else _("见证方 %(name)s 的签名被改过") % {"name": row.witness}
    )


def _published_head(log: str, path: Path) -> Head:
    held = PublicKey.objects.filter(log=log, holder=PublicKey.Holder.LOG)
    known = filter(None, (_verifier_of(key) for key in held))
    return notes.open_checkpoint(path.read_text(), known)[0]


def _unlike_entries(log: str, folder: Path, number: int, width: int) -> Iterator[str]:
    first = number * tiles.WIDTH
    try:
        there = tiles.unbundle(_bytes_of(folder / "tile" / "entries" / tiles.name(number, width)))
    except ValueError:  # cut off: then nothing in it can be trusted
        there = []
    here = store.leaves(log, first, first + width)
    for offset in range(width):
        if there[offset : offset + 1] != here[offset : offset + 1]:
            yield _("第 %(number)s 条与已发布的不同") % {"number": first + offset}


def _bytes_of(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _lines_of(path: Path) -> list[str]:
    return _bytes_of(path).decode("utf-8", "replace").splitlines()
