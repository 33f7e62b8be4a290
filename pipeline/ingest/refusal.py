"""The error for an input that cannot be used."""

from __future__ import annotations

from pipeline.errors import InputError
from pipeline.formats.charset import decode as decode_bytes
from pipeline.formats.records import LARGEST, FormatError
from pipeline.records import Reason
from pipeline.wording import say


def refuse(key: str, **values: object) -> InputError:
    """The error for an input that cannot be used; its sentence is in data/ui/<language>/reasons/input.yaml."""
    reason = Reason(f"input.{key}", tuple((name, str(value)) for name, value in values.items()))
    return InputError(say(reason), reason)


def check_length(size: int, name: str, most: int = LARGEST) -> None:
    if size > most:
        raise refuse("too_long", name=name, most=most // 1_000_000)


def decode(raw: bytes, name: str) -> str:
    """The text of a file that does not name its encoding. ``InputError`` when it is empty, no text, or in no encoding
    that is known."""
    try:
        return decode_bytes(raw, name)
    except FormatError as error:
        raise refuse(error.refused.key, **error.refused.values) from None
