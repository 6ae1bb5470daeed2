"""`linli-verify`: check a receipt, a checkpoint or a whole log offline, with no code of the server.

Exit codes: 0 verified, 1 not verified, 2 the file or the keys could not be read.
"""

import argparse
import io
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from linli_verify import folder, receipts, words
from linli_verify.folder import Published
from linli_verify.notes import Checkpoint, FalseError, Key, UnreadableError, read_checkpoint, read_keys

GOOD, FALSE, UNREADABLE = 0, 1, 2
EPILOG = "exit codes: 0 verified, 1 not verified, 2 cannot be read · 退出码：0 通过，1 不通过，2 读不了"


class TooFewError(Exception):
    """Fewer witnesses have signed than were asked for."""

    def __init__(self, seen: int) -> None:
        super().__init__(seen)
        self.seen = seen


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal without a sign for 䶮 shows its number
    options = _parser().parse_args(_with_verb(sys.argv[1:] if arguments is None else arguments))
    language = words.language_of(options.language)
    try:
        lines = options.check(options, language, _keys(options.key))
    except FalseError as error:
        return _end(FALSE, words.say(language, "fails", why=words.why(language, str(error))))
    except TooFewError as error:
        return _end(FALSE, words.say(language, "too_few", wanted=options.witnesses, seen=error.seen))
    except UnreadableError as error:
        sentence = "no_keys" if str(error) == "keys" else "format"
        reason = words.say(language, sentence, detail=error)
        return _end(UNREADABLE, words.say(language, "unreadable", why=reason))
    except OSError as error:
        return _end(UNREADABLE, words.say(language, "unreadable", why=f"{error.filename}: {error.strerror}"))
    return _end(GOOD, "\n".join([*lines, words.say(language, "limits")]))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="linli-verify", description=__doc__.split("\n")[0], epilog=EPILOG)
    verbs = parser.add_subparsers(required=True, metavar="receipt|checkpoint|log|consistency")
    _verb(verbs, "receipt", _receipt, "check a receipt · 核对回执", "file")
    _verb(verbs, "checkpoint", _checkpoint, "check a checkpoint · 核对检查点", "file")
    _verb(verbs, "log", _log, "check a published log, whole · 核对整本账", "source")
    consistency = _verb(
        verbs,
        "consistency",
        _consistency,
        "check that the newer log contains the older · 核对两个检查点",
        "old",
        "new",
    )
    consistency.add_argument(
        "--source", "--from", required=True, help="folder or address of the log · 账本的文件夹或网址"
    )
    return parser


def _verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    check: Callable[..., list[str]],
    meaning: str,
    *files: str,
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=meaning, description=meaning, epilog=EPILOG)
    for file in files:
        parser.add_argument(file)
    parser.add_argument(
        "--key",
        "--keys",
        action="append",
        default=[],
        help="vkey, or a file of vkeys · 公钥或公钥文件，可多次",
    )
    parser.add_argument(
        "--witnesses",
        type=int,
        default=0,
        metavar="N",
        help="ask for at least N known witnesses · 至少 N 位见证方",
    )
    parser.add_argument("--language", choices=[words.ZH, words.EN])
    parser.set_defaults(check=check)
    return parser


def _with_verb(arguments: list[str]) -> list[str]:
    """`linli-verify x.tlog-proof …` means receipt."""
    first = arguments[0] if arguments else ""
    return ["receipt", *arguments] if first.endswith(".tlog-proof") else arguments


def _keys(given: list[str]) -> list[Key]:
    keys: list[Key] = []
    for text in given:
        path = Path(text)
        keys += read_keys(_text(path) if path.is_file() else text)
    if not keys:
        raise UnreadableError("keys")
    return keys


def _receipt(options: argparse.Namespace, language: str, keys: list[Key]) -> list[str]:
    receipt = receipts.read(Path(options.file).read_bytes(), keys)
    head = receipt.checkpoint
    lines = [words.say(language, "receipt_holds", origin=head.origin, index=receipt.index, size=head.size)]
    lines.append(words.say(language, "said"))
    lines.append("  " + "  ".join(_shown(receipt.leaf[name]) for name in ("type", "ref", "ts")))
    if receipt.payload is None:
        lines.append("  " + words.say(language, "erased"))
    for name, value in (receipt.payload or {}).items():
        lines.append(f"  {_shown(name)}: {_shown(value)}")
    return lines + _seen(options, language, head)


def _shown(value: object) -> str:
    """A recorded value on one line: no sign in it may move the cursor or write a line of its own."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def _checkpoint(options: argparse.Namespace, language: str, keys: list[Key]) -> list[str]:
    head = _read(options.file, keys)
    return [
        words.say(language, "checkpoint_holds", origin=head.origin, size=head.size),
        *_seen(options, language, head),
    ]


def _log(options: argparse.Namespace, language: str, keys: list[Key]) -> list[str]:
    published = Published(options.source)
    head = published.checkpoint(keys)
    folder.check(published, head)
    return [
        words.say(language, "log_holds", origin=head.origin, size=head.size),
        *_seen(options, language, head),
    ]


def _consistency(options: argparse.Namespace, language: str, keys: list[Key]) -> list[str]:
    old, new = _read(options.old, keys), _read(options.new, keys)
    folder.check_extends(Published(options.source), old, new)
    lines = [words.say(language, "consistency_holds", origin=new.origin, old=old.size, new=new.size)]
    if old.size == 0:
        lines = [words.say(language, "of_nothing")]
    return lines + _seen(options, language, new)


def _read(path: str, keys: list[Key]) -> Checkpoint:
    return read_checkpoint(_text(Path(path)), keys)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")  # as Windows saves it, too
    except UnicodeDecodeError as error:
        raise UnreadableError(path.name) from error


def _seen(options: argparse.Namespace, language: str, head: Checkpoint) -> list[str]:
    """Say which witnesses have seen it. Raises TooFewError."""
    if len(head.witnesses) < options.witnesses:
        raise TooFewError(len(head.witnesses))
    if not head.witnesses:
        return [words.say(language, "no_witness")]
    return [
        words.say(language, "witness", name=name, time=datetime.fromtimestamp(time, UTC).isoformat())
        for name, time in sorted(head.witnesses.items())
    ]


def _end(code: int, text: str) -> int:
    (sys.stdout if code == GOOD else sys.stderr).write(text + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
