"""Sets: how often, not when. They have no interval."""

from __future__ import annotations

from pipeline.times.amounts import duration_value, find_amount
from pipeline.times.context import Context, Reading
from pipeline.times.operations.words import Captures, Constants, key_of


def set_weekday(captured: Captures, context: Context, _: Constants) -> Reading:
    """ "jeden Freitag", "sonntags"."""
    name = "weekday" if captured.get("weekday") else "weekday_adverb"
    part = key_of(captured, context, "daypart")
    value = f"XXXX-WXX-{key_of(captured, context, name) + 1}" + (f"T{part}" if part else "")
    return Reading("SET", value, reason="set", establishes=False)


def set_unit(captured: Captures, context: Context, constants: Constants) -> Reading | None:
    """ "täglich", "alle zwei Wochen", "vierteljährlich", "pro Jahr"."""
    grammar = context.grammar
    amount: float | None
    if captured.get("unit"):
        unit = str(grammar.key_of("unit", captured["unit"]))
        amount = find_amount(captured, grammar)
        if amount is None and "vague" not in captured:
            return None
    else:
        unit = constants.get("unit") or grammar.unit_of(captured["unit_word"])
        fraction = captured.get("fraction", "").lower()
        amount = float(grammar.words["fractions"][fraction]) if fraction else 1.0
    return Reading("SET", duration_value(amount, unit), reason="set", establishes=False)
