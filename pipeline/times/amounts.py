"""Numbers and units: "drei", "zweieinhalb", "mehrere" and the TIMEX3 durations they make."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.times.grammar import Grammar

_CODES = {
    "second": ("T", "S"), "minute": ("T", "M"), "hour": ("T", "H"), "day": ("", "D"), "week": ("", "W"),
    "month": ("", "M"), "quarter": ("", "Q"), "year": ("", "Y"), "decade": ("", "DE"), "century": ("", "CE"),
    "night": ("T", "NI"), "morning": ("T", "MO"), "evening": ("T", "EV"), "weekend": ("", "WE"), "summer": ("", "SU"),
    "winter": ("", "WI"),
}  # fmt: skip
_HALF = {"year": (6, "M"), "day": (12, "H"), "hour": (30, "M"), "decade": (5, "Y"), "century": (5, "DE")}


def find_amount(captured: Mapping[str, str], grammar: Grammar, suffix: str = "") -> float | None:
    """The number captured; ``None`` for a vague amount ("einige") or none at all."""
    digits = captured.get(f"digits{suffix}")
    if digits:
        return float(digits.replace(",", ".")) if "." not in digits else float(digits.replace(".", ""))
    if captured.get(f"half{suffix}"):
        return float(grammar.key_of("half", captured[f"half{suffix}"]))
    if captured.get(f"number{suffix}"):
        return float(grammar.key_of("number", captured[f"number{suffix}"]))
    return None


def duration_value(amount: float | None, unit: str) -> str:
    """TIMEX3 value of a duration: "P3D", "PT24H", "P2.5Y", "PXW" for an unknown number."""
    clock, code = _CODES[unit]
    if amount is None:
        return f"P{clock}X{code}"
    if amount == 0.5 and unit in _HALF:
        number, code = _HALF[unit]
        clock = "T" if unit in ("day", "hour") else ""
        return f"P{clock}{number}{code}"
    return f"P{clock}{amount:g}{code}"
