"""The dashboard: pages and widgets only. Figures and words come from pipeline.views, events from pipeline.store."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from pipeline import export, gazetteer, ingest, pictures, process, wording
from pipeline.cli import store_folder
from pipeline.errors import InputError, PipelineError
from pipeline.published import find_published
from pipeline.records import Document, Filter
from pipeline.store import Added, Facets, Store
from pipeline.views import Palette, View, draw_map, draw_still_map, draw_timeline, html, mark_sentence, statistics
from pipeline.views.address import DEFAULT_MODALITIES, Address, read_address, write_address
from pipeline.views.card import find_place, find_time, reasons_of
from pipeline.views.legend import explain_marks
from pipeline.views.phrases import known, say_count, say_day, say_number, say_type, say_when
from pipeline.wording import label

SEEDS = Path(__file__).parent / "seeds"
STATISTICS = ("events", "casualties", "pairs")
HEIGHT = 440  # pixels of map and timeline, so that the table is seen below without scrolling


def main() -> None:
    st.set_page_config(page_title="Konflikt-Zeitleiste", page_icon="🗓️", layout="wide")
    try:
        show_page(open_store(str(store_folder(None))))
    except PipelineError as error:
        st.error(str(error))


def t(key: str, **values: object) -> str:
    """The words of the interface in the reader's language."""
    return wording.text(key, st.session_state.get("lang") or "de", **values)


# --- the store ---------------------------------------------------------------------------------------------------


@st.cache_resource(show_spinner=False)
def open_store(folder: str) -> Store:
    """The store, filled from seeds/ when there is nothing in it yet."""
    store = Store(Path(folder))
    if store.count() == 0 and not os.environ.get("CET_NO_SEEDS"):
        bar = st.progress(0.0, wording.text("building", "de"))
        gazetteer.load(lambda share, _: bar.progress(share * 0.8, wording.text("building", "de")))
        bar.progress(0.85, wording.text("filling", "de"))
        found = [item for file in ingest.find_files([SEEDS]) for item in ingest.read_file(file, ingest.Known())]
        store.add((process(item) for item in found if isinstance(item, Document)), now=datetime.now(UTC))
        bar.empty()
    return store


@st.cache_data(show_spinner=False, max_entries=64)
def load_events(folder: str, version: tuple[int, ...], wanted: Filter) -> pd.DataFrame:  # noqa: ARG001 - part of the key
    return open_store(folder).events(wanted)


@st.cache_data(show_spinner=False, max_entries=8)
def load_facets(folder: str, version: tuple[int, ...]) -> Facets:  # noqa: ARG001 - part of the key
    return open_store(folder).facets()


# --- the page ----------------------------------------------------------------------------------------------------


def show_page(store: Store) -> None:
    version = store.version()
    facets = load_facets(str(store.folder), version)
    restore_address(facets)
    view = show_filters(facets)
    frame = load_events(str(store.folder), version, view.filter())
    total = int(facets.types["events"].sum())
    palette = Palette.of(st.context.theme.type == "dark")
    st.html(html.style(palette))
    show_header(frame, total, view)
    chosen = selection(frame)
    if total == 0:
        st.info(t("empty_store"))
    elif frame.empty:
        st.info(t("no_events"))
    elif view.page == "statistics":
        show_statistics(frame, view, palette)
    else:
        left, right = st.columns([5, 6], gap="medium")
        with left:
            show_map(frame, view, palette, chosen)
        with right:
            show_timeline(frame, view, palette, chosen)
        show_legend(view, palette)
        left, right = st.columns([3, 2], gap="medium")
        with left:
            show_table(frame, view, chosen)
        with right, st.container(border=True, height=HEIGHT, key="card"):
            show_card(store, frame, view, chosen)
    st.query_params.from_dict(write_address(replace(view, event=st.session_state.get("event"))))


def restore_address(facets: Facets) -> None:
    """Take the view from the address, once per visit; what means nothing here is named and left out."""
    if "restored" in st.session_state:
        return
    st.session_state.restored = True
    parameters = {name: st.query_params.get_all(name) for name in st.query_params}
    choices = {
        "actor": list(facets.actors["id"]),
        "place": list(facets.places["id"]),
        "document": list(facets.documents["id"]),
    }
    address, ignored = read_address(parameters, {**choices, "lang": wording.languages()})
    for field in fields(Address):
        value = getattr(address, field.name)
        st.session_state[field.name] = list(value) if isinstance(value, tuple) else value
    if address.event:
        st.session_state.selected = (address.event,)
    st.session_state.ignored = ignored


