"""Figures as files: PNG, SVG and PDF through kaleido, and HTML that opens from a file without any network."""

from __future__ import annotations

import io
import math
import textwrap
import threading
from collections.abc import Mapping
from functools import cache
from html import escape
from types import MappingProxyType
from typing import Final, NamedTuple

import plotly.graph_objects as go
from choreographer.browsers.chromium import Chromium
from PIL import Image
from pypdf import PdfWriter
from pypdf.annotations import Link
from pypdf.generic import RectangleObject

from pipeline.errors import ExportError
from pipeline.views.figure import plain, printable

KINDS: Final = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf", "html": "text/html"}
NO_BROWSER: Final = (
    "To draw pictures, install Chromium or Chrome (Debian: sudo apt-get install chromium), or export HTML."
)
DPI: Final = 300  # of a PNG; figures are laid out at 96 pixels to the inch, as browsers count
_SIDE, _TOP, _LINE = 24, 92, 18  # pixels: margins, height of a line of legend or note
_NOTE_LINE = 14.3  # pixels of a line of the note, 1.3 times its letters
_WIDE, _CLOSEST = 900.0, 1.35  # pixels of a layout with room for everything; 11 of them are 6.1 points then
_NOTE, _ENTRIES, _ENTRY = 430, 10, 22  # letters of a usual note, entries of a usual legend, letters of one
_ONE_AT_A_TIME = threading.Lock()  # each picture starts a browser of its own


class Size(NamedTuple):
    """A size on paper in millimetres."""

    width: float
    height: float

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height for layout: 96 to the inch, but more on a narrow sheet, whose words are printed smaller."""
        return round(self.width / 25.4 * 96 * self._closer), round(self.height / 25.4 * 96 * self._closer)

    @property
    def scale(self) -> float:
        """Of what is laid out to what is printed, which has 96 pixels to the inch."""
        return 1 / self._closer

    @property
    def _closer(self) -> float:
        return max(1.0, min(_CLOSEST, _WIDE / (self.width / 25.4 * 96)))

    @property
    def dots(self) -> tuple[int, int]:
        """Width and height of a PNG."""
        return round(self.width / 25.4 * DPI), round(self.height / 25.4 * DPI)

    @property
    def body(self) -> tuple[int, int]:
        """What is left for the figure itself, in the pixels of the layout, beside title, legend and note."""
        width, height = self.pixels
        inner = width - 2 * _SIDE
        lines = math.ceil(_NOTE / _letters(inner)) + math.ceil(_ENTRIES / _columns(inner, _ENTRY))
        return inner, max(120, height - _TOP - lines * _LINE - 28)


SCREEN: Final = Size(370.0, 230.0)
SIZES: Final = {
    "a4": Size(297, 210), "a4-portrait": Size(210, 297), "column": Size(180, 120), "slide": Size(338.7, 190.5),
}  # fmt: skip
_NO_LINKS: Final[Mapping[str, str]] = MappingProxyType({})
SMALLEST, LARGEST = 80, 1200  # millimetres of a side


@cache
def can_draw() -> bool:
    """Whether there is a browser for PNG, SVG and PDF."""
    return Chromium.find_browser(skip_local=False) is not None


def picture(
    figure: go.Figure,
    kind: str,
    *,
    title: str,
    note: str,
    subtitle: str = "",
    size: Size | None = None,
    links: Mapping[str, str] = _NO_LINKS,
) -> bytes:
    """``figure`` with title and subtitle above, legend and note below. ``kind`` is one of ``KINDS``. Without a ``size``
    the figure is as high as it likes. ``links``: words of the note (without a space) that lead to an address in HTML
    and PDF; other kinds hold no link at all. ``ExportError`` for another kind, for a size that nobody can print or
    read, or when no browser is installed to draw with."""
    if kind not in KINDS:
        raise ExportError(f"There is no picture format {kind!r} (there is: {', '.join(KINDS)}).")
    if size and not all(SMALLEST <= side <= LARGEST for side in size):
        raise ExportError(f"A picture is {SMALLEST} to {LARGEST} mm wide and high.")
    drawn = _framed(figure, title, subtitle, note, size, links if kind == "html" else _NO_LINKS)
    if kind == "html":
        # (Plotly would offer to send what is drawn to a server of its makers.)
        config = {"displaylogo": False, "responsive": True, "showSendToCloud": False, "plotlyServerURL": ""}
        page = str(drawn.to_html(include_plotlyjs=True, full_html=True, config=config))
        head = f"<head><title>{escape(title)}</title>{_shrink(size) if size else ''}"
        return page.replace("<head>", head, 1).encode("utf-8", "replace")
    if not can_draw():
        raise ExportError(NO_BROWSER)
    with _ONE_AT_A_TIME:
        try:
            width, height = drawn.layout.width or SCREEN.pixels[0], drawn.layout.height
            scale = (DPI / 96 if kind == "png" else 1) * (size or SCREEN).scale
            answer = bytes(drawn.to_image(kind, width=width, height=height, scale=scale))
        except Exception as error:
            raise ExportError(f"The picture cannot be drawn ({type(error).__name__}).") from error
    if kind == "pdf":
        return _as_document(answer, title, note, size, links)
    return _as_printed(answer, size.dots if size else None) if kind == "png" else answer


def _shrink(size: Size) -> str:
    """A narrow sheet is laid out larger than it is; shown as wide as it is asked for."""
    return (
        f"<style>body > div {{ width: {size.width:g}mm; height: {size.height:g}mm; overflow: hidden; }}"
        f" .plotly-graph-div {{ transform: scale({size.scale:.4f}); transform-origin: 0 0; }}</style>"
    )


def _as_document(pdf: bytes, title: str, note: str, size: Size | None, links: Mapping[str, str]) -> bytes:
    """A PDF that knows its title and what its note says, is exactly as large as it was asked for, and whose lines lead
    where their words say."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    (page,) = writer.pages
    if size:  # it is laid out in whole pixels of a screen
        top = float(page.mediabox.top)
        page.mediabox = RectangleObject((0, top - size.height / 25.4 * 72, size.width / 25.4 * 72, top))
    width, point = (size or SCREEN).pixels[0], 0.75 * (size or SCREEN).scale  # a pixel of the layout in points
    notes = textwrap.wrap(note, _letters(width - 2 * _SIDE))
    for number, line in enumerate(reversed(notes)):
        for address in (address for words, address in links.items() if words in line):
            low, right = (8 + number * _NOTE_LINE) * point, (width - _SIDE) * point
            area = RectangleObject((_SIDE * point, low, right, low + _NOTE_LINE * point))
            writer.add_annotation(0, Link(rect=area, border=[0, 0, 0], url=address))
    writer.add_metadata({"/Title": printable(title), "/Subject": printable(note)})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _letters(inner: int) -> int:
    """Of a note on a line of so many pixels."""
    return max(20, int(inner / 5.9))


