"""Proofs of a Merkle tree as RFC 6962 and RFC 9162 define them, written without a look at the server's code.

Each verifier rebuilds the roots from the shape of the tree: it knows from size and index alone which hashes the proof
must hold, in which order, and takes exactly those. Of the empty tree nothing is proven.
"""

import hashlib
from collections.abc import Callable, Sequence

EMPTY_ROOT = hashlib.sha256().digest()
Subtree = Callable[[int, int], bytes]


class ShapeError(Exception):
    """The proof has not the shape that size and index demand."""


def hash_leaf(entry: bytes) -> bytes:
    """Return the hash of one entry."""
    return hashlib.sha256(bytes([0]) + entry).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """Return the hash over two subtrees."""
    return hashlib.sha256(bytes([1]) + left + right).digest()


class _Proof:
    """The hashes still to be taken, from the end: the nearest to the root comes first."""

    def __init__(self, hashes: Sequence[bytes]) -> None:
        self.left = list(hashes)
        if any(len(hashed) != 32 for hashed in self.left):
            raise ShapeError

    def take(self) -> bytes:
        if not self.left:
            raise ShapeError
        return self.left.pop()


def _half(size: int) -> int:
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def _root_over(index: int, size: int, leaf: bytes, proof: _Proof) -> bytes:
    if size == 1:
        return leaf
    half = _half(size)
    sibling = proof.take()
    if index < half:
        return hash_node(_root_over(index, half, leaf, proof), sibling)
    return hash_node(sibling, _root_over(index - half, size - half, leaf, proof))


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Say whether the entry hashed to `leaf` is number `index` of the `size` entries under `root`."""
    if not 0 <= index < size or len(leaf) != 32 or len(proof) > 64:
        return False
    try:
        rest = _Proof(proof)
        return _root_over(index, size, leaf, rest) == root and not rest.left
    except ShapeError:
        return False


def _both_roots(old: int, new: int, known: bytes | None, proof: _Proof) -> tuple[bytes, bytes]:
    """Old and new root of `new` entries of which `old` are old; `known` where the old root is the range's."""
    if old == new:
        hashed = known if known is not None else proof.take()
        return hashed, hashed
    half = _half(new)
    sibling = proof.take()
    if old <= half:
        before, after = _both_roots(old, half, known, proof)
        return before, hash_node(after, sibling)
    before, after = _both_roots(old - half, new - half, None, proof)
    return hash_node(sibling, before), hash_node(sibling, after)


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Say whether the `old` entries under `old_root` are the first of the `new` entries under `new_root`."""
    if not 0 < old <= new or len(proof) > 64:
        return False
    if old == new:
        return not proof and old_root == new_root
    try:
        rest = _Proof(proof)
        return _both_roots(old, new, old_root, rest) == (old_root, new_root) and not rest.left
    except ShapeError:
        return False


class Growing:
    """A root that grows entry by entry, remembering one hash per complete subtree on its right edge."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[tuple[int, bytes]] = []  # (entries under it, hash), the largest first

    def add(self, leaf: bytes) -> None:
        """Add the next entry's hash."""
        count, hashed = 1, leaf
        while self._edge and self._edge[-1][0] == count:
            hashed = hash_node(self._edge.pop()[1], hashed)
            count *= 2
        self._edge.append((count, hashed))
        self.size += 1

    def root(self) -> bytes:
        """Return the root over what was added so far."""
        if not self._edge:
            return EMPTY_ROOT
        hashed = self._edge[-1][1]
        for _count, left in reversed(self._edge[:-1]):
            hashed = hash_node(left, hashed)
        return hashed
