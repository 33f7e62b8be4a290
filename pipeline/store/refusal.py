"""Why something cannot be done with the store: sentences of data/ui/<language>/reasons/store.yaml."""

from __future__ import annotations

from pipeline.errors import ConflictError, InputError
from pipeline.records import Reason
from pipeline.wording import say


def refuse(key: str, **values: object) -> InputError:
    """The error for something that a user asked of the store and that cannot be."""
    reason = _reason(key, values)
    return InputError(say(reason), reason)


def contradict(key: str, **values: object) -> ConflictError:
    """The error for a correction that another one was faster than."""
    reason = _reason(key, values)
    return ConflictError(say(reason), reason)


def _reason(key: str, values: dict[str, object]) -> Reason:
    return Reason(f"store.{key}", tuple((name, str(value)) for name, value in values.items()))
