"""The witness over HTTP, with the status codes of C2SP tlog-witness."""

import hashlib
import http.client
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from linli.transparency import merkle, notes, witness, witnessing

ORIGIN = "liushu.example/log/330302001001"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))

pytestmark = pytest.mark.once


class Tree:
    """A log of its own, in memory; `fork` changes one leaf."""

    def __init__(self, size, fork=None):
        self.nodes = {}
        for index in range(size):
            leaf = merkle.hash_leaf(b"other" if index == fork else b"%d" % index)
            for level, seat, value in merkle.seats_on_append(index, leaf, self.node):
                self.nodes[level, seat] = value

    def node(self, level, index):
        return self.nodes[level, index]

    def note(self, size, origin=ORIGIN, root=None):
        text = notes.Head(origin, size, root or merkle.root(size, self.node)).text
        return text + "\n" + notes.sign_line(origin, KEY, text)

    def proof(self, old, new):
        return merkle.consistency(old, new, self.node)


TREE, FORK = Tree(40), Tree(40, fork=2)


@pytest.fixture
def office(tmp_path):
    seen = witness.Witness(tmp_path / "office", "street.example/witness")
    seen.trust(notes.verifier_of(ORIGIN, notes.ED25519, KEY).vkey)
    seen.trust(notes.verifier_of(ORIGIN, notes.ED25519, KEY).vkey)
    serving = witness.server(seen, "127.0.0.1", 0)
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    seen.port = serving.server_address[1]
    yield seen
    serving.shutdown()
    serving.server_close()


def ask(office, method, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", office.port, timeout=10)
    try:
        connection.request(method, path, body)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.getheader("Content-Type")
    finally:
        connection.close()


def add(office, old, proof, note):
    return ask(office, "POST", "/any/prefix/add-checkpoint", notes.addition(old, proof, note).encode())


def test_the_witness_cosigns_what_continues_and_shows_it(office):
    status, body, kind = add(office, 0, [], TREE.note(5))
    assert (status, kind) == (200, "text/plain; charset=utf-8")
    text = notes.split(TREE.note(5))[0]
    assert notes.check(f"{text}\n{body}", [office.verifier])[1][0].time > 1_000_000_000
    assert add(office, 5, TREE.proof(5, 12), TREE.note(12))[0] == 200
    assert add(office, 12, [], TREE.note(12))[0] == 200
    seat = hashlib.sha256(ORIGIN.encode()).hexdigest()
    status, shown, _kind = ask(office, "GET", f"/{seat}/checkpoint")
    assert status == 200
    assert shown.startswith(TREE.note(12))
    assert ask(office, "GET", "/" + "0" * 64 + "/checkpoint")[0] == 404
    assert ask(office, "GET", "/../key/checkpoint")[0] == 404
    assert ask(office, "GET", "/key")[1] == office.verifier.vkey + "\n"


def test_each_refusal_has_its_own_status(office):
    assert add(office, 0, [], TREE.note(10))[0] == 200
    assert add(office, 11, [], TREE.note(10))[0] == 400
    assert ask(office, "POST", "/add-checkpoint", b"nonsense")[0] == 400
    assert ask(office, "POST", "/add-checkpoint", b"\xff\xfe")[0] == 400
    assert ask(office, "POST", "/elsewhere", b"x")[0] == 404
    unsigned = notes.Head(ORIGIN, 12, merkle.root(12, TREE.node)).text
    other = Ed25519PrivateKey.from_private_bytes(bytes([9]) * 32)
    assert (
        add(office, 10, TREE.proof(10, 12), unsigned + "\n" + notes.sign_line(ORIGIN, other, unsigned))[0]
        == 403
    )
    assert (
        add(office, 10, TREE.proof(10, 12), unsigned + "\n" + notes.sign_line(ORIGIN, KEY, "no\n"))[0] == 403
    )
    assert add(office, 10, TREE.proof(10, 12), TREE.note(12, origin="unknown.example/log"))[0] == 404
    assert add(office, 0, [], TREE.note(12)) == (409, "10\n", "text/x.tlog.size")
    assert add(office, 9, TREE.proof(9, 12), TREE.note(12))[:2] == (409, "10\n")
    assert add(office, 10, TREE.proof(9, 12), TREE.note(12))[0] == 422
    assert add(office, 10, [], TREE.note(10, root=bytes(32)))[0] == 422
    assert add(office, 10, TREE.proof(10, 12)[:-1], TREE.note(12))[0] == 422
    too_many = [bytes(32)] * 64
    assert add(office, 10, too_many, TREE.note(12))[0] == 400


def test_a_first_checkpoint_has_no_proof_and_an_empty_tree_the_empty_root(office):
    assert add(office, 0, [bytes(32)], TREE.note(3))[0] == 422
    assert add(office, 0, [], TREE.note(0, root=bytes(32)))[0] == 422
    assert add(office, 0, [], TREE.note(0))[0] == 200
    assert add(office, 0, [bytes(32)], TREE.note(3))[0] == 422
    assert add(office, 0, [], TREE.note(3))[0] == 200


def test_an_old_checkpoint_cannot_roll_the_witness_back_nor_a_fork_pass_it(office):
    assert add(office, 0, [], TREE.note(20))[0] == 200
    assert add(office, 0, [], TREE.note(10))[0] == 409
    assert add(office, 10, TREE.proof(10, 20), TREE.note(20))[0] == 409
    assert add(office, 20, [], TREE.note(10))[0] == 400
    assert add(office, 20, FORK.proof(20, 30), FORK.note(30))[0] == 422
    assert add(office, 20, TREE.proof(20, 30), FORK.note(30))[0] == 422
    assert add(office, 20, TREE.proof(20, 30), TREE.note(30))[0] == 200


def test_of_many_requests_at_once_from_one_size_only_one_passes(office):
    assert add(office, 0, [], TREE.note(5))[0] == 200
    trees = [TREE, FORK] * 6
    assert merkle.root(2, TREE.node) == merkle.root(2, FORK.node)

    def one(number):
        size = 6 + number
        return add(office, 5, trees[number].proof(5, size), trees[number].note(size))[0]

    with ThreadPoolExecutor(12) as pool:
        statuses = sorted(pool.map(one, range(12)))
    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 409, 422}


