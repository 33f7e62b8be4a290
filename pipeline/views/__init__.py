"""Pictures of stored events: pure functions from a table of events to figures and words, without any widget.

    palette.py   colours, light and dark, and the family of each event type
    phrases.py   an event's date, place and casualties in the words of a reader
    picks.py     what was clicked, as short words that an address can hold
    lanes.py     who shares a lane, and how events of a lane are kept apart
    axis.py      lanes, round days and notes around a timeline
    timeline.py  the timeline, event by event
    crowd.py     the timeline of many events: counts by lane and period
    overview.py  timeline and spots of very many events, counted by the store
    spots.py     each place once, with what happened there
    maps.py      the map on the screen
    still.py     the map in a file
    sheet.py     map and timeline on one sheet
    legend.py    what colours and shapes mean
    statistics.py, tally.py  counts over time, by actor and type, and between actors; two periods compared
    card.py      what one event is known from: its sentence with marks, its reasons, its report
    html.py      the parts of the page that are HTML of our own
    address.py   a view as parameters of an address

A table of events is what ``Store.events`` returns. Words from reports are escaped wherever Plotly reads markup.
"""

from pipeline.views.card import Piece, mark_sentence
from pipeline.views.figure import View
from pipeline.views.maps import draw_map
from pipeline.views.palette import Palette
from pipeline.views.still import draw_still_map
from pipeline.views.timeline import draw_timeline

__all__ = ["Palette", "Piece", "View", "draw_map", "draw_still_map", "draw_timeline", "mark_sentence"]
