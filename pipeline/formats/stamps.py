"""When a web page says it was published: in its linked data, its head, beside its headline; and the lines around the
article in which people say it."""

from __future__ import annotations

import copy
import re
from typing import Any, NamedTuple

from lxml import etree, html

from pipeline.formats.records import clean, tidy

# Where pages say it in their head, the plainest first (Open Graph, Dublin Core, custom), in small letters.
_NAMES = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "dc.date.issued",
    "dcterms.issued", "dc.date", "dcterms.date", "date", "pubdate", "publishdate", "publish-date", "publisheddate",
    "published_at", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "dc.date.created",
    "dcterms.created",
)  # fmt: skip
_MARKED = (
    "//*[@itemprop='datePublished']/@content",
    "//*[@itemprop='datePublished']/@datetime",
    "//time[@pubdate]/@datetime",
)
_PUBLISHED = "//time[contains(concat(' ', normalize-space(@class), ' '), ' published ')]/@datetime"
_ARTICLE = re.compile(r"Article|Posting|Report|Review")  # types of schema.org that a report has
_OTHERS = re.compile(r"related|recommend|teaser|sidebar|most-?read|comment|newsletter", re.IGNORECASE)
_SKELETON = ("html", "body", "article", "main", "p")  # never dropped, whatever their class
_SILENT = ("script", "style", "nav", "aside", "footer", "noscript", "template", "iframe", "form", "title")
_BLOCKS = frozenset(
    ("p", "div", "section", "article", "header", "main", "figure", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6",
     "ul", "ol", "li", "dl", "dt", "dd", "table", "tr", "td", "th", "br", "hr", "blockquote", "pre", "body", "center",
     "address")
)  # fmt: skip
_PARAGRAPH = 120  # characters of a paragraph: what is longer is running text
_LINE, _LINES = 100, 12  # characters and number of the lines above it that may say its day
_MOST_ARTICLES = 200
_SEARCH: dict[str, Any] = {"extensive_search": False, "original_date": True}  # no day that only the text names


class Stamp(NamedTuple):
    """An instant or day as a page writes it, whether it says plainly that this is its publication, and the lines around
    the article where it does not."""

    value: str | None
    certain: bool
    margin: str | None = None


def articles_first(linked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The objects of linked data: those that are reports, then those of the site and its other parts."""
    return sorted(linked, key=lambda item: _ARTICLE.search(str(item.get("@type"))) is None)


def find_stated(tree: html.HtmlElement, linked: list[dict[str, Any]]) -> str | None:
    """The instant or day of publication that a page states in its linked data or its head."""
    for item in linked:
        if stamp := tidy(item.get("datePublished")):
            return stamp
    said: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = str(meta.get("property") or meta.get("name") or "").lower()
        if name in _NAMES and (stamp := tidy(meta.get("content"))):
            said.setdefault(name, stamp)
    if stated := next((said[name] for name in _NAMES if name in said), None):
        return stated
    return next((stamp for path in _MARKED for value in tree.xpath(path)[:1] if (stamp := tidy(str(value)))), None)


def find_marked(own: html.HtmlElement, text: str, url: str | None) -> Stamp:
    """What a page shows of its day that does not state it. ``own``: without what is of other articles; it is used up.
    ``text``: the article, by which the lines above it are told."""
    if marked := _find_time(own):
        return Stamp(marked, True)
    from htmldate import find_date

    try:
        guessed = find_date(own, **_SEARCH, url=url)
    except (ValueError, TypeError, AttributeError, OverflowError):
        guessed = None
    return Stamp(guessed, False, _find_margin(own, text))  # last: it uses the page up


def _find_time(own: html.HtmlElement) -> str | None:
    """The day marked above the first paragraph - the earlier one, where a page also marks that of its last change -
    else the only one that is marked anywhere in the article."""
    for value in own.xpath(_PUBLISHED)[:1]:
        return tidy(str(value))
    above: dict[str, str] = {}
    for element in own.iter("time", "p"):
        if element.tag == "p" and len(element.text_content()) > _PARAGRAPH:
            break
        if stamp := tidy(element.get("datetime")):
            above.setdefault(stamp[:10], stamp)
    if 1 <= len(above) <= 2:
        return above[min(above)]
    said = {str(value).strip()[:10]: str(value) for value in own.xpath("//article//time/@datetime")}
    return tidy(next(iter(said.values()))) if len(said) == 1 else None


def without_others(tree: html.HtmlElement) -> html.HtmlElement:
    """The page without what belongs to other articles: their dates are not its own."""
    own = copy.deepcopy(tree)
    others = [element for element in own.xpath("//*[@class or @id]") if is_other(element)]
    articles = own.xpath("//article[not(ancestor::article)]")
    headed = next((article for article in articles if article.find(".//h1") is not None), None)
    drop([*others, *own.iter("aside", "nav", "footer"), *(one for one in articles if headed not in (one, None))])
    return own


def find_teasers(tree: html.HtmlElement) -> list[html.HtmlElement]:
    """The articles of a page whose headline leads to another page, but for the longest: they only point to others."""
    articles = list(tree.iter("article"))[:_MOST_ARTICLES]
    sizes = [len(article.text_content()) for article in articles]
    longest = max(sizes, default=0)
    return [one for one, size in zip(articles, sizes, strict=True) if size < longest and leads_away(one)]


def leads_away(element: html.HtmlElement) -> bool:
    """Is a headline in a part of a page a link to another page, or in one?"""
    headlines = element.iter("h2", "h3", "h4", "h5", "h6")
    links = (link for one in headlines for link in (*one.iter("a"), *one.iterancestors("a")))
    return any("#" not in (link.get("href") or "#") for link in links)


def is_other(element: html.HtmlElement) -> bool:
    """Does a part of a page, by its name, hold other articles, or what readers say?"""
    named = _OTHERS.search(f"{element.get('class')} {element.get('id')}")
    return named is not None and element.tag not in _SKELETON


def drop(elements: list[html.HtmlElement]) -> None:
    """Take elements out of their tree; what stands behind them stays, whatever signs it holds."""
    for element in elements:
        element.tag = "dropped"
    if elements:
        etree.strip_elements(elements[0].getroottree(), "dropped", with_tail=False)


def _find_margin(own: html.HtmlElement, text: str) -> str | None:
    """The short lines above the first paragraph of the article, one below the other."""
    first = next((line for line in text.split("\n") if len(line) > _LINE), None)
    if first is None:
        return None
    shown = lines_of(own)
    start = " ".join(first.split())[:40]
    at = next((number for number, line in enumerate(shown) if line.startswith(start)), 0)
    return "\n".join(line for line in shown[max(0, at - _LINES) : at] if len(line) <= _LINE) or None


def lines_of(tree: html.HtmlElement) -> list[str]:
    """The words of a page line by line, as its blocks stand, without scripts and menus. Uses the tree up."""
    drop(list(tree.iter(*_SILENT)))
    pieces: list[str] = []
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if element.tag in _BLOCKS:
            pieces.append("\n")
        pieces.append((element.text if event == "start" else element.tail) or "")
    lines = (" ".join(line.split()) for line in clean("".join(pieces)).split("\n"))
    return [line for line in lines if line]