def test_two_processes_with_one_folder_share_one_memory(office, tmp_path):
    twin = witness.Witness(tmp_path / "office", "street.example/witness")
    assert add(office, 0, [], TREE.note(5))[0] == 200
    assert twin.add_checkpoint(notes.addition(0, [], TREE.note(9)), 1).status == 409
    assert twin.add_checkpoint(notes.addition(5, TREE.proof(5, 9), TREE.note(9)), 1).status == 200
    assert add(office, 5, TREE.proof(5, 9), TREE.note(9))[0] == 409
    assert twin.verifier == office.verifier


def test_an_enormous_body_is_turned_away_unread(office):
    assert ask(office, "POST", "/add-checkpoint", b"x" * 70_000)[0] == 413


def test_the_client_learns_the_witness_size_and_catches_up(office):
    line = f"http://127.0.0.1:{office.port}/ {office.verifier.vkey}"
    [one] = witnessing.configured(f" {line} , ")
    keys = [notes.verifier_of(ORIGIN, notes.ED25519, KEY)]
    assert witnessing.last_seen(one, ORIGIN, keys) is None
    proofs = {old: TREE.proof(old, 30) for old in range(1, 31)} | {0: []}
    assert isinstance(witnessing.submit(one, TREE.note(7), 0, lambda _old: []), witnessing.Cosigned)
    assert isinstance(witnessing.submit(one, TREE.note(30), 3, proofs.get), witnessing.Cosigned)
    assert witnessing.last_seen(one, ORIGIN, keys).size == 30
    assert witnessing.submit(one, TREE.note(20), 0, lambda _old: []) == 30
    with pytest.raises(witnessing.Unreachable):
        witnessing.submit(one, FORK.note(35), 30, lambda old: FORK.proof(old, 35))
    with pytest.raises(witnessing.Unreachable):
        witnessing.last_seen(witnessing.Witness("http://127.0.0.1:9", one.verifier), ORIGIN, keys)
