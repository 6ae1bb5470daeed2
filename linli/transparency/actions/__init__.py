"""Every verb of the record."""

from linli.transparency.actions.receipts import receipt
from linli.transparency.actions.recording import correct, erase, record
from linli.transparency.actions.recovery import recover
from linli.transparency.actions.sealing import seal, seal_all
from linli.transparency.actions.signing import WentBack, sign, sign_round

__all__ = [
    "WentBack",
    "correct",
    "erase",
    "receipt",
    "record",
    "recover",
    "seal",
    "seal_all",
    "sign",
    "sign_round",
]
