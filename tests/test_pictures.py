"""Figures as files: what they ask for, where they lead, how large they are."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from functools import partial

import pytest
from pypdf import PdfReader

from pipeline import pictures, process
from pipeline.store import Store
from pipeline.views import Palette, draw_still_map, draw_timeline
from pipeline.views.sheet import draw_sheet, is_too_small
from pipeline.views.spots import find_spots

LIGHT = Palette.of(dark=False)
NOW = datetime(2025, 12, 21, tzinfo=UTC)


@pytest.fixture(scope="module")
def frame(seed, tmp_path_factory):
    filled = Store(tmp_path_factory.mktemp("pictures") / "store")
    filled.add([process(seed)], now=NOW)
    return filled.events()


def test_an_html_figure_is_as_large_as_asked_for_and_offers_to_send_itself_to_nobody(frame):
    drawn = draw_still_map(find_spots(frame), language="de", palette=LIGHT).figure
    page = pictures.picture(drawn, "html", title="T", note="N", size=pictures.Size(90, 120)).decode()
    assert f"transform: scale({1 / 1.35:.4f})" in page  # it is laid out larger than it is shown
    assert "width: 90mm; height: 120mm" in page
    assert '"showSendToCloud": false' in page


@pytest.mark.skipif(not pictures.can_draw(), reason="no browser is installed")
@pytest.mark.parametrize("size", [pictures.Size(100, 140), pictures.SIZES["a4"]])
def test_a_pdf_is_one_page_of_the_size_asked_for_and_leads_to_its_source(frame, size):
    drawn = draw_timeline(frame, by="actor", language="de", palette=LIGHT).figure
    links = {"?page=accuracy": "http://127.0.0.1/?page=accuracy"}
    note = "Gemessen: ?page=accuracy. " + "Berichte. " * 30
    pdf = PdfReader(
        io.BytesIO(
            pictures.picture(drawn, "pdf", title="Häfen <b>\x07\ud800", note=note, size=size, links=links),
        )
    )
    (page,) = pdf.pages
    sides = (float(side) / 72 * 25.4 for side in (page.mediabox.width, page.mediabox.height))
    assert [round(side, 1) for side in sides] == list(size)
    (link,) = (found.get_object() for found in page["/Annots"])
    assert link["/A"]["/URI"] == links["?page=accuracy"]
    assert 0 < link["/Rect"][1] < link["/Rect"][3] < page.mediabox.height / 3  # below, where the note stands
    assert pdf.metadata.title == "Häfen <b>"


@pytest.mark.parametrize(
    ("size", "beside", "too_small"),
    [((360, 120), False, True), ((462, 120), True, False), ((360, 170), False, False), ((900, 400), True, False)],
)
def test_map_and_timeline_never_lie_on_each_other(frame, size, beside, too_small):
    draw = partial(draw_timeline, frame, by="actor", language="de", palette=LIGHT)
    sheet = draw_sheet(
        find_spots(frame), lambda rows: draw(most_rows=rows), language="de", palette=LIGHT, size=size
    )  # fmt: skip
    layout = sheet.figure.layout
    assert is_too_small(size) is too_small
    assert (layout.geo.domain.x[1] <= layout.xaxis.domain[0]) is beside
    assert beside or layout.yaxis.domain[1] <= layout.geo.domain.y[0]
