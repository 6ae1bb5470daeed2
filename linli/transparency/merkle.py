"""The Merkle tree of RFC 6962: hashes, proofs and their verification; pure, over any store of complete subtrees.

`node(level, index)` gives the 32-byte hash of the complete subtree over the 2^level leaves from index · 2^level on.
Verification follows RFC 9162, 2.1.3.2 (inclusion) and 2.1.4.2 (consistency), and refuses more than it asks for: the
empty tree, indices beyond the size, hashes that are not 32 bytes, proofs that are too long or should not be there.

We hold of the empty tree: its root is SHA-256(""), and nothing can be proven about it. An inclusion or a consistency
proof from or to size 0 is refused, even the empty one; whoever holds a checkpoint of size 0 has nothing to verify.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

Node = Callable[[int, int], bytes]


def hash_leaf(entry: bytes) -> bytes:
    """Return SHA-256(0x00 ‖ entry)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def seats_on_append(index: int, leaf_hash: bytes, node: Node) -> Iterator[tuple[int, int, bytes]]:
    """Yield (level, index, hash) of every complete subtree that the leaf at `index` completes, itself first."""
    level, hashed = 0, leaf_hash
    yield level, index, hashed
    while index & 1:
        hashed = hash_node(node(level, index - 1), hashed)
        level, index = level + 1, index >> 1
        yield level, index, hashed


def root(size: int, node: Node) -> bytes:
    """Return the root over the first `size` leaves; SHA-256("") for none."""
    return _hash_of(0, size, node) if size else EMPTY_ROOT


def inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """Return the hashes that lead from leaf `index` to the root of `size` leaves, the leaf's sibling first."""
    if not 0 <= index < size:
        raise ValueError("the entry is not in a tree of this size")
    return _path(index, 0, size, node)


def consistency(old: int, new: int, node: Node) -> list[bytes]:
    """Return the hashes that show the first `old` of `new` leaves unchanged; none where the sizes are equal."""
    if not 0 < old <= new:
        raise ValueError("a consistency proof leads from a tree that is not empty to one that is not smaller")
    return _subproof(old, 0, new, node, is_whole=True)


def verify_inclusion(
    index: int, size: int, leaf_hash: bytes, proof: Sequence[bytes], root_hash: bytes
) -> bool:
    """Say whether `proof` leads from the leaf at `index` to `root_hash` of `size` leaves."""
    if not 0 <= index < size or not _are_hashes(leaf_hash, root_hash, *proof):
        return False
    at, last, hashed = index, size - 1, leaf_hash
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            hashed = hash_node(sibling, hashed)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            hashed = hash_node(hashed, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and hashed == root_hash


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Say whether `proof` shows that the tree of `old` leaves is the beginning of the tree of `new` leaves."""
    if not 0 < old <= new:
        return False
    if old == new:  # nothing is hashed here: the roots only have to be the same
        return not proof and old_root == new_root
    if not _are_hashes(old_root, new_root, *proof):
        return False
    hashes = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    return bool(proof) and _fold(old - 1, new - 1, hashes) == (old_root, new_root)


def _fold(at: int, last: int, hashes: list[bytes]) -> tuple[bytes, bytes] | None:
    """Both roots that `hashes` lead to, None where there are too many or too few (RFC 9162, 2.1.4.2, steps 4–7)."""
    while at & 1:
        at, last = at >> 1, last >> 1
    of_old = of_new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            of_old, of_new = hash_node(sibling, of_old), hash_node(sibling, of_new)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            of_new = hash_node(of_new, sibling)
        at, last = at >> 1, last >> 1
    return (of_old, of_new) if last == 0 else None


def _are_hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_BYTES for value in values)


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _hash_of(begin: int, end: int, node: Node) -> bytes:
    """Hash of leaves [begin, end); begin is a multiple of the power of two that covers the range."""
    size = end - begin
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, begin >> level)
    middle = begin + _split(size)
    return hash_node(_hash_of(begin, middle, node), _hash_of(middle, end, node))


def _path(index: int, begin: int, end: int, node: Node) -> list[bytes]:
    if end - begin == 1:
        return []
    middle = begin + _split(end - begin)
    if index < middle:
        return [*_path(index, begin, middle, node), _hash_of(middle, end, node)]
    return [*_path(index, middle, end, node), _hash_of(begin, middle, node)]


def _subproof(old: int, begin: int, end: int, node: Node, *, is_whole: bool) -> list[bytes]:
    """RFC 9162, 2.1.4.1; `is_whole`: the old tree is the range itself, whose root the verifier already holds."""
    if old == end:
        return [] if is_whole else [_hash_of(begin, end, node)]
    middle = begin + _split(end - begin)
    if old <= middle:
        return [*_subproof(old, begin, middle, node, is_whole=is_whole), _hash_of(middle, end, node)]
    return [*_subproof(old, middle, end, node, is_whole=False), _hash_of(begin, middle, node)]
