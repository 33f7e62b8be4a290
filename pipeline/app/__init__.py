"""The pages of the dashboard: widgets only. Events come from pipeline.store, figures and words from pipeline.views.

page.py        the whole page, from top to bottom
state.py       what a visit remembers: language, selection, messages
memory.py      what the browser remembers: language, light or dark
data.py        what is asked of the store, and remembered
filters.py     the sidebar
header.py      title, counts, what is selected
charts.py      map and timeline, play over time
table.py       the events as a table
card.py        one event: why, from where, its history
review.py      confirm, correct and reject an event
batch.py       confirm or reject many at once
accuracy.py    the page on how often the program is right
counts.py      the page of statistics
exports.py     what can be taken away
reports.py     adding reports and other people's tables
removal.py     taking a report out for good
"""
