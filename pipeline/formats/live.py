"""Live blogs: a page of many entries, each with an instant of its own. The instants become lines above the entries,
with their day, so that whoever reads the text knows when each was written."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from lxml import etree, html

from pipeline.formats.clock import read_moment
from pipeline.formats.records import clean, tidy
from pipeline.formats.stamps import drop, is_other, leads_away

_FEWEST = 2  # entries
_SHORTEST = 60  # characters of an entry's own words
_HIGHEST = 5  # steps from an instant up to the entry around it
_MOST = 2_000  # entries


class _Entry(NamedTuple):
    moment: datetime
    time: html.HtmlElement
    around: html.HtmlElement
    inside: bool  # its words lie in ``around``, else behind it


def mark_entries(tree: html.HtmlElement, code: str) -> list[datetime]:
    """Put the instant of each entry above it, as a line of its own. The instants, in the zone of the language; none on
    a page that is no live blog."""
    times = [element for element in tree.iter("time") if element.get("datetime")][:_MOST]
    found = [entry for element in times if (entry := _find_entry(element, code)) is not None]
    if len({entry.moment for entry in found}) < _FEWEST:
        return []
    for moment, _, around, inside in found:
        line = etree.Element("p")
        line.text = _say(moment)
        if inside and not (around.text or "").strip():
            around.insert(0, line)
        else:
            around.addprevious(line)
    drop([entry.time for entry in found])
    return [entry.moment for entry in found]


def add_updates(text: str, linked: list[dict[str, Any]], code: str) -> tuple[str, list[datetime]]:
    """The text with the entries that only the linked data of a page holds (``liveBlogUpdate``), and their instants."""
    lines, moments = [text], list[datetime]()
    for item in linked:
        updates = item.get("liveBlogUpdate")
        for update in (updates if isinstance(updates, list) else [updates])[:_MOST]:
            if not isinstance(update, dict):
                continue
            moment = read_moment(update.get("datePublished"), code)
            body = _plain(update.get("articleBody"))
            if moment is None or not body or body[:_SHORTEST] in text:
                continue
            moments.append(moment)
            lines += ["", _say(moment), *filter(None, (tidy(update.get("headline")), body))]
    return "\n".join(lines).strip(), moments


def find_last(moments: list[datetime], text: str) -> datetime | None:
    """The last instant of the entries that came into the text: readers' comments have instants too."""
    return max((moment for moment in moments if _say(moment) in text), default=None)


def _find_entry(time: html.HtmlElement, code: str) -> _Entry | None:
    """The entry that an instant belongs to: the largest part of the page around it that holds no other."""
    stamp = time.get("datetime")
    moment = read_moment(stamp, code)
    if moment is None:
        return None
    around = time
    for _ in range(_HIGHEST):
        parent = around.getparent()
        if (
            parent is None
            or parent.tag in ("body", "main")
            or any(o.get("datetime") != stamp for o in parent.iter("time"))
        ):
            break
        around = parent
    if leads_away(around) or any(is_other(one) for one in (around, *around.iterancestors())):
        return None
    if _own_words(around) >= _SHORTEST:
        return _Entry(moment, time, around, True)
    behind = around.getnext()
    if behind is not None and behind.find(".//time") is None and _own_words(behind) >= _SHORTEST:
        return _Entry(moment, time, around, False)
    return None


def _own_words(element: html.HtmlElement) -> int:
    """Characters of an element; none where most of them lead to other pages."""
    size = len(element.text_content().strip())
    return size if 2 * sum(len(link.text_content()) for link in element.iter("a")) < size else 0


def _say(moment: datetime) -> str:
    return f"{moment:%d.%m.%Y, %H:%M}"


def _plain(words: object) -> str | None:
    """A text of linked data without the markup that some put into it."""
    if not isinstance(words, str) or not words.strip():
        return None
    try:
        shown = "".join(map(str, html.fromstring(f"<div>{words}</div>").itertext())) if "<" in words else words
    except (etree.ParserError, ValueError):
        return None
    return (
        "\n".join(line for line in (" ".join(line.split()) for line in clean(str(shown)).split("\n")) if line) or None
    )
