"""A witness: sees the checkpoints of logs it trusts, and cosigns one only if nothing it saw before was changed.

C2SP tlog-witness. It needs a folder and a port, neither database nor settings, so that a street office, another
community or a resident runs it on a computer of their own: `linli witness`, or `python -m linli.transparency.witness`.

    <folder>/key        its seed                <folder>/logs       vkeys of the logs it trusts, one a line
    <folder>/seen/<hex of SHA-256(origin)>      the last checkpoint it cosigned, with its cosignature
"""

import argparse
import fcntl
import hashlib
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from linli.base.keys import keep_secret
from linli.transparency import merkle, notes
from linli.transparency.keyring import keep_file
from linli.transparency.notes import BadNote, Head, Verifier

MOST_BYTES = 64 * 1024
PATIENCE = 20  # seconds a caller may take
TEXT, SIZE = "text/plain; charset=utf-8", "text/x.tlog.size"
logger = logging.getLogger("linli.witness")


@dataclass(frozen=True)
class Answer:
    """What goes back to the log."""

    status: int
    body: str = ""
    kind: str = TEXT


class Witness:
    """The witness itself, whatever carries its requests."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(keep_secret(folder / "key")))
        self.verifier = notes.verifier_of(name, notes.COSIGNATURE, self.key)

    def trusted(self) -> dict[str, list[Verifier]]:
        """Return the keys of the trusted logs by origin; read anew each time, so that a line may be added."""
        path = self.folder / "logs"
        found: dict[str, list[Verifier]] = {}
        for line in path.read_text().splitlines() if path.exists() else []:
            if line.strip() and not line.startswith("#"):
                verifier = notes.read_vkey(line)
                found.setdefault(verifier.name, []).append(verifier)
        return found

    def trust(self, vkey: str) -> None:
        """Trust one more log."""
        verifier = notes.read_vkey(vkey)
        if verifier not in self.trusted().get(verifier.name, []):
            with (self.folder / "logs").open("a") as file:
                file.write(verifier.vkey + "\n")

    def add_checkpoint(self, body: str, now: int) -> Answer:
        """Answer one add-checkpoint at Unix time `now`, with the status codes of the protocol."""
        try:
            old, proof, note = notes.read_addition(body)
            text, _signatures = notes.split(note)
            head = notes.read_head(text)
        except BadNote as error:
            return Answer(400, f"{error}\n")
        verifiers = self.trusted().get(head.origin)
        if verifiers is None:
            return Answer(404, "this witness does not know the log\n")
        try:
            notes.open_checkpoint(note, verifiers)
        except BadNote as error:
            return Answer(403, f"{error}\n")
        if old > head.size:
            return Answer(400, "the old size is larger than the checkpoint's\n")
        with self._locked(head.origin):
            return self._compare_and_store(old, proof, note, head, now)

    def last_note(self, origin_hash: str) -> str | None:
        """Return the last cosigned checkpoint of the log whose origin has this SHA-256, in hex."""
        path = self.folder / "seen" / origin_hash
        return path.read_text() if origin_hash.isalnum() and path.is_file() else None

    def _compare_and_store(self, old: int, proof: list[bytes], note: str, head: Head, now: int) -> Answer:
        seat = hashlib.sha256(head.origin.encode()).hexdigest()
        seen = self._seen(seat)
        if old != (seen.size if seen else 0):
            return Answer(409, f"{seen.size if seen else 0}\n", SIZE)
        if not _follows(seen, head, proof):
            return Answer(422, "the checkpoint does not follow from the last one\n")
        text, _signatures = notes.split(note)
        line = notes.cosign_line(self.name, self.key, text, now)
        keep_file(self.folder / "seen" / seat, (note + line).encode())
        return Answer(200, line)

    def _seen(self, seat: str) -> Head | None:
        note = self.last_note(seat)
        return notes.read_head(notes.split(note)[0]) if note else None

    @contextmanager
    def _locked(self, origin: str) -> Iterator[None]:
        """Comparing and storing is one step, for threads and processes alike."""
        path = self.folder / "locks" / hashlib.sha256(origin.encode()).hexdigest()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _follows(seen: Head | None, head: Head, proof: list[bytes]) -> bool:
    """Say whether `head` continues what was seen; the empty tree is continued by anything, without proof."""
    if head.size == 0 and head.root != merkle.EMPTY_ROOT:
        return False
    if seen is None or seen.size == 0:
        return not proof
    return merkle.verify_consistency(seen.size, head.size, seen.root, head.root, proof)


class Handler(BaseHTTPRequestHandler):
    """HTTP around one Witness."""

    protocol_version = "HTTP/1.1"
    timeout = PATIENCE
    witness: Witness

    def do_POST(self) -> None:
        """Answer add-checkpoint, whatever prefix stands before it."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or len(length) > 9 or int(length) > MOST_BYTES:
            self.close_connection = True
            self._send(Answer(413 if length.isdecimal() else 411))
            return
        body = self.rfile.read(int(length))
        if not self.path.endswith("/add-checkpoint"):
            self._send(Answer(404))
            return
        try:
            text = body.decode()
        except UnicodeDecodeError:
            self._send(Answer(400, "this is not UTF-8\n"))
            return
        self._send(self.witness.add_checkpoint(text, int(time.time())))

    def do_GET(self) -> None:
        """Show the last checkpoint of a log, or the witness's own key."""
        parts = self.path.strip("/").split("/")
        if parts[-1] == "checkpoint" and len(parts) > 1:
            note = self.witness.last_note(parts[-2])
            self._send(Answer(200, note) if note else Answer(404))
        elif parts[-1] == "key":
            self._send(Answer(200, self.witness.verifier.vkey + "\n"))
        else:
            self._send(Answer(404))

    def log_message(self, format: str, *args: object) -> None:
        """Log to the witness's own logger instead of stderr."""
        logger.info(format, *args)

    def _send(self, answer: Answer) -> None:
        body = answer.body.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def server(witness: Witness, host: str, port: int) -> ThreadingHTTPServer:
    """Return a server for `witness`, not yet running; port 0 takes a free one."""
    handler = type("WitnessHandler", (Handler,), {"witness": witness})
    return ThreadingHTTPServer((host, port), handler)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command line takes."""
    parser.add_argument("--name", required=True, help="name of this witness, e.g. street.example/witness")
    parser.add_argument("--folder", type=Path, required=True, help="where it keeps its key and what it saw")
    parser.add_argument("--trust", action="append", default=[], metavar="VKEY", help="public key of a log")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8100)


def run(options: argparse.Namespace) -> None:
    """Be a witness until stopped."""
    witness = Witness(options.folder, options.name)
    for vkey in options.trust:
        witness.trust(vkey)
    serving = server(witness, options.host, options.port)
    address = f"http://{options.host}:{serving.server_address[1]}"
    sys.stdout.write(f'LINLI_WITNESSES="{address} {witness.verifier.vkey}"\n')
    sys.stdout.flush()
    try:
        serving.serve_forever()
    except KeyboardInterrupt:
        serving.server_close()


def main() -> None:
    """Run a witness without Django."""
    parser = argparse.ArgumentParser(description="a witness to Linli's logs (C2SP tlog-witness)")
    add_arguments(parser)
    run(parser.parse_args())


if __name__ == "__main__":
    main()
