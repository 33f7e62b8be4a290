"""The errors of this package. Each message is one sentence that a user can act on.

    PipelineError
    ├── InputError (ValueError)       what the user gave cannot be used: a file, a date, a name
    ├── PackError                     a language pack or data file is broken, with the file and the entry
    ├── GazetteerError                the place index cannot be built or opened
    ├── StoreError                    the store cannot be read or written
    ├── ConflictError                 somebody else has corrected the same event in between
    └── ExportError                   a figure, table or answer cannot be written

A problem of one document never raises: it is recorded in ``Document.problems``.
"""

from __future__ import annotations

from pipeline.records import Reason


class PipelineError(Exception):
    """Base of everything this package raises on purpose."""


class InputError(PipelineError, ValueError):
    """What the user gave cannot be used. ``reason`` says it in other languages (``wording.say``), where it is known."""

    def __init__(self, message: str, reason: Reason | None = None) -> None:
        super().__init__(message)
        self.reason = reason


class PackError(PipelineError):
    """A language pack or another file in data/ breaks its own rules."""


class GazetteerError(PipelineError):
    """The place index cannot be built or opened."""


class StoreError(PipelineError):
    """The store cannot be read or written. ``reason`` says it in other languages, where it is known."""

    def __init__(self, message: str, reason: Reason | None = None) -> None:
        super().__init__(message)
        self.reason = reason


class ConflictError(PipelineError):
    """Somebody else has corrected the same event in between; what was said is kept, without effect. ``reason`` says it
    in other languages."""

    def __init__(self, message: str, reason: Reason) -> None:
        super().__init__(message)
        self.reason = reason


class ExportError(PipelineError):
    """A figure, table or answer cannot be written."""
