"""An article has one name, however it is pointed to, and two articles have two."""

from __future__ import annotations

import pytest

from pipeline.web.addresses import clean_address, follow, name_article, parse_address, show

ARTICLE = "https://blatt.example/n/1"


@pytest.mark.parametrize(
    "url",
    [
        "http://blatt.example/n/1", "https://BLATT.example:443/n/1/", "https://www.blatt.example/n/1#teil",
        "https://m.blatt.example/n/1?", "https://amp.blatt.example/n/1", "https://blatt.example/n/1?amp",
        "https://blatt.example/n/1?amp=1&utm_source=x", "https://blatt.example/n/1?outputType=amp",
        "https://blatt.example/n/1/amp", "https://blatt.example/n/1/amp/", "https://blatt.example/amp/n/1",
        "https://blatt.example/n/1.amp", "https://blatt.example/x/../n/./1", "https://blatt.example/n/%31",
        "https://blatt.example/n/1;jsessionid=55AA", "https://blatt.example/n/1?PHPSESSID=ab12&fbclid=3",
        "https://blatt.example/n/1?sid=8f2a90", "https://blatt.example/n/1?at_campaign=feed&at_medium=rss",
    ],
)  # fmt: skip
def test_one_article_has_one_name(url):
    assert name_article(url) == ARTICLE
    assert name_article(name_article(url)) == ARTICLE


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("id=1", "id=2"), ("sid=101", "sid=102"), ("key=1", "key=2"), ("code=17", "code=18"), ("q=%E4", "q=%F6"),
        ("author=1", "author=2"), ("authority=a", "authority=b"), ("q=a;b", "q=a;c"), ("12", "13"),
        ("at_id=1", "at_id=2"), ("sessions=1", "sessions=2"), ("list=1,2", "list=1,3"),
    ],
)  # fmt: skip
def test_two_articles_have_two_names(first, second):
    assert name_article(f"{ARTICLE}?{first}") != name_article(f"{ARTICLE}?{second}")


def test_names_that_only_look_alike_differ():
    urls = [
        ARTICLE, "https://andere.example/n/1", "https://amplitude.example/n/1", "https://blatt.example/n/1.html",
        "https://blatt.example/gitarren-amp", "https://blatt.example/amp-test", "https://blatt.example/n/1.amplitude",
        "https://blatt.example/n%2F1", "https://www.example/n/1", "https://blatt.example/N/1",
    ]  # fmt: skip
    assert len({name_article(url) for url in urls}) == len(urls)
    assert name_article("https://blatt.example/n/1.amp.html") == name_article("https://blatt.example/n/1.html")


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("a=b%20c&d=%E4", "a=b%20c&d=%E4"), ("a=1,2&token=x", "a=1,2"), ("7", "7"), ("&&a=1&", "a=1"),
        ("access%5Ftoken=x&a=1", "a=1"), ("oauth=x", ""), ("authorization=x", ""), ("authkey=x", ""),
        ("key=12", "key=12"),
        ("key=0123456789", ""), ("code=xyz", ""), ("session_id=5", ""), ("sessid=5", ""), ("JSESSIONID=5", ""),
        ("assessment=5", "assessment=5"), ("X-Amz-Signature=ab", ""), ("pwd=1", ""),
    ],
)  # fmt: skip
def test_what_is_left_of_a_query_stays_as_it_was(query, kept):
    assert clean_address(f"{ARTICLE}?{query}") == ARTICLE + (f"?{kept}" if kept else "")


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/a/../b", "/b"), ("/../../b", "/b"), ("/a/.", "/a/"), ("/a/..", "/"), ("/./", "/"), ("/..", "/"),
        ("/%2e%2E/b", "/b"), ("/a//b", "/a//b"), ("/a/", "/a/"), ("", "/"), ("/%7euser/%c3%a4", "/~user/%C3%A4"),
        ("/a%2fb", "/a%2Fb"), ("/a%", "/a%"),
    ],
)  # fmt: skip
def test_a_path_is_asked_for_as_servers_understand_it(path, asked):
    """So that rules of a site for /b hold for /a/../b."""
    target = parse_address(f"https://blatt.example{path}")
    assert target.path == asked
    assert parse_address(target.url) == target


@pytest.mark.parametrize(
    ("location", "path"),
    [("/grün?q=ä".encode().decode("latin-1"), "/gr%C3%BCn?q=%C3%A4"), ("/zwei Worte", "/zwei%20Worte"), ("b", "/b")],
)
def test_a_redirect_may_be_written_in_letters(location, path):
    assert follow(parse_address("https://blatt.example/a"), location).path == path


def test_the_name_of_a_visit_is_not_said():
    assert show("https://a:b@blatt.example/n;jsessionid=5A/x;sid=3?c=d#e") == "https://blatt.example/n/x"