def _columns(inner: int, longest: int) -> int:
    """Of a legend on so many pixels; Plotly makes them as wide as the ``longest`` entry, in letters."""
    return max(1, int(inner / (40 + 7 * longest)))


def _framed(
    figure: go.Figure, title: str, subtitle: str, note: str, size: Size | None, links: Mapping[str, str] = _NO_LINKS
) -> go.Figure:
    drawn = go.Figure(figure)
    width = (size or SCREEN).pixels[0]
    inner = width - 2 * _SIDE
    notes = textwrap.wrap(note, _letters(inner))
    titles = textwrap.wrap(title, max(20, int(inner / 10)), max_lines=2)
    entries = [str(trace.name or "") for trace in drawn.data if trace.showlegend is not False and trace.name]
    room = _room(drawn)
    columns = _columns(inner - room["l"], max(map(len, entries), default=1))
    legend = _LINE * math.ceil(len(entries) / columns) + 10 if entries else 0
    bottom = room["b"] + legend + _LINE * len(notes) + 18
    height = size.pixels[1] if size else (drawn.layout.height or 500) + _TOP + bottom
    drawn.update_layout(
        title={
            "text": "<br>".join(plain(line) for line in titles),
            "subtitle": {"text": plain(subtitle), "font": {"size": 13, "color": "#55585f"}},
            "x": _SIDE / width,
            "y": 1 - 20 / height,
            "yanchor": "top",
            "font": {"size": 20, "color": drawn.layout.font.color},
        },
        paper_bgcolor="#ffffff",
        plot_bgcolor="#ffffff",
        width=width if size else None,
        height=height,
        margin={
            "l": _SIDE + room["l"],
            "r": _SIDE + room.get("r", 0),
            "t": _TOP + room["t"],
            "b": bottom,
            "autoexpand": False,
        },
        dragmode="pan",
        legend={
            "orientation": "h",
            "xref": "container",
            "yref": "container",
            "x": _SIDE / width,
            "y": (_LINE * len(notes) + 14 + legend) / height,
            "yanchor": "top",
            "xanchor": "left",
        },
    )
    drawn.add_annotation(
        text=_link("<br>".join(plain(line) for line in notes), links),
        xref="paper",
        yref="paper",
        x=0,
        y=0,
        xshift=-room["l"],
        yshift=-bottom + 8,
        yanchor="bottom",
        xanchor="left",
        showarrow=False,
        font={"size": 11, "color": "#55585f"},
        align="left",
    )
    return drawn


def _link(note: str, links: Mapping[str, str]) -> str:
    for words, address in links.items():
        note = note.replace(plain(words), f"<a href='{escape(address)}'>{plain(words)}</a>")
    return note


def _room(figure: go.Figure) -> dict[str, int]:
    """Pixels that the labels of the axes need on the left, on top and below. (Plotly would make room for them itself,
    but then nobody knows where title, legend and note stand.)"""
    layout = figure.layout
    if layout.geo.domain.x or layout.yaxis.visible is False:
        return {"l": 0, "t": 0, "b": 0}
    lanes = layout.yaxis.ticktext or [y for trace in figure.data for y in (trace.y if trace.y is not None else ())]
    names = [str(lane) for lane in lanes if isinstance(lane, str)]
    left = round(7.2 * max(map(len, names), default=6)) + 8
    if layout.xaxis.side != "top":
        return {"l": left, "t": 0, "b": 52 if layout.xaxis.title.text else 30}
    if layout.xaxis.title.text:  # above the days
        return {"l": left, "t": 18, "b": 0}
    if not any(trace.type == "heatmap" for trace in figure.data):
        return {"l": left, "t": 27, "b": 0}
    slanted = round(5 * max(map(len, layout.xaxis.ticktext or ()), default=3))  # names that lean to the right
    return {"l": left, "r": slanted, "t": slanted + 12, "b": 0}


def _as_printed(png: bytes, dots: tuple[int, int] | None) -> bytes:
    """A PNG that knows how large it is on paper. It is laid out in whole pixels of a screen; so that it has exactly as
    many dots as were asked for, a line of them is added or taken away at its lower and right edge."""
    drawn = Image.open(io.BytesIO(png))
    sheet = Image.new("RGB", dots or drawn.size, "#ffffff")
    sheet.paste(drawn)
    out = io.BytesIO()
    sheet.save(out, "PNG", dpi=(DPI, DPI))
    return out.getvalue()
