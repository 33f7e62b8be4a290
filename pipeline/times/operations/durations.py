"""Durations: how long, not when. They have no interval."""

from __future__ import annotations

from pipeline.times.amounts import duration_value, find_amount
from pipeline.times.context import Context, Reading
from pipeline.times.operations.words import Captures, Constants


def these_units(captured: Captures, context: Context, _: Constants) -> Reading:
    """ "in diesen Tagen"."""
    unit = context.grammar.unit_of(captured["unit_word"])
    return Reading("DURATION", duration_value(None, unit), reason="vague", establishes=False)


def duration(captured: Captures, context: Context, constants: Constants) -> Reading | None:
    """ "drei Tage", "zweieinhalb Jahre", "dreitägige", "monatelang", "drei Jahre und vier Monate"."""
    grammar = context.grammar
    if captured.get("unit"):
        unit = str(grammar.key_of("unit", captured["unit"]))
    elif captured.get("unit_adjective"):
        unit = str(grammar.key_of("unit-adjective", captured["unit_adjective"]))
    elif captured.get("unit_word"):
        unit = grammar.unit_of(captured["unit_word"])
    else:
        unit = str(constants["unit"])
    amount = None if constants.get("vague") else find_amount(captured, grammar)
    if amount is None and constants.get("amount"):
        amount = float(constants["amount"])
    if amount == 1 and constants.get("plural"):
        return None  # "ein schwarzer Tag" is no length of time
    value = duration_value(amount, unit)
    if captured.get("second_unit"):
        second_unit = str(grammar.key_of("unit", captured["second_unit"]))
        value += duration_value(find_amount(captured, grammar, "_second"), second_unit).removeprefix("P")
    return Reading("DURATION", value, approximate=bool(captured.get("approx")), reason="duration", establishes=False)
