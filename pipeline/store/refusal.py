"""Why something cannot be done with the store: sentences of data/ui/<language>/reasons/store.yaml."""

from __future__ import annotations

import os
import re

from pipeline.errors import ConflictError, InputError, StoreError
from pipeline.records import Reason
from pipeline.wording import say


def refuse(key: str, **values: object) -> InputError:
    """The error for something that a user asked of the store and that cannot be."""
    reason = _reason(key, values)
    return InputError(say(reason), reason)


def fail(key: str, folder: object, error: Exception | None = None) -> StoreError:
    """The error for a store that cannot be read or written. ``error``: what a library said, of which the first line
    is kept."""
    reason = _reason(key, {"name": folder, "why": _brief(error)})
    return StoreError(say(reason), reason)


def _brief(error: Exception | None) -> str:
    said = (error.strerror if isinstance(error, OSError) else None) or str(error or "")
    if number := re.search(r"\b(?:os error|errno) (\d+)", said):  # what libraries wrap in sentences of their own
        return os.strerror(int(number[1]))
    return re.sub(r"\x1b\[\d*m", "", said).strip().partition("\n")[0].rstrip(".")


def contradict(key: str, **values: object) -> ConflictError:
    """The error for a correction that another one was faster than."""
    reason = _reason(key, values)
    return ConflictError(say(reason), reason)


def _reason(key: str, values: dict[str, object]) -> Reason:
    return Reason(f"store.{key}", tuple((name, str(value)) for name, value in values.items()))
