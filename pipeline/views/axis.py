"""Round days for an axis of time, written in the reader's language (Plotly would write them in English)."""

from __future__ import annotations

import pandas as pd
from babel.dates import format_date

# Distance of the ticks of an axis for pandas and in days, and how a day is written there: within a year, and where a
# year is new.
_STEPS: tuple[tuple[str, int, str, str], ...] = (
    ("D", 1, "d. MMM", "d. MMM yyyy"),
    ("2D", 2, "d. MMM", "d. MMM yyyy"),
    ("W-MON", 7, "d. MMM", "d. MMM yyyy"),
    ("MS", 30, "MMM", "MMM yyyy"),
    ("2MS", 61, "MMM", "MMM yyyy"),
    ("QS", 91, "MMM", "MMM yyyy"),
    ("6MS", 182, "MMM", "MMM yyyy"),
    *((f"{years}YS", 365 * years, "yyyy", "yyyy") for years in (1, 2, 5, 20, 100, 500, 2000)),
)
_MOST_TICKS = 6


def find_ticks(first: pd.Timestamp, last: pd.Timestamp, language: str) -> tuple[list[pd.Timestamp], list[str]]:
    """A few round days within a range, in the reader's language (Plotly would write them in English)."""
    length = (last - first).days
    step, _, plain_form, full_form = next(row for row in _STEPS if length <= _MOST_TICKS * row[1] or row is _STEPS[-1])
    ticks = [tick for tick in pd.date_range(first.normalize(), last, freq=step) if tick >= first]
    years = [tick.year for tick in ticks]
    forms = [plain_form if i and years[i] == years[i - 1] else full_form for i in range(len(ticks))]
    if language == "en":
        forms = [form.replace("d. ", "d ") for form in forms]
    return ticks, [
        str(format_date(tick.date(), form, locale=language)) for tick, form in zip(ticks, forms, strict=True)
    ]
