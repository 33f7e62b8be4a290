"""What can be taken away: charts as pictures, events as data; always of what is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import BinaryIO

import pandas as pd
import streamlit as st

from pipeline import export, pictures
from pipeline.accuracy import say_notice
from pipeline.app import counts
from pipeline.app.downloads import Offer, offer
from pipeline.app.filters import FACETS, name_values
from pipeline.app.scene import Bright, Few, Scene
from pipeline.app.state import own_address, show_note, t
from pipeline.errors import ExportError
from pipeline.records import Filter
from pipeline.store import Store
from pipeline.views import Palette, View, draw_still_map, html
from pipeline.views.limits import say_filters
from pipeline.views.phrases import known, say_day, say_number
from pipeline.views.sheet import draw_sheet, draw_strip, is_too_small
from pipeline.views.statistics import Statistic
from pipeline.wording import text

_NOTHING = "@nothing"  # an id that no event has
MEASURED = "page=accuracy"  # the page of the app that tells how often the program is right, as notes name it
_LISTED = 3  # sources that a figure names
_LIGHT = Palette.of(dark=False)  # whatever the theme of the screen: figures are for paper


def show_exports(scene: Scene, bright: Bright | None) -> None:
    """The menu. What is in it is made when it is open, and a file when its button is pressed."""
    menu = st.popover(t("export"), key="export", on_change="rerun")
    if not menu.open:
        return
    page = scene.view.page
    with menu:
        show_note(t("export_what"))
        can_draw = pictures.can_draw()
        if not can_draw:
            st.warning(t("no_browser"))
        title = st.text_input(t("figure_title"), value=t("title"), key="figure-title", max_chars=200)
        size = _choose_size()
        for name in counts.CHARTS if page == "statistics" else ("sheet", "timeline", "map"):
            st.html(f"<h2 class='menu'>{t(f'count_{name}' if page == 'statistics' else f'export_{name}')}</h2>")
            if name == "sheet" and size and is_too_small(size.body):
                show_note(t("sheet_too_small"))
                continue
            with st.container(horizontal=True):
                for kind, mime in pictures.KINDS.items():
                    st.download_button(
                        kind.upper(),
                        _picture(name, kind, scene, bright, title, size),
                        _file(name, kind),
                        mime,
                        key=f"export-{name}-{kind}",
                        on_click="ignore",
                        disabled=kind != "html" and not can_draw,
                    )
        if page == "events":
            _show_data(scene, bright)


def _choose_size() -> pictures.Size | None:
    names = ("free", *pictures.SIZES, "own")
    name = st.selectbox(t("figure_size"), names, key="figure-size", format_func=lambda name: t(f"size_{name}"))
    if name != "own":
        return pictures.SIZES.get(name)
    left, right = st.columns(2)
    least, most = pictures.SMALLEST, pictures.LARGEST
    width = left.number_input(t("figure_width"), least, most, 180, key="figure-width")
    height = right.number_input(t("figure_height"), least, most, 120, key="figure-height")
    return pictures.Size(width, height)


def _show_data(scene: Scene, bright: Bright | None) -> None:
    number = bright.number if bright else scene.totals.events
    st.html(f"<h2 class='menu'>{t('export_data')}</h2>")
    hxl = st.checkbox(t("export_hxl"), key="export-hxl", help=t("export_hxl_help"))
    extracted = st.checkbox(t("export_extracted"), key="export-extracted", help=t("export_extracted_help"))
    total = int(scene.reader.facets().types["events"].sum())
    parts = [t("shown", shown=number, total=total), _filters(scene, bright), t("export_extracted") if extracted else ""]
    said = "; ".join(filter(None, parts))
    with st.container(horizontal=True):
        for kind, mime in export.KINDS.items():
            if kind == "xlsx" and number + hxl > export.MOST_ROWS:
                continue
            write = partial(_write, kind, scene, bright, hxl, extracted, said)
            link = offer(Offer(_file("events", kind), mime, write))
            with st.container(key=f"export-data-{kind}", width="content"):
                st.html(html.download(link, kind.upper()), width="content")
    if number + hxl > export.MOST_ROWS:
        show_note(t("export_too_many", most=export.MOST_ROWS))


def _write(
    kind: str, scene: Scene, bright: Bright | None, hxl: bool, extracted: bool, said: str, out: BinaryIO
) -> None:
    """Every event that is seen, none more and none less, into a file."""
    wanted, frames = _load(scene, bright)
    store = scene.reader.store
    number = store.count(wanted) if wanted else bright.number if bright else scene.totals.events
    if extracted:
        frames = _as_extracted(store, frames)
    about = export.About(datetime.now(UTC).date(), said)
    written = export.write(frames, kind, out, reasons=scene.view.lang, hxl=hxl, about=about)
    if written != number and not extracted:
        raise ExportError("Events have changed while the file was written; take it again.")


def _load(scene: Scene, bright: Bright | None) -> tuple[Filter | None, Iterable[pd.DataFrame]]:
    """Every event that is seen, part by part; of very many also the filter that finds them."""
    if isinstance(scene, Few):
        return None, [scene.rows(bright, 0, "date")]
    wanted = bright.wanted if bright else scene.wanted
    return wanted, scene.reader.store.event_chunks(wanted)


def _as_extracted(store: Store, frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """The same events without corrections; two that were told apart by people are one again."""
    given: set[str] = set()
    for frame in frames:
        found = store.events(Filter(events=(*frame["id"], _NOTHING), extracted=True))
        yield found[~found["id"].isin(given)]
        given.update(found["id"])


def _file(name: str, kind: str) -> str:
    return f"{name}-{datetime.now(UTC):%Y-%m-%d}.{kind}"


def _picture(
    name: str, kind: str, scene: Scene, bright: Bright | None, title: str, size: pictures.Size | None
) -> Callable[[], bytes]:
    """What draws a picture when its button is pressed. Then no widget can be asked any more: what they say is kept."""
    choice = counts.choose(name, scene) if name in counts.CHARTS else None
    links = {f"?{MEASURED}": f"{own_address()}?{MEASURED}"}

    def draw() -> bytes:
        shown = scene.only(bright) if bright else scene
        drawn = counts.count(name, shown, choice, _LIGHT) if choice else _draw(name, shown, size)
        note = _note(name, shown, _filters(scene, bright))
        if choice and isinstance(drawn, Statistic):
            note = " ".join([*counts.notes_of(name, drawn, choice.by, shown.view.lang), note])
        return pictures.picture(
            drawn.figure, kind, title=title, subtitle=_subtitle(shown), note=note, size=size, links=links
        )

    return draw


def _draw(name: str, scene: Scene, size: pictures.Size | None) -> View:
    body = size.body if size else None
    if name == "sheet":
        return draw_sheet(
            scene.spots(),
            lambda rows: scene.timeline(_LIGHT, most_rows=rows),
            language=scene.view.lang,
            palette=_LIGHT,
            size=body or pictures.SIZES["a4"].body,
        )
    if name == "map":
        how = {"ratio": body[0] / body[1], "width": float(body[0])} if body else {}
        return draw_still_map(scene.spots(), language=scene.view.lang, palette=_LIGHT, **how)
    if body:
        return draw_strip(lambda rows: scene.timeline(_LIGHT, most_rows=rows), body)
    return scene.timeline(_LIGHT)


def _subtitle(scene: Scene) -> str:
    """Period and number of what a figure shows."""
    language, totals = scene.view.lang, scene.totals
    parts = [say_number(totals.events, language)]
    if totals.first and totals.last:
        parts.insert(0, f"{say_day(totals.first, language)} – {say_day(totals.last, language)}")
    return " · ".join(parts)


def _filters(scene: Scene, bright: Bright | None) -> str:
    """What narrows the view, and that something in it is selected, in words."""
    facets = scene.reader.facets()
    names = {field: name_values(field, getattr(facets, facet)) for field, facet in FACETS.items()}
    language = scene.view.lang
    selected = text("export_selected", language, what=say_number(bright.number, language)) if bright else ""
    return "; ".join(filter(None, (say_filters(scene.view, names, language), selected)))


def _note(name: str, scene: Scene, filters: str) -> str:
    """Day, filters and sources below a figure."""
    language = scene.view.lang
    if isinstance(scene, Few):
        records = scene.frame.to_dict("records")
        found = sorted({known(row["title"]) or known(row["source"]) or row["document_id"] for row in records})
    else:
        found = list(scene.reader.facets(scene.wanted).documents["name"])
    sources = "; ".join(found[:_LISTED]) + (f" (+{len(found) - _LISTED})" if len(found) > _LISTED else "")
    day = say_day(datetime.now(UTC).date(), language)
    note = text("figure_note", language, notice=say_notice(language), day=day, sources=sources)
    if filters:
        note += " " + text("figure_filters", language, filters=filters)
    return note + (" " + text("map_credit", language) if name in ("map", "sheet") else "")
