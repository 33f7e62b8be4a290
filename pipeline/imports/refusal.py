"""Why a file or a cell cannot be imported: sentences of data/ui/<language>/reasons/imports.yaml."""

from __future__ import annotations

from pipeline.errors import InputError
from pipeline.records import Reason
from pipeline.wording import say


def refuse(key: str, **values: object) -> InputError:
    reason = Reason(f"imports.{key}", tuple((name, str(value)) for name, value in values.items()))
    return InputError(say(reason), reason)
