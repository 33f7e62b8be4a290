"""The errors of this package. Each message is one sentence that a user can act on.

    PipelineError
    ├── InputError (ValueError)       what the user gave cannot be used: a file, a date, a name
    ├── PackError                     a language pack or data file is broken, with the file and the entry
    ├── GazetteerError                the place index cannot be built or opened
    ├── StoreError                    the store cannot be read or written
    └── ExportError                   a figure or table cannot be written

A problem of one document never raises: it is recorded in ``Document.problems``.
"""

from __future__ import annotations


class PipelineError(Exception):
    """Base of everything this package raises on purpose."""


class InputError(PipelineError, ValueError):
    """What the user gave cannot be used."""


class PackError(PipelineError):
    """A language pack or another file in data/ breaks its own rules."""


class GazetteerError(PipelineError):
    """The place index cannot be built or opened."""


class StoreError(PipelineError):
    """The store cannot be read or written."""


class ExportError(PipelineError):
    """A figure or table cannot be written."""
