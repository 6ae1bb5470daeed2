"""The tree against itself, against plain recursion and against the world's vectors."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import linli_verify.merkle as theirs
from linli.transparency import merkle

pytestmark = pytest.mark.once
VECTORS = Path(__file__).resolve().parents[4] / "shared" / "data" / "merkle"
both = pytest.mark.parametrize("code", [merkle, theirs], ids=["server", "verifier"])

# transparency-dev/merkle testonly/constants.go, as the fact sheet names them.
EIGHT = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOT_OF_ONE = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
ROOT_OF_EIGHT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def plain_root(entries):
    """RFC 9162, 2.1.1, word for word."""
    if not entries:
        return merkle.EMPTY_ROOT
    if len(entries) == 1:
        return merkle.hash_leaf(entries[0])
    split = 1
    while split * 2 < len(entries):
        split *= 2
    return merkle.hash_node(plain_root(entries[:split]), plain_root(entries[split:]))


def grow(entries):
    nodes = {}
    for index, entry in enumerate(entries):
        for level, place, hashed in merkle.seats_on_append(
            index, merkle.hash_leaf(entry), lambda *seat: nodes[seat]
        ):
            nodes[level, place] = hashed
    return lambda level, index: nodes[level, index]


ENTRIES = [f"entry {number}".encode() for number in range(1000)]
NODE = grow(ENTRIES)


def test_every_size_from_0_to_1000_has_the_root_of_plain_recursion():
    known = {}

    def recursive(begin, end):
        if (begin, end) not in known:
            if end - begin == 1:
                known[begin, end] = merkle.hash_leaf(ENTRIES[begin])
            else:
                middle = begin + max(2**k for k in range(10) if 2**k < end - begin)
                known[begin, end] = merkle.hash_node(recursive(begin, middle), recursive(middle, end))
        return known[begin, end]

    assert merkle.root(0, NODE) == plain_root([]) == merkle.EMPTY_ROOT
    for size in range(1, 1001):
        assert merkle.root(size, NODE) == recursive(0, size)
    assert merkle.root(77, NODE) == plain_root(ENTRIES[:77])


def test_the_eight_leaves_of_certificate_transparency_have_their_known_roots():
    node = grow([bytes.fromhex(leaf) for leaf in EIGHT])
    assert merkle.root(0, node).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.root(1, node).hex() == ROOT_OF_ONE
    assert merkle.root(8, node).hex() == ROOT_OF_EIGHT


@both
def test_every_inclusion_proof_up_to_64_verifies_and_only_for_its_own_index_and_size(code):
    for size in range(1, 65):
        root = merkle.root(size, NODE)
        for index in range(size):
            proof = merkle.inclusion(index, size, NODE)
            leaf = merkle.hash_leaf(ENTRIES[index])
            assert code.verify_inclusion(index, size, leaf, proof, root)
            assert not code.verify_inclusion(size, size, leaf, proof, root)
            assert not code.verify_inclusion(index, size, leaf, [*proof, root], root)
            if size > 1:
                assert not code.verify_inclusion((index + 1) % size, size, leaf, proof, root)
                assert not code.verify_inclusion(index, size, leaf, proof[:-1], root)


@both
def test_every_consistency_proof_up_to_64_verifies_and_no_shortened_or_lengthened_one(code):
    for new in range(1, 65):
        for old in range(1, new + 1):
            roots = merkle.root(old, NODE), merkle.root(new, NODE)
            proof = merkle.consistency(old, new, NODE)
            assert code.verify_consistency(old, new, *roots, proof)
            assert not code.verify_consistency(old, new, *roots, [*proof, roots[0]])
            if old < new:
                assert not code.verify_consistency(old, new, *roots, proof[:-1])
                assert not code.verify_consistency(old, new, *reversed(roots), proof)
                assert not code.verify_consistency(new, old, *roots, proof)


def flipped(value, bit):
    changed = bytearray(value)
    changed[bit // 8 % len(changed)] ^= 1 << bit % 8
    return bytes(changed)


@both
@given(index=st.integers(0, 63), more=st.integers(0, 63), bit=st.integers(0, 255), which=st.integers(0, 7))
def test_one_flipped_bit_in_leaf_proof_root_size_or_index_is_refused(code, index, more, bit, which):
    size = index + more + 1
    leaf, root = merkle.hash_leaf(ENTRIES[index]), merkle.root(size, NODE)
    proof = merkle.inclusion(index, size, NODE)
    assert not code.verify_inclusion(index, size, flipped(leaf, bit), proof, root)
    assert not code.verify_inclusion(index, size, leaf, proof, flipped(root, bit))
    assert not code.verify_inclusion(index ^ 1 << bit % 8, size, leaf, proof, root)
    if proof:
        place = which % len(proof)
        changed = [*proof[:place], flipped(proof[place], bit), *proof[place + 1 :]]
        assert not code.verify_inclusion(index, size, leaf, changed, root)


@both
@given(old=st.integers(1, 63), more=st.integers(1, 63), bit=st.integers(0, 255), which=st.integers(0, 7))
def test_one_flipped_bit_in_a_consistency_proof_or_its_roots_is_refused(code, old, more, bit, which):
    new = old + more
    roots, proof = (merkle.root(old, NODE), merkle.root(new, NODE)), merkle.consistency(old, new, NODE)
    place = which % len(proof)
    changed = [*proof[:place], flipped(proof[place], bit), *proof[place + 1 :]]
    assert not code.verify_consistency(old, new, *roots, changed)
    assert not code.verify_consistency(old, new, flipped(roots[0], bit), roots[1], proof)
    assert not code.verify_consistency(old, new, roots[0], flipped(roots[1], bit), proof)


@both
def test_of_the_empty_tree_nothing_is_proven(code):
    empty = merkle.EMPTY_ROOT
    assert not code.verify_inclusion(0, 0, empty, [], empty)
    assert not code.verify_consistency(0, 0, empty, empty, [])
    assert not code.verify_consistency(0, 1, empty, merkle.root(1, NODE), [])
    with pytest.raises(ValueError):
        merkle.consistency(0, 1, NODE)
    with pytest.raises(ValueError):
        merkle.inclusion(0, 0, NODE)


@both
@pytest.mark.shared
@pytest.mark.skipif(not VECTORS.exists(), reason="the outside vectors (../shared/data/merkle) are not here")
def test_all_196_outside_vectors_are_judged_as_their_makers_judged_them(code):
    def known(text):
        return base64.b64decode(text or "")

    counted = 0
    for path in sorted(VECTORS.rglob("*.json")):
        case = json.loads(path.read_text())
        proof = [known(part) for part in case["proof"] or []]
        if "leafIdx" in case:
            verdict = code.verify_inclusion(
                case["leafIdx"], case["treeSize"], known(case["leafHash"]), proof, known(case["root"])
            )
        else:
            verdict = code.verify_consistency(
                case["size1"], case["size2"], known(case["root1"]), known(case["root2"]), proof
            )
        assert verdict is not case["wantErr"], path
        counted += 1
    assert counted == 196