def reset_filters() -> None:
    for name in ("actor", "place", "type", "document"):
        st.session_state[name] = []
    st.session_state.update(q="", first=None, last=None, modality=list(DEFAULT_MODALITIES))


def show_filters(facets: Facets) -> Address:
    state = st.session_state
    with st.sidebar:
        st.segmented_control(
            t("language"),
            wording.languages(),
            key="lang",
            format_func=lambda code: wording.text("name", code),
            label_visibility="collapsed",
            required=True,
        )
        st.subheader(t("filter"))
        st.text_input(t("search"), key="q", placeholder=t("search_hint"))
        choose("actor", facets.actors)
        choose("place", facets.places)
        choose("type", facets.types, lambda kind: label("types", kind, state.lang))
        choose(
            "modality", facets.modalities, lambda kind: label("modalities", kind, state.lang), help=t("modality_help")
        )
        left, right = st.columns(2)
        bounds = {"min_value": date(1, 1, 1), "max_value": date(9999, 12, 31), "format": "DD.MM.YYYY"}
        left.date_input(t("first"), key="first", **bounds)
        right.date_input(t("last"), key="last", **bounds)
        if len(facets.documents) > 1:
            choose("document", facets.documents)
        st.button(t("reset"), on_click=reset_filters, width="stretch")
        if st.button(t("add"), type="primary", width="stretch"):
            add_report()
    return Address(
        q=state.q,
        actor=tuple(state.actor),
        place=tuple(state.place),
        type=tuple(state.type),
        modality=tuple(state.modality),
        document=tuple(state.document),
        first=state.first,
        last=state.last,
        lanes=state.get("lanes") or "actor",
        window=state.get("window") or "core",
        page=state.get("page") or "events",
        lang=state.lang,
    )


def choose(name: str, facet: pd.DataFrame, say: Callable[[str], str] | None = None, help: str | None = None) -> None:  # noqa: A002
    """A filter by the values of a facet, each with the number of its events."""
    names = dict(zip(facet["id"], facet["name"], strict=True))
    counts = dict(zip(facet["id"], facet["events"], strict=True))
    options = [*names, *(value for value in st.session_state[name] if value not in names)]
    st.multiselect(
        t(name),
        options,
        key=name,
        placeholder=t("all"),
        help=help,
        format_func=lambda value: f"{say(value) if say else names.get(value, value)} ({counts.get(value, 0)})",
    )


# --- selection ---------------------------------------------------------------------------------------------------


def selection(frame: pd.DataFrame) -> frozenset[str]:
    """The events that are selected and still shown."""
    return frozenset(st.session_state.get("selected", ())).intersection(frame["id"])


def select(events: Iterable[str], source: str) -> None:
    """Select events; the marks of the selection that other charts still carry are forgotten by giving them new keys."""
    state = st.session_state
    state.selected = tuple(dict.fromkeys(events))
    state.event = state.selected[0] if len(state.selected) == 1 else None
    state.focus = None
    rounds = state.setdefault("rounds", {"map": 0, "timeline": 0, "table": 0})
    for name in rounds:
        if name != source:
            rounds[name] += 1


def key_of(name: str) -> str:
    return f"{name}-{st.session_state.get('rounds', {}).get(name, 0)}"


def take_points(name: str) -> None:
    """The callback of a chart: the events behind the points that were clicked or boxed."""
    state = st.session_state
    chart: Any = state[key_of(name)]
    groups: tuple[tuple[str, ...], ...] = state[f"groups_{name}"]
    indexes = [point["customdata"] for point in chart["selection"]["points"] if point.get("customdata") is not None]
    numbers = [index[0] if isinstance(index, list | tuple) else index for index in indexes]
    events = [event for number in dict.fromkeys(numbers) for event in groups[int(number)]]
    if events:
        select(events, name)


def take_row() -> None:
    """The callback of the table: one row is one event; without a row, the table no longer narrows anything."""
    state = st.session_state
    chosen = state[key_of("table")]["selection"]
    rows = chosen["rows"] or [row for row, _ in chosen["cells"]]
    if rows:
        state.focus = state.table_events[rows[0]]
        state.event = state.focus
    else:
        state.focus = state.event = None


# --- the parts of the page ---------------------------------------------------------------------------------------


