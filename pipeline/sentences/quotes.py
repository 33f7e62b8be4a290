"""Finds direct quotations."""

from __future__ import annotations

import re

from pipeline.records import Span

_PAIRS = {"„": '“”"', "“": '”"', "»": "«", "«": "»", '"': '"', "‟": "”"}
_MARK = re.compile('[„“”»«"‟]')
_LONGEST = 2500  # characters; a mark that is not closed within this distance is taken for a slip


def find_quotes(text: str) -> list[Span]:
    """The spans inside quotation marks, marks included, in order and not overlapping. One pass: an opening mark
    waits for its closing mark; a further opening mark inside is part of the quotation."""
    quotes: list[Span] = []
    opened: int | None = None
    closing = ""
    for match in _MARK.finditer(text):
        position, mark = match.start(), match.group()
        if opened is not None and position - opened > _LONGEST:
            opened = None
        if opened is not None and mark in closing:
            quotes.append(Span(opened, position + 1))
            opened = None
        elif opened is None and mark in _PAIRS and (mark in "„»" or position == 0 or not text[position - 1].isalnum()):
            opened, closing = position, _PAIRS[mark]
    return quotes
