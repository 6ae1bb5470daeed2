"""What a receipt or a checkpoint that somebody brings is worth, as facts from which the page makes words."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from linli.transparency import merkle, notes, proofs, rules, store, words
from linli.transparency.models import PublicKey
from linli.transparency.notes import BadNote, Head, Seen


@dataclass(frozen=True)
class WitnessSeen:
    """A witness's name and when it saw the tree."""

    name: str
    at: datetime


@dataclass(frozen=True)
class Verdict:
    """`problem` is a sentence where the thing does not hold, "" where it does."""

    problem: str
    log: str = ""
    head: Head | None = None
    index: int | None = None
    leaf: dict[str, Any] = field(default_factory=dict)
    payload: dict[str, Any] | None = None
    witnesses: list[WitnessSeen] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether everything holds."""
        return not self.problem

    @property
    def is_receipt(self) -> bool:
        """Whether this is about one entry, or about the whole tree."""
        return self.index is not None

    @property
    def at(self) -> datetime | None:
        """When the recorded act happened."""
        return datetime.fromisoformat(self.leaf["ts"]) if "ts" in self.leaf else None


def judge(data: bytes) -> Verdict:
    """Judge a receipt file, or the text of a checkpoint (from the notice board)."""
    if data.startswith(proofs.FIRST_LINE.encode()):
        return _judge_receipt(data)
    return _judge_checkpoint(data.replace(b"\r\n", b"\n"))


def _judge_receipt(data: bytes) -> Verdict:
    try:
        proof = proofs.read(data)
        log, head, seen = _opened(proof.checkpoint)
    except BadNote as error:
        return Verdict(_("这份回执不作数：%(why)s。") % {"why": words.of_problem(error)})
    try:
        leaf, payload = _leaf_of(proof.extra)
        hashed = merkle.hash_leaf(rules.canonical(leaf))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Verdict(_("回执里写的内容读不通，可能被改过。"), log, head)
    holds = merkle.verify_inclusion(proof.index, head.size, hashed, proof.hashes, head.root)
    problem = "" if holds else _("回执里写的内容不在签过名的日志里：内容或证明被改过。")
    return Verdict(problem, log, head, proof.index, leaf, payload, _witnesses(seen))


def _judge_checkpoint(data: bytes) -> Verdict:
    try:
        log, head, seen = _opened(data.decode())
    except UnicodeDecodeError:
        return Verdict(
            _("这既不是回执，也不是检查点。请选以 .tlog-proof 结尾的文件，或粘贴二维码里的全部文字。")
        )
    except BadNote as error:
        return Verdict(_("这份检查点不作数：%(why)s。") % {"why": words.of_problem(error)})
    return Verdict(_problem_with(log, head), log, head, witnesses=_witnesses(seen))


def _problem_with(log: str, head: Head) -> str:
    """Whether the tree of today begins with the tree that was signed then."""
    if head.size > store.size_of(log):
        return _("签名是真的，可现在的日志比它短：记录少了。请留好这份检查点，报告街道和见证方。")
    try:
        root = store.root(log, head.size)
    except store.Broken:
        return _("签名是真的，可现在的日志缺了一块，算不出根。请留好这份检查点，报告街道和见证方。")
    if root != head.root:
        return _(
            "签名是真的，可现在的日志不是从它长出来的：记录被改写过。请留好这份检查点，报告街道和见证方。"
        )
    return ""


def _opened(note: str) -> tuple[str, Head, list[Seen]]:
    """The log a checkpoint belongs to, its head and the known signatures on it. Raises BadNote."""
    text, _signatures = notes.split(note)
    origin = notes.read_head(text).origin
    log = origin.rsplit("/", 1)[-1]
    held = PublicKey.objects.filter(log=log).values_list("vkey", flat=True)
    head, seen = notes.open_checkpoint(note, [notes.read_vkey(vkey) for vkey in held])
    return log, head, seen


def _leaf_of(extra: bytes) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The leaf that the unsigned part of the receipt spells, and the payload unless it was erased."""
    said: dict[str, Any] = json.loads(extra)
    payload = said.pop("payload", None)
    if payload is not None:
        payload = dict(payload.items())
        said["commit"] = rules.commitment(bytes.fromhex(said.pop("salt")), payload).hex()
    leaf = {key: said[key] for key in ("v", "type", "ts", "ref", "commit")}
    if not all(isinstance(leaf[key], str) for key in ("type", "ts", "ref", "commit")):
        raise TypeError(leaf)
    datetime.fromisoformat(leaf["ts"])  # the page tells it as a time
    return leaf, payload


def _witnesses(seen: list[Seen]) -> list[WitnessSeen]:
    found = {one.verifier.name: one.time for one in seen if one.verifier.kind == notes.COSIGNATURE}
    return [WitnessSeen(name, datetime.fromtimestamp(time, UTC)) for name, time in sorted(found.items())]
