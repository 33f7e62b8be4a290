"""Near-duplicate reports: agency copy that many outlets print, cut, headed and signed in their own way.

MinHash (Broder 1997) over runs of five words, with banding (Leskovec et al., Mining of Massive Datasets, 3.4): two
texts share ``band keys`` when they are likely to be copies, so that copies are looked up, never compared one by one;
``similarity`` then tells from the signatures. Pure and deterministic: the same text has the same signature everywhere.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

HASHES, BANDS = 128, 32  # bands of four: copies of 0.6 share a key with 99 %, unrelated texts of 0.1 with 0.3 %
COPY = 0.6  # of the runs of words that two texts have together, at least so much is in both
_RUN = 5  # words
_FEWEST = 12  # words: shorter texts are alike by chance
_MOST = 20_000  # words of a text that are looked at
_WORD = re.compile(r"\w+")
_PRIME = np.uint64((1 << 31) - 1)  # so that a product of two numbers below it fits into 64 bits


class Signature(NamedTuple):
    """``minima``: 4 bytes for each of ``HASHES``. ``keys``: one for each of ``BANDS``, as texts to join on."""

    minima: bytes
    keys: tuple[str, ...]


def _make_permutations() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    seeds = b"".join(blake2b(number.to_bytes(4, "big"), digest_size=16).digest() for number in range(HASHES))
    numbers = np.frombuffer(seeds, dtype="<u8").reshape(HASHES, 2) % _PRIME
    return numbers[:, 0] | np.uint64(1), numbers[:, 1]


_FACTORS, _SHIFTS = _make_permutations()


def sign(text: str) -> Signature | None:
    """The signature of a text; ``None`` for one of too few words to tell."""
    words = [match[0].casefold() for match in _WORD.finditer(text)][:_MOST]
    if len(words) < _FEWEST:
        return None
    runs = {" ".join(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1)}
    hashed = b"".join(blake2b(run.encode("utf-8", "surrogatepass"), digest_size=8).digest() for run in runs)
    numbers = np.frombuffer(hashed, dtype="<u8") % _PRIME
    minima = np.full(HASHES, _PRIME, dtype=np.uint64)
    for start in range(0, len(numbers), 1024):  # in pieces, so that memory stays small
        part = numbers[start : start + 1024]
        minima = np.minimum(minima, ((part[:, None] * _FACTORS + _SHIFTS) % _PRIME).min(axis=0))
    raw = minima.astype("<u4").tobytes()
    width = len(raw) // BANDS
    keys = tuple(
        f"{band:02x}{blake2b(raw[band * width : (band + 1) * width], digest_size=7).hexdigest()}"
        for band in range(BANDS)
    )
    return Signature(raw, keys)


def similarity(first: Signature, second: Signature) -> float:
    """How much of their runs of words two texts share (Jaccard), estimated within about .05; 0 to 1."""
    left, right = (np.frombuffer(one.minima, dtype="<u4") for one in (first, second))
    return float((left == right).mean())


def is_copy(first: Signature, second: Signature) -> bool:
    return similarity(first, second) >= COPY
