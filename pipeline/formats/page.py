"""A web page: the article in it, as plain text, and what the page says of it. No markup comes out."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from typing import Any

from lxml import etree, html

from pipeline import language as languages
from pipeline.formats.charset import decode_page
from pipeline.formats.clock import read_moment
from pipeline.formats.live import add_updates, find_last, mark_entries
from pipeline.formats.records import Extract, FormatError, clean, tidy
from pipeline.formats.stamps import (
    Stamp,
    articles_first,
    drop,
    find_marked,
    find_stated,
    find_teasers,
    lines_of,
    without_others,
)

LARGEST = 10_000_000  # bytes of a page
_DEEPEST = 200  # nested elements; what browsers and editors make stays far below
_SHORTEST = 40  # characters of running text
_SHELL = re.compile(
    r"^\s*(?://|/\*)?\s*<!(?:\[CDATA\[|--)(?:\s*\*/)?|(?:(?://|/\*)\s*)?(?:\]\]|--)>(?:\s*\*/)?\s*$|;\s*$"
)
_DATE_SEARCH: dict[str, Any] = {"extensive_search": False, "original_date": True}
_SEPARATOR = r"\s*[|–—»:·-]\s+"  # between a headline and the outlet's name in the title of a page


def read_page(raw: bytes, name: str, url: str | None = None, charset: str | None = None) -> Iterator[Extract]:
    """The article of a page. ``FormatError`` when it is too large or deep, or holds no running text."""
    if len(raw) > LARGEST:
        raise FormatError("too_long", name=name, most=LARGEST // 1_000_000)
    yield read_source(decode_page(raw, charset, name), name, url)


def read_source(source: str, name: str, url: str | None = None) -> Extract:
    """The article in the source of a page."""
    import trafilatura

    tree = _parse(source, name)
    linked = articles_first(_graph(tree))
    language = (tidy(tree.xpath("string(/html/@lang | /html/@*[name()='xml:lang'])")) or "")[:2].lower() or None
    code = language if language and languages.is_known(language) else languages.available()[0]
    stated = find_stated(tree, linked)
    own = None if stated else without_others(tree)
    heading = tidy(tree.findtext(".//title"))
    words = tree.text_content()
    moments = _prepare(tree, code)
    found = trafilatura.bare_extraction(
        tree, url=url, include_comments=False, with_metadata=True, date_extraction_params=_DATE_SEARCH
    )
    said: dict[str, Any] = found if isinstance(found, dict) else found.as_dict() if found is not None else {}
    text = clean(str(said.get("text") or "")).strip()
    if "\n" not in text:
        text = _read_short(source, name, text, code)
    if len(text) < _SHORTEST:
        text = "\n".join(lines_of(_parse(source, name)))  # a page without any structure, such as a printed one
    text, more = add_updates(text, linked, code)
    if len(text) < _SHORTEST:
        raise FormatError("no_article", name=name)
    stamp = Stamp(stated, True) if own is None else find_marked(own, text, url)
    last = find_last([*moments, *more], text)
    if last is not None and _is_later(last, read_moment(stamp.value, code)):
        stamp = Stamp(last.isoformat(), True)  # a page that grows is as old as its last entry
    title = _find_said(linked, "headline") or tidy(said.get("title"))
    outlet = tidy(said.get("sitename")) or _find_said(linked, "publisher") or _find_outlet(heading, title)
    return Extract(
        name=name,
        text=text,
        title=_without(title, outlet),
        author=_find_author(said, linked, outlet, words),
        outlet=outlet,
        url=url or _address(said.get("url")),
        language=language,
        published=stamp.value,
        certain=stamp.certain,
        margin=stamp.margin,
    )


def _is_later(last: datetime, stated: datetime | None) -> bool:
    return stated is None or last.date() > stated.date()


def _prepare(tree: html.HtmlElement, code: str) -> list[datetime]:
    """Drop what points to other articles, and words that stand twice, once for the eye and once to be read aloud; mark
    the entries of a live blog."""
    drop(find_teasers(tree))
    drop(tree.xpath("//span[@aria-hidden='true'][not(*)]"))
    return mark_entries(tree, code)


def _read_short(source: str, name: str, text: str, code: str) -> str:
    """The lines of a page so short that trafilatura takes all its words for one; else the text that it gave."""
    import trafilatura
    from trafilatura.settings import DEFAULT_CONFIG

    settings = copy.deepcopy(DEFAULT_CONFIG)
    settings["DEFAULT"]["MIN_EXTRACTED_SIZE"] = str(_SHORTEST)
    tree = _parse(source, name)
    _prepare(tree, code)
    found = trafilatura.bare_extraction(
        tree, include_comments=False, date_extraction_params=_DATE_SEARCH, config=settings
    )
    lines = clean(str(getattr(found, "text", None) or "")).strip()
    return lines if "\n" in lines and 2 * len(lines) > len(text) else text


def _parse(source: str, name: str) -> html.HtmlElement:
    parser = html.HTMLParser(
        encoding="utf-8", collect_ids=False, remove_comments=True, remove_pis=True, no_network=True
    )
    try:
        tree = html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, ValueError, AssertionError):
        raise FormatError("no_article", name=name) from None
    depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST:
            raise FormatError("deep", name=name)
    return tree


def _graph(tree: html.HtmlElement) -> list[dict[str, Any]]:
    """The objects of the page's linked data (JSON-LD), outermost first."""
    found: list[dict[str, Any]] = []
    for script in tree.xpath("//script[starts-with(@type, 'application/ld+json')]")[:20]:
        try:
            waiting: list[Any] = [json.loads(_SHELL.sub("", script.text or ""), strict=False)]
        except (ValueError, RecursionError):
            continue
        while waiting and len(found) < 200:
            item = waiting.pop(0)
            if isinstance(item, list):
                waiting += item[:100]
            elif isinstance(item, dict):
                found.append(item)
                waiting += [item[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in item]
    return found


def _find_said(linked: list[dict[str, Any]], name: str) -> str | None:
    """A text of the linked data, or the names of the persons or bodies that it gives."""
    for item in linked:
        found = item.get(name)
        several = found if isinstance(found, list) else [found]
        names = (tidy(unescape(str(_name(one)))) for one in several[:10] if _name(one))
        if said := "; ".join(dict.fromkeys(filter(None, names))):
            return said
    return None


def _name(value: Any) -> Any:
    return value.get("name") if isinstance(value, dict) else value


def _find_author(said: dict[str, Any], linked: list[dict[str, Any]], outlet: str | None, words: str) -> str | None:
    """The persons whom a page names, in its linked data, else as trafilatura finds them: not the outlet itself, and not
    the place that a byline names after them ("Von Eva Ott und Jan von Tal, La Paz"). ``words``: those of the page."""
    for names in (_find_said(linked, "author"), tidy(said.get("author"))):
        persons = [name for name in (names or "").split("; ") if name and name != outlet and not _is_address(name)]
        if len(persons) > 1 and f"{persons[-2]}, {persons[-1]}" in words:
            several = len(persons) > 2 and f"{persons[-3]}, {persons[-2]}" in words
            persons = persons if several else persons[:-1]
        if persons:
            return "; ".join(persons)
    return None


def _find_outlet(heading: str | None, title: str | None) -> str | None:
    """The name beside the headline in the title of a page: "Angriff auf Odessa – Beispielblatt"."""
    if not heading or not title or title not in heading or heading == title:
        return None
    before, _, after = heading.partition(title)
    parts = [part for part in re.split(_SEPARATOR, f" {before} {after} ") if part.strip()]
    return tidy((parts[0] if before.strip() else parts[-1]).strip(" |–—»:·-")) if parts else None


def _without(title: str | None, outlet: str | None) -> str | None:
    """A headline without the outlet's name behind it."""
    if not title or not outlet:
        return title
    found = re.fullmatch(rf"(.+?){_SEPARATOR}{re.escape(outlet)}", title)
    return found[1] if found else title


def _address(url: object) -> str | None:
    text = tidy(url)
    return text if text and _is_address(text) else None


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://"))
