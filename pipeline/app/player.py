"""Playing time: a window of days that moves over both charts."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from pipeline.app.scene import Scene
from pipeline.app.state import t
from pipeline.views import html
from pipeline.views.crowd import period_of
from pipeline.views.phrases import say_day, say_number


def open_window(scene: Scene) -> tuple[date, date] | None:
    """The days that are played now; from the first ones on if none were chosen."""
    state = st.session_state
    span = scene.days()
    if scene.view.step == "off" or span is None:
        return None
    if not state.get("at") or not state.get("until") or state.at > state.until:
        state.at, state.until = _first_window(scene, span)
    return state.at, state.until


def _first_window(scene: Scene, span: tuple[date, date]) -> tuple[date, date]:
    if scene.view.step == "event":
        return scene.next_days(span[0] - timedelta(days=1) if span[0] > date.min else span[0]) or span
    return period_of(span[0], scene.view.step)  # type: ignore[arg-type]


def rewind() -> None:
    """Stop, and begin anew the next time."""
    st.session_state.update(at=None, until=None, playing=False)


def move(scene: Scene, steps: int) -> bool:
    """Move the window by steps; ``False`` at the end of time."""
    state = st.session_state
    span = scene.days()
    if span is None or not state.at:
        return False
    if scene.view.step == "event":
        found = scene.next_days(state.at, backwards=steps < 0)
    else:
        found = _shift(state.at, state.until, scene.view.step, steps)
    if found is None or found[1] < span[0] or found[0] > span[1]:
        return False
    state.at, state.until = found
    return True


def go_on(scene: Scene) -> bool:
    """The next window of the film in which something happens; ``False`` when nothing does any more."""
    state, span = st.session_state, scene.days()
    if not move(scene, 1):
        return False
    if scene.light((), (state.at, state.until)).number:
        return True
    found = scene.next_days(state.until)
    if found is None or span is None or found[0] > span[1]:
        return False
    steps = _count_steps(state.until, found[0], scene.view.step)
    state.at, state.until = _shift(state.at, state.until, scene.view.step, steps) or found
    return True


def _count_steps(last: date, day: date, step: str) -> int:
    """How often a window that ends on ``last`` is moved until it reaches a later day."""
    if step == "month":
        return (day.year - last.year) * 12 + day.month - last.month
    return -(-(day - last).days // (7 if step == "week" else 1))


def _shift(first: date, last: date, step: str, steps: int) -> tuple[date, date] | None:
    """A window as long as before; whole months stay whole months."""
    try:
        if step != "month":
            by = timedelta(days=steps * (7 if step == "week" else 1))
            return first + by, last + by
        moved = _add_months(first, steps)
        if first.day == 1 and period_of(last, "month")[1] == last:
            return moved, period_of(_add_months(last.replace(day=1), steps), "month")[1]
        return moved, moved + (last - first)
    except (OverflowError, ValueError):  # the end of the calendar
        return None


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, period_of(date(year, month + 1, 1), "month")[1].day))


def _press(scene: Scene, steps: int) -> None:
    st.session_state.playing = False
    move(scene, steps)


def _toggle(scene: Scene) -> None:
    state, span = st.session_state, scene.days()
    state.playing = not state.get("playing")
    if scene.view.step == "event":
        ended = scene.next_days(state.at) is None
    else:
        ended = span is not None and state.until >= span[1]
    if state.playing and ended:
        state.at = state.until = None


def _take_days() -> None:
    state = st.session_state
    if not state.get("ticked"):  # else the film was running, and this is a picture of it that came late
        state.at, state.until = state.played


def show_player(scene: Scene, window: tuple[date, date], number: int) -> None:
    state, language = st.session_state, scene.view.lang
    first, last = scene.days() or window
    with st.container(horizontal=True, vertical_alignment="center", key="player"):
        st.button(t("play_back"), key="play-back", on_click=_press, args=(scene, -1))
        st.button(t("play_stop" if state.get("playing") else "play_start"), key="play", on_click=_toggle, args=(scene,))
        st.button(t("play_on"), key="play-on", on_click=_press, args=(scene, 1))
        state.played = window
        st.slider(
            t("play_window"),
            min_value=min(first, window[0]),
            max_value=max(last, window[1])
            if max(last, window[1]) > min(first, window[0])
            else window[1] + timedelta(1),
            format=t("day_format"),
            key="played",
            on_change=_take_days,
            label_visibility="collapsed",
            disabled=bool(state.get("playing")),
        )
        days = t("days", first=say_day(window[0], language), last=say_day(window[1], language))
        said = say_day(window[0], language) if window[0] == window[1] else days
        st.html(html.note(f"{said}: {say_number(number, language)}"), width="content")