def show_header(frame: pd.DataFrame, total: int, view: Address) -> None:
    state = st.session_state
    with st.container(horizontal=True, vertical_alignment="bottom", key="header"):
        st.html(f"<h1>{escape(t('title'))}</h1><p class='notice'>{escape(t('notice'))}</p>", width="stretch")
        st.segmented_control(
            t("page"), ("events", "statistics"), key="page", format_func=lambda name: t(f"page_{name}"),
            label_visibility="collapsed", required=True,
        )  # fmt: skip
        if not frame.empty:
            show_exports(frame, view)
    for message in state.pop("messages", []):
        st.success(message)
    for message in state.pop("errors", []):
        st.error(message)
    if ignored := state.pop("ignored", None):
        st.warning(t("bad_address", what=", ".join(ignored)))
    find_linked(frame)
    unplaced = frame.loc[[not places for places in frame["places"]], "id"]
    undated = frame.loc[frame["date_start"].isna() & frame["date_end"].isna(), "id"]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="counts"):
        st.html(f"<b>{escape(t('shown', shown=f'{len(frame):,}', total=f'{total:,}'))}</b>", width="content")
        for ids, key in ((unplaced, "without_place"), (undated, "without_date")):
            if len(ids):
                st.button(
                    t(key, count=len(ids)),
                    key=f"button-{key}",
                    type="tertiary",
                    help=t(f"{key}_help"),
                    on_click=select,
                    args=(list(ids), "button"),
                )
        chosen = highlighted(selection(frame))
        if chosen:
            st.button(
                t("selection_clear", what=say_number(len(chosen), view.lang)), key="clear", on_click=clear_selection
            )


def find_linked(frame: pd.DataFrame) -> None:
    """An event of an address may by now be one of several that were put together, or be gone."""
    state = st.session_state
    linked = state.get("event")
    if not linked or linked in set(frame["id"]):
        return
    found = next((row for row, members in zip(frame["id"], frame["members"], strict=True) if linked in members), None)
    if found is None:
        st.warning(t("bad_link"))
    state.event, state.selected = found, (found,) if found else ()


def clear_selection() -> None:
    select((), "chip")


def highlighted(chosen: frozenset[str]) -> frozenset[str]:
    """What charts show bright: the event of the card, else the selection."""
    focus = st.session_state.get("focus")
    return frozenset((focus,)) if focus else chosen


def show_map(frame: pd.DataFrame, view: Address, palette: Palette, chosen: frozenset[str]) -> None:
    with st.container(height=HEIGHT, border=False, key="map-box"):
        drawn = draw_map(frame, language=view.lang, palette=palette, selected=highlighted(chosen))
        drawn.figure.update_layout(height=HEIGHT - 24)
        show_chart(drawn, "map", ("points",))
    st.caption(t("borders"))


def show_timeline(frame: pd.DataFrame, view: Address, palette: Palette, chosen: frozenset[str]) -> None:
    with st.container(height=HEIGHT, border=False, key="timeline-box"):
        drawn = draw_timeline(
            frame,
            by=view.lanes,
            language=view.lang,
            palette=palette,
            selected=highlighted(chosen),
            core=view.window == "core",
        )
        show_chart(drawn, "timeline", ("points", "box"))
    with st.container(horizontal=True, vertical_alignment="center", key="timeline-options"):
        st.segmented_control(
            t("lanes"),
            ("actor", "place", "type"),
            key="lanes",
            format_func=lambda name: t(f"lanes_{name}"),
            label_visibility="collapsed",
            required=True,
        )
        st.segmented_control(
            t("window"),
            ("core", "all"),
            key="window",
            format_func=lambda name: t(f"zoom_{name}"),
            label_visibility="collapsed",
            required=True,
        )


def show_legend(view: Address, palette: Palette) -> None:
    st.html(html.legend(explain_marks(view.lang, palette)))


def show_chart(drawn: View, name: str, modes: tuple[str, ...]) -> None:
    st.session_state[f"groups_{name}"] = drawn.groups
    drawn.figure.update_layout(showlegend=False)  # the page has one legend for both charts
    st.plotly_chart(
        drawn.figure,
        key=key_of(name),
        theme=None,
        on_select=lambda: take_points(name),
        selection_mode=modes,
        config={"displaylogo": False, "scrollZoom": name == "map", "modeBarButtonsToRemove": ["lasso2d", "toImage"]},
    )


