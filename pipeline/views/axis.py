"""Round days for an axis of time, written in the reader's language (Plotly would write them in English)."""

from __future__ import annotations

import pandas as pd
from babel.dates import format_date

# Distance of the ticks of an axis, and how a day is written there: on its own, and where a year is new.
_STEPS: tuple[tuple[str, str, str], ...] = (
    ("D", "d. MMM", "d. MMM yyyy"),
    ("2D", "d. MMM", "d. MMM yyyy"),
    ("W-MON", "d. MMM", "d. MMM yyyy"),
    ("MS", "MMM", "MMM yyyy"),
    ("2MS", "MMM", "MMM yyyy"),
    ("QS", "MMM", "MMM yyyy"),
    ("6MS", "MMM", "MMM yyyy"),
    ("YS", "yyyy", "yyyy"),
    ("2YS", "yyyy", "yyyy"),
    ("5YS", "yyyy", "yyyy"),
    ("20YS", "yyyy", "yyyy"),
    ("100YS", "yyyy", "yyyy"),
    ("500YS", "yyyy", "yyyy"),
)
_MOST_TICKS = 6


def find_ticks(first: pd.Timestamp, last: pd.Timestamp, language: str) -> tuple[list[pd.Timestamp], list[str]]:
    """A few round days within a range, in the reader's language (Plotly would write them in English)."""
    choices = (
        ([tick for tick in pd.date_range(first.normalize(), last, freq=step) if tick >= first], plain_form, full_form)
        for step, plain_form, full_form in _STEPS
    )
    ticks, plain_form, full_form = next((choice for choice in choices if len(choice[0]) <= _MOST_TICKS), ([], "", ""))
    years = [tick.year for tick in ticks]
    forms = [plain_form if i and years[i] == years[i - 1] else full_form for i in range(len(ticks))]
    if language == "en":
        forms = [form.replace("d. ", "d ") for form in forms]
    return ticks, [
        str(format_date(tick.date(), form, locale=language)) for tick, form in zip(ticks, forms, strict=True)
    ]
