"""A web page: the article in it, as plain text, and what the page says of it. No markup comes out."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

from pipeline.formats.charset import decode_page
from pipeline.formats.records import Extract, FormatError, clean, tidy

LARGEST = 10_000_000  # bytes of a page
_DEEPEST = 200  # nested elements; what browsers and editors make stays far below
_SHORTEST = 40  # characters of running text
_SILENT = ("script", "style", "nav", "header", "footer", "noscript", "template", "iframe", "form")
# Where pages say when an article was published, the plainest first (schema.org, Open Graph, Dublin Core, custom).
_SHELL = re.compile(
    r"^\s*(?://|/\*)?\s*<!(?:\[CDATA\[|--)(?:\s*\*/)?|(?:(?://|/\*)\s*)?(?:\]\]|--)>(?:\s*\*/)?\s*$|;\s*$"
)
_OTHERS = re.compile(r"related|recommend|teaser|sidebar|most-?read|comment|newsletter", re.IGNORECASE)
_DATE_SEARCH: dict[str, Any] = {"extensive_search": False, "original_date": True}  # no day that only the text names
_DATE_NAMES = (
    "article:published_time", "og:published_time", "og:article:published_time", "DC.date.issued", "dc.date.issued",
    "DCTERMS.issued", "dcterms.issued", "DC.date", "dc.date", "date", "pubdate", "publishdate", "publish-date",
    "parsely-pub-date", "sailthru.date",
)  # fmt: skip
_DATES = (
    "//*[@itemprop='datePublished']/@content",
    "//*[@itemprop='datePublished']/@datetime",
    *(f"//meta[@property='{name}' or @name='{name}']/@content" for name in _DATE_NAMES),
    "//time[@pubdate]/@datetime",
)


def read_page(raw: bytes, name: str, url: str | None = None, charset: str | None = None) -> Iterator[Extract]:
    """The article of a page. ``FormatError`` when it is too large or deep, or holds no running text."""
    if len(raw) > LARGEST:
        raise FormatError("too_long", name=name, most=LARGEST // 1_000_000)
    yield read_source(decode_page(raw, charset, name), name, url)


def read_source(source: str, name: str, url: str | None = None) -> Extract:
    """The article in the source of a page."""
    import trafilatura

    tree = _parse(source, name)
    linked = _graph(tree)
    language = tidy(tree.xpath("string(/html/@lang | /html/@*[name()='xml:lang'])"))
    stamp, certain = _find_published(tree, linked, url)
    found = trafilatura.bare_extraction(
        tree, url=url, include_comments=False, with_metadata=True, date_extraction_params=_DATE_SEARCH
    )
    said: dict[str, Any] = found if isinstance(found, dict) else found.as_dict() if found is not None else {}
    text = clean(str(said.get("text") or "")).strip()
    if "\n" not in text:
        text = _read_short(source, name, text)
    if len(text) < _SHORTEST:
        text = clean(_plain(_parse(source, name))).strip()  # a page without any structure, such as a printed one
    if len(text) < _SHORTEST:
        raise FormatError("no_article", name=name)
    return Extract(
        name=name,
        text=text,
        title=tidy(said.get("title")) or _find_said(linked, "headline"),
        author=tidy(said.get("author")) or _find_said(linked, "author"),
        outlet=tidy(said.get("sitename")) or _find_said(linked, "publisher"),
        url=url or _address(said.get("url")),
        language=language[:2].lower() if language else None,
        published=stamp,
        certain=certain,
    )


def _read_short(source: str, name: str, text: str) -> str:
    """The lines of a page so short that trafilatura takes all its words for one; else the text that it gave."""
    import trafilatura
    from trafilatura.settings import DEFAULT_CONFIG

    settings = copy.deepcopy(DEFAULT_CONFIG)
    settings["DEFAULT"]["MIN_EXTRACTED_SIZE"] = str(_SHORTEST)
    found = trafilatura.bare_extraction(
        _parse(source, name), include_comments=False, date_extraction_params=_DATE_SEARCH, config=settings
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


def _plain(tree: html.HtmlElement) -> str:
    """The words of a page line by line, without scripts and menus."""
    body = tree.find("body")
    if body is None:
        return ""
    etree.strip_elements(body, *_SILENT, with_tail=False)
    lines = (" ".join(line.split()) for line in "\n".join(body.itertext()).split("\n"))
    return "\n".join(line for line in lines if line)


def _graph(tree: html.HtmlElement) -> list[dict[str, Any]]:
    """The objects of the page's linked data (JSON-LD), outermost first."""
    found: list[dict[str, Any]] = []
    for script in tree.xpath("//script[starts-with(@type, 'application/ld+json')]")[:20]:
        try:
            waiting: list[Any] = [json.loads(_SHELL.sub("", script.text or ""))]
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
        names = (tidy(one.get("name") if isinstance(one, dict) else one) for one in several[:10])
        if said := "; ".join(dict.fromkeys(filter(None, names))):
            return said
    return None


def _find_published(tree: html.HtmlElement, linked: list[dict[str, Any]], url: str | None) -> tuple[str | None, bool]:
    """When the page says it was published, and whether it says so plainly."""
    for item in linked:
        stamp = tidy(item.get("datePublished"))
        if stamp:
            return stamp, True
    for path in _DATES:
        for value in tree.xpath(path)[:1]:
            if stamp := tidy(str(value)):
                return stamp, True
    own = _without_others(tree)
    said = {str(value).strip()[:10]: str(value) for value in own.xpath("//article//time/@datetime")}
    if len(said) == 1:  # the day is marked, and no other
        return tidy(next(iter(said.values()))), True
    from htmldate import find_date

    try:
        return find_date(own, **_DATE_SEARCH, url=url), False
    except (ValueError, TypeError, AttributeError, OverflowError):
        return None, False


def _without_others(tree: html.HtmlElement) -> html.HtmlElement:
    """The page without what belongs to other articles: their dates are not its own."""
    own = copy.deepcopy(tree)
    for element in own.xpath("//aside | //nav | //footer | //*[@class or @id]"):
        other = element.tag in ("aside", "nav", "footer") or _OTHERS.search(
            f"{element.get('class')} {element.get('id')}"
        )
        if other and element.getparent() is not None and element.tag not in ("html", "body", "article", "main"):
            element.drop_tree()
    return own


def _address(url: object) -> str | None:
    text = tidy(url)
    return text if text and text.startswith(("http://", "https://")) else None