def show_table(frame: pd.DataFrame, view: Address, chosen: frozenset[str]) -> None:
    shown = frame[frame["id"].isin(chosen)] if chosen else frame
    st.session_state.table_events = list(shown["id"])
    records = shown.to_dict("records")
    table = pd.DataFrame(
        {
            t("date"): shown["date_start"].dt.date,
            t("time"): [say_when(row, view.lang) for row in records],
            t("place"): shown["place"],
            t("type"): [say_type(row, view.lang) for row in records],
            t("actors"): shown["actor_names"],
            t("modality"): [label("modalities", row["modality"], view.lang) for row in records],
            t("killed"): [say_count(row, "fatalities", view.lang) for row in records],
            t("injured"): [say_count(row, "injured", view.lang) for row in records],
            t("expression"): shown["time_text"],
            t("confidence"): shown["confidence"],
            t("sentence"): shown["sentence"],
        }
    )
    st.dataframe(
        table,
        key=key_of("table"),
        hide_index=True,
        height=HEIGHT,
        on_select=take_row,
        selection_mode=("single-row", "single-cell"),
        placeholder="–",
        column_config={
            t("date"): st.column_config.DateColumn(format="DD.MM.YYYY", width="small"),
            t("confidence"): st.column_config.ProgressColumn(min_value=0, max_value=1, format="%.2f", width="small"),
            t("sentence"): st.column_config.TextColumn(width="large"),
        },
    )


def show_statistics(frame: pd.DataFrame, view: Address, palette: Palette) -> None:
    for name in STATISTICS:
        counted = getattr(statistics, f"count_{name}")(frame, view.lang, palette)
        st.subheader(t(f"count_{name}"))
        st.plotly_chart(counted.figure, key=f"statistic-{name}", theme=None, config={"displaylogo": False})
        if counted.left_out:
            st.caption(t(f"left_out_{name}", count=f"{counted.left_out:,}"))


# --- one event ---------------------------------------------------------------------------------------------------


def show_card(store: Store, frame: pd.DataFrame, view: Address, chosen: frozenset[str]) -> None:
    focus = st.session_state.get("focus")
    identifier = focus if focus in set(frame["id"]) else next(iter(chosen)) if len(chosen) == 1 else None
    if identifier is None:
        st.write(t("choose_one") if chosen else t("choose"))
        st.caption(t("select_help"))
        return
    (row,) = frame[frame["id"] == identifier].to_dict("records")
    report = store.document(row["document_id"])
    if report is None:
        st.write(t("bad_link"))
        return
    st.html(html.head(row, view.lang))
    st.html(html.sentence(mark_sentence(row, report), view.lang))
    reasons = reasons_of(row, view.lang)
    moment, place = find_time(row, report), find_place(row, report)
    others = [f"{c['date_start'] or '…'} – {c['date_end'] or '…'}" for c in (moment or {}).get("candidates", ())]
    st.html(html.why("why_date", reasons["date"], others, view.lang))
    others = [
        ", ".join(filter(None, (c["name"], c["admin1"], c["country"]))) for c in (place or {}).get("candidates", ())
    ]
    st.html(html.why("why_place", reasons["place"], others, view.lang))
    st.html(html.why("why_event", reasons["event"], (), view.lang))
    st.html(html.sources(store.reports(row["sources"]).to_dict("records"), view.lang))
    with st.expander(t("read_report")):
        st.text(report["text"])
    st.caption(t("link"))
    parameters = urlencode(write_address(replace(view, event=identifier)), doseq=True)
    link = f"{(st.context.url or '').partition('?')[0]}?{parameters}"
    st.code(link, language=None, wrap_lines=True)
    st.caption(t("citation"))
    source = " · ".join(str(row[key]) for key in ("title", "source", "url") if known(row[key])) or row["document_id"]
    when, place = say_when(row, view.lang), known(row["place"]) or t("unplaced")
    cited = t("cite", type=say_type(row, view.lang), when=when, place=place, source=source, link=link)
    st.code(cited, language=None, wrap_lines=True)


# --- taking away -------------------------------------------------------------------------------------------------


