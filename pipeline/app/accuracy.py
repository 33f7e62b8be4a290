"""The page that tells how often the program is right, and how that was measured."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pipeline.accuracy import FIGURES, HOW, load_accuracy
from pipeline.app.state import language, t
from pipeline.wording import write_share


def show_accuracy() -> None:
    found = load_accuracy()
    st.subheader(t("accuracy_title"))
    st.write(t("accuracy_intro", articles=found.articles))
    what, percent = t("accuracy_what"), t("accuracy_percent")
    rows = [(t(f"accuracy_{name}"), str(found.right[name])) for name in FIGURES]
    _show_table(rows, what, percent)
    st.write(t("accuracy_levels"))
    levels = []
    for one in found.levels:
        first, last = (write_share(edge, language(), 1) for edge in (one.first, one.last))
        levels.append((t("accuracy_level", first=first, last=last), str(one.events), str(one.right)))
    _show_table(levels, t("confidence"), t("page_events"), percent)
    figures = ", ".join(map(str, found.unseen))
    rounds = len(found.unseen)
    st.write(t("accuracy_unseen", articles=found.unseen_articles, rounds=rounds, figures=figures))
    st.write(t("accuracy_repeat", link=HOW))


def _show_table(rows: Sequence[tuple[str, ...]], *names: str) -> None:
    st.table(pd.DataFrame(rows, columns=list(names)).set_index(names[0]), width="content")
