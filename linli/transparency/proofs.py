"""Receipts as files: C2SP tlog-proof, one text that holds entry number, path and checkpoint; pure."""

import base64
from dataclasses import dataclass

from linli.transparency.notes import BadNote, decoded, read_number

FIRST_LINE = "c2sp.org/tlog-proof@v1"
MOST_HASHES = 63


@dataclass(frozen=True)
class Proof:
    """`extra` is not authenticated by anything but what the reader recomputes from it."""

    index: int
    hashes: list[bytes]
    checkpoint: str
    extra: bytes = b""

    def write(self) -> bytes:
        """Return the file's bytes."""
        lines = [FIRST_LINE]
        if self.extra:
            lines.append("extra " + base64.b64encode(self.extra).decode())
        lines.append(f"index {self.index}")
        lines += [base64.b64encode(hashed).decode() for hashed in self.hashes]
        return ("\n".join(lines) + "\n\n" + self.checkpoint).encode()


def read(data: bytes) -> Proof:
    """Return the proof in a file. Raises BadNote where it is none."""
    try:
        head, gap, checkpoint = data.decode().partition("\n\n")
    except UnicodeDecodeError as error:
        raise BadNote("this is not a receipt") from error
    lines = head.split("\n")
    if not gap or lines.pop(0) != FIRST_LINE or not lines:
        raise BadNote("this is not a receipt")
    extra = decoded(lines.pop(0)[6:]) if lines[0].startswith("extra ") else b""
    index = lines.pop(0)[6:] if lines and lines[0].startswith("index ") else ""
    if len(lines) > MOST_HASHES:
        raise BadNote("the receipt's proof is too long")
    return Proof(read_number(index), [decoded(line) for line in lines], checkpoint, extra)