def show_exports(frame: pd.DataFrame, view: Address) -> None:
    chosen = selection(frame)
    shown = frame[frame["id"].isin(chosen)] if chosen else frame
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    with st.popover(t("export")):
        st.caption(t("export_what"))
        can_draw = pictures.can_draw()
        if not can_draw:
            st.warning(t("no_browser"))
        charts = STATISTICS if view.page == "statistics" else ("timeline", "map")
        for name in charts:
            st.markdown(f"**{t(f'count_{name}' if name in STATISTICS else f'export_{name}')}**")
            with st.container(horizontal=True):
                for kind, mime in pictures.KINDS.items():
                    st.download_button(
                        kind.upper(),
                        make_picture(name, kind, shown, view, day),
                        f"{name}-{day}.{kind}",
                        mime,
                        key=f"export-{name}-{kind}",
                        on_click="ignore",
                        disabled=kind != "html" and not can_draw,
                    )
        st.markdown(f"**{t('export_data')}**")
        with st.container(horizontal=True):
            for kind, mime in export.KINDS.items():
                st.download_button(
                    kind.upper(),
                    lambda kind=kind: export.table(shown, kind, reasons=view.lang),
                    f"events-{day}.{kind}",
                    mime,
                    key=f"export-data-{kind}",
                    on_click="ignore",
                )


def make_picture(name: str, kind: str, shown: pd.DataFrame, view: Address, day: str) -> Callable[[], bytes]:
    """What draws a picture when its button is pressed: light, whatever the theme of the screen."""
    sources = sorted(
        {known(row["title"]) or known(row["source"]) or row["document_id"] for row in shown.to_dict("records")}
    )
    listed = "; ".join(sources[:3]) + (" …" if len(sources) > 3 else "")
    note = wording.text("figure_note", view.lang, notice=wording.text("notice", view.lang), day=day, sources=listed)
    if name == "map":
        note += " " + wording.text("map_credit", view.lang)
    title = wording.text("title", view.lang) + f" – {say_number(len(shown), view.lang)}"

    def draw() -> bytes:
        palette = Palette.of(dark=False)
        drawn: View | statistics.Statistic
        if name == "map":
            drawn = draw_still_map(shown, language=view.lang, palette=palette)
        elif name in STATISTICS:
            drawn = getattr(statistics, f"count_{name}")(shown, view.lang, palette)
        else:
            drawn = draw_timeline(shown, by=view.lanes, language=view.lang, palette=palette, core=view.window == "core")
        return pictures.picture(drawn.figure, kind, title=title, note=note)

    return draw


# --- adding a report ---------------------------------------------------------------------------------------------


def add_report() -> None:
    """The dialog, titled in the reader's language."""
    st.dialog(t("add"), width="large")(show_add_report)()


def show_add_report() -> None:
    words = st.text_area(t("add_text"), height=220, key="add_words")
    uploads = st.file_uploader(
        t("add_files"), type=[suffix[1:] for suffix in ingest.SUFFIXES], accept_multiple_files=True
    )
    found = find_published(words[:100_000], "de") if words.strip() else None
    day = st.date_input(
        t("add_day"),
        value=found.day if found else None,
        key=f"add_day_{found.day if found else None}",
        help=t("add_day_help"),
        min_value=date(1, 1, 1),
        max_value=date(9999, 12, 31),
        format="DD.MM.YYYY",
    )
    if found and found.day:
        st.caption(t("add_day_found", day=say_day(found.day, st.session_state.lang)))
    elif found:
        days = ", ".join(say_day(candidate, st.session_state.lang) for candidate in found.candidates)
        st.caption(t("add_day_candidates", days=days) if days else t("add_day_none"))
    if not st.button(t("add_run"), type="primary"):
        return
    if not words.strip() and not uploads:
        st.warning(t("add_nothing"))
        return
    with st.spinner(t("add_working")):
        known_day = ingest.Known(day if isinstance(day, date) else None)
        read: list[Document | InputError] = [ingest.from_text(words, known_day)] if words.strip() else []
        for upload in uploads:
            read += ingest.read_upload(upload.name, upload.getvalue(), known_day)
        store_reports(read)
    st.rerun()


def store_reports(read: list[Document | InputError]) -> None:
    """Run the pipeline, keep what can be kept, and say what could not."""
    state = st.session_state
    documents = [process(item) for item in read if isinstance(item, Document)]
    added: Added = open_store(str(store_folder(None))).add(documents, now=datetime.now(UTC))
    refused = [item for item in read if isinstance(item, InputError)]
    state.errors = [wording.say(item.reason, state.lang) if item.reason else str(item) for item in refused]
    state.errors += [t("add_undated") for document in documents if document.published is None]
    failed = [
        problem for document in documents for problem in document.problems if problem.stage not in ("input", "times")
    ]
    state.errors += [problem.message for problem in failed]
    state.messages = [t("add_done", **added._asdict())] if documents else []
    select((event.id for document in documents for event in document.events), "add")


if __name__ == "__main__":  # a worker process that is spawned from here imports this file, but shows no page
    main()
