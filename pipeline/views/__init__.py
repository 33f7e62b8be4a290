"""Pictures of stored events: pure functions from a table of events to figures and words, without any widget.

    palette.py   colours, light and dark, and the family of each event type
    phrases.py   an event's date, place and casualties in the words of a reader
    lanes.py     who shares a lane, and how events of a lane are kept apart
    axis.py      round days for an axis of time
    timeline.py  the timeline
    maps.py      the map on the screen and the map in a file
    statistics.py  counts over time and between actors
    card.py      what one event is known from: its sentence with marks, its reasons, its report

A table of events is what ``Store.events`` returns. Words from reports are escaped wherever Plotly reads markup.
"""

from pipeline.views.card import Piece, mark_sentence
from pipeline.views.figure import View
from pipeline.views.maps import draw_map, draw_still_map
from pipeline.views.palette import Palette
from pipeline.views.timeline import draw_timeline

__all__ = ["Palette", "Piece", "View", "draw_map", "draw_still_map", "draw_timeline", "mark_sentence"]
