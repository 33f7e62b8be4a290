"""Map and timeline, and the time that is played over them."""

from __future__ import annotations

import streamlit as st

from pipeline.app.player import go_on, open_window, rewind, show_player
from pipeline.app.scene import Bright, Many, Scene
from pipeline.app.state import key_of, select, show_note, t, take_points
from pipeline.app.viewport import find_seen, keep, watch
from pipeline.views import Palette, View, draw_map, html
from pipeline.views.legend import explain_marks
from pipeline.views.picks import read_picks, write_bounds
from pipeline.views.spots import first_sight

HEIGHT = 440  # pixels of map and timeline, so that the table is seen below without scrolling
_LEGEND = 90  # pixels for it in a figure that stands alone
_BUTTONS = 32  # pixels above the timeline for the buttons that appear there: on a mark they would take its clicks
PACE = 1.2  # seconds from one window to the next


def show_charts(scene: Scene, palette: Palette, bright: Bright | None) -> None:
    """Both charts; while time is played, they alone are drawn anew."""
    state = st.session_state
    state.ticked = False
    if scene.view.step == "off":
        state.playing = False
    draw = st.fragment(_play, run_every=PACE) if state.get("playing") else _draw
    draw(scene, palette, bright)


def _play(scene: Scene, palette: Palette, bright: Bright | None) -> None:
    """One picture of the film. Run again by its timer, it moves on; changed by its reader, it stops."""
    state = st.session_state
    if state.ticked and not (state.playing and go_on(scene)):
        state.playing = False
        st.rerun()
    state.ticked = True
    _draw(scene, palette, bright)


def _draw(scene: Scene, palette: Palette, bright: Bright | None) -> None:
    state, view = st.session_state, scene.view
    window = open_window(scene)
    focus = state.get("focus")
    if focus:
        bright = scene.light(focus)
    if window:
        bright = scene.light(focus or state.pick, window)
    left, right = st.columns([5, 6], gap="medium")
    with left:
        with st.container(height=HEIGHT, border=False, key="map-box"):
            if isinstance(scene, Many):  # drawn anew alone when its reader moves it
                st.fragment(_follow_map)(scene, palette, bright)
            else:
                _show_map(scene, palette, bright)
        with st.container(horizontal=True, vertical_alignment="center", key="map-options"):
            st.selectbox(
                t("basemap"),
                ("embedded", "osm"),
                key="basemap",
                format_func=lambda name: t(f"basemap_{name}"),
                label_visibility="collapsed",
                width=190,
            )
            st.selectbox(
                t("play"),
                ("off", "event", "day", "week", "month"),
                key="step",
                format_func=lambda name: t(f"step_{name}"),
                label_visibility="collapsed",
                on_change=rewind,
                width=150,
            )
        show_note(t("borders" if view.basemap == "embedded" else "borders_osm"))
    with right:
        with st.container(height=HEIGHT, border=False, key="timeline-box"):
            drawn = scene.timeline(palette, bright, window)
            room = drawn.figure.layout.height - _LEGEND  # which the page has below
            drawn.figure.update_layout(
                height=max(room, min(drawn.figure.layout.height, HEIGHT - 24)),
                margin={"t": max(_BUTTONS, drawn.figure.layout.margin.t or 0)},
            )
            moved = " ".join((view.fit, view.window, *(view.pick if view.fit == "selection" else ())))
            _show_chart(drawn, "timeline", ("points", "box"), moved)
            keep(moved)
        with st.container(horizontal=True, vertical_alignment="center", key="timeline-options"):
            for key, options in (("lanes", ("actor", "place", "type")), ("window", ("core", "all"))):
                st.segmented_control(
                    t(key),
                    options,
                    key=key,
                    format_func=lambda name, key=key: t(f"{key}_{name}"),
                    label_visibility="collapsed",
                    required=True,
                )
    if window:
        show_player(scene, window, bright.number if bright else 0)


def _follow_map(scene: Many, palette: Palette, bright: Bright | None) -> None:
    """The map of very many events: its cells become finer where its reader comes closer by hand, and only it is drawn
    anew. That is no filter and no part of the address: nothing else follows."""
    state, view = st.session_state, scene.view
    if (tuple(state.pick), tuple(state.area)) != (view.pick, view.area):  # clicked: everything follows
        st.rerun()
    _show_map(scene, palette, bright)


def _show_map(scene: Scene, palette: Palette, bright: Bright | None) -> None:
    view = scene.view
    spots = scene.spots(bright)
    fit = view.fit == "selection" and bright is not None
    sight = first_sight(
        [spot for spot in spots if spot.bright] if fit else spots, None if fit else view.filter().bounds
    )
    moved, closer = f"{view.fit} {' '.join(view.area)}", None
    revision = f"{moved} {sight}"
    if isinstance(scene, Many) and (seen := find_seen(revision)):
        closer = scene.closer(bright, seen)
    drawn = draw_map(
        closer.spots if closer else spots,
        language=view.lang,
        palette=palette,
        sight=sight,
        part=closer.part if closer else None,
        basemap=view.basemap,
    )
    drawn.figure.update_layout(height=HEIGHT - 24)
    _show_chart(drawn, "map", ("points",), moved)
    crowded = isinstance(scene, Many) and any(spot.pick.startswith("@bounds:") for spot in spots)
    watch(revision, sight.zoom, crowded=crowded, single=closer is not None and closer.single)


def _show_chart(drawn: View, name: str, modes: tuple[str, ...], revision: str) -> None:
    st.session_state[f"groups_{name}"] = drawn.groups
    # The page has one legend for both charts. What a reader has moved stays until another part is asked for.
    drawn.figure.update_layout(showlegend=False, uirevision=revision)
    st.plotly_chart(
        drawn.figure,
        key=key_of(name),
        theme=None,
        on_select=lambda: _take(name),
        selection_mode=modes,  # type: ignore[arg-type]
        config={
            "displaylogo": False,
            "scrollZoom": name == "map",
            "modeBarButtonsToRemove": ["lasso2d", "toImage", "autoScale2d"],
        },
        alt=t(f"alt_{name}"),
    )


def _take(name: str) -> None:
    """What is clicked is selected; but a cell of the map's grid is only on the way to its places: it is opened."""
    state = st.session_state
    before = state.pick
    take_points(name)
    cells = read_picks(state.pick).bounds
    if name != "map" or not cells or state.pick == before:
        return
    select(before, "grid")
    west, south, east, north = zip(*cells, strict=True)
    state.area = [*state.area, write_bounds((min(west), min(south), max(east), max(north)))]


def show_area() -> None:
    """The part of the map that is open, and the ways out of it."""
    state = st.session_state
    if state.area:
        st.button(t("area_clear"), key="area-clear", on_click=_leave, args=(0,))
    if len(state.area) > 1:
        st.button(t("area_back"), key="area-back", on_click=_leave, args=(len(state.area) - 1,))


def _leave(levels: int) -> None:
    st.session_state.area = st.session_state.area[:levels]


def show_legend(palette: Palette) -> None:
    st.html(html.legend(explain_marks(st.session_state.lang, palette)))
