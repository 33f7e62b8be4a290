"""Expressions of time in running German text."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import yaml
from babel.dates import get_day_names, get_month_names
from holidays import country_holidays

from pipeline import language
from pipeline.events.lexicon import load_taxonomy
from pipeline.language import DATA
from pipeline.records import Document, TimeMention
from pipeline.sentences import split_sentences
from pipeline.times import add_times, find_times, resolve_expression
from pipeline.times.grammar import Rule, load_grammar
from pipeline.times.operations.named_days import _day_in_year
from pipeline.wording import languages, say

CASES: list[dict[str, Any]] = [
    case
    for path in sorted((DATA.parent / "tests" / "cases" / "de").glob("times*.yaml"))
    for case in yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
]
PUBLISHED = "2024-06-12"  # a Wednesday; what a case that names no day was published on
GRAMMAR = load_grammar("de")
KNOWN = {entry["day"] for entry in language.words("de", "times/known_days")["days"]}


def find(text: str, published: date | None) -> tuple[TimeMention, ...]:
    return find_times(text, split_sentences(text, "de"), published, "de")


def interval(mention: TimeMention) -> str:
    if mention.when is None or mention.when.start is None or mention.when.end is None:
        return "none"
    first, last = mention.when.start, mention.when.end - timedelta(days=1)
    return f"{first}" if first == last else f"{first}/{last}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:60])
def test_sentence(case: dict[str, Any]) -> None:
    day = case.get("published", PUBLISHED)
    published = date.fromisoformat(day) if day else None
    found = find(case["text"], published)
    read = [[case["text"][m.span.start : m.span.end], interval(m), m.timex_value] for m in found]
    assert read == case.get("times", [])


@pytest.mark.parametrize("rule", GRAMMAR.rules, ids=lambda rule: rule.id)
def test_rule_fits_its_examples(rule: Rule) -> None:
    assert [example for example in rule.examples if rule.pattern.search(example) is None] == []


@pytest.mark.parametrize("rule", [rule for rule in GRAMMAR.rules if rule.checks is None], ids=lambda rule: rule.id)
def test_rule_leaves_its_counter_examples(rule: Rule) -> None:
    assert [example for example in rule.counter_examples if rule.pattern.search(example)] == []


def test_months_and_weekdays_agree_with_cldr() -> None:

    for number, name in get_month_names("wide", locale="de").items():
        assert GRAMMAR.key_of("month", name) == number
    for number, name in get_day_names("wide", locale="de").items():
        assert GRAMMAR.key_of("weekday", name) == number
        assert GRAMMAR.key_of("weekday-adverb", f"{name}s") == number


def spell(number: int) -> str:
    """A German number up to 100, by the rules of the language."""
    small = ("null", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf")
    tens = ("zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig")
    if number < 20:
        irregular = {16: "sechzehn", 17: "siebzehn"}
        return small[number] if number < 13 else irregular.get(number, small[number - 10] + "zehn")
    if number == 100:
        return "hundert"
    return (small[number % 10] + "und" if number % 10 else "") + tens[number // 10 - 2]


@pytest.mark.parametrize("number", range(101))
def test_numbers_in_words(number: int) -> None:
    assert GRAMMAR.key_of("number", spell(number)) == number
    assert number in GRAMMAR.words["numbers"]


def test_other_numbers_in_words() -> None:
    irregular = {1: "erste", 3: "dritte", 7: "siebte", 8: "achte"}
    assert list(GRAMMAR.words["ordinals"]) == list(range(1, 32))
    for number in range(1, 32):
        word = irregular.get(number, spell(number) + ("te" if number < 20 else "ste"))
        assert GRAMMAR.key_of("ordinal", word) == number
    for decade in range(20, 100, 10):
        assert GRAMMAR.key_of("decade", spell(decade) + "er") == decade
    words = {0.5: "halbes", 1.5: "eineinhalb"}
    for half in (0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5):
        assert GRAMMAR.key_of("half", words.get(half, spell(int(half)) + "einhalb")) == half


LIBRARY = {
    "neujahr": ("DE", "New Year's Day"), "tag-der-arbeit": ("DE", "Labor Day"), "weihnachten": ("DE", "Christmas Day"),
    "deutsche-einheit": ("DE", "German Unity Day"), "zweiter-weihnachtstag": ("DE", "Second Day of Christmas"),
    "karfreitag": ("DE", "Good Friday"), "ostermontag": ("DE", "Easter Monday"), "himmelfahrt": ("DE", "Ascension Day"),
    "pfingstmontag": ("DE", "Pentecost Monday"), "dreikönig": ("AT", "Epiphany"),
    "fronleichnam": ("AT", "Corpus Christi"), "mariä-himmelfahrt": ("AT", "Assumption Day"),
    "allerheiligen": ("AT", "All Saints' Day"),
    "nationalfeiertag-at": ("AT", "National Day"), "nationalfeiertag-fr": ("FR", "National Day"),
    "bundesfeier": ("CH", "National Day"), "unabhängigkeitstag-us": ("US", "Independence Day"),
    "orthodoxes-ostern": ("GR", "Easter Monday"), "thanksgiving": ("US", "Thanksgiving Day"),
    "memorial-day": ("US", "Memorial Day"), "labor-day": ("US", "Labor Day"),
}  # fmt: skip


@pytest.mark.parametrize("name", LIBRARY)
@pytest.mark.parametrize("year", [2019, 2021, 2023])
def test_named_days_agree_with_the_calendar_library(name: str, year: int) -> None:
    country, label = LIBRARY[name]
    kept = country_holidays(country, years=year, language="en_US")
    found = _day_in_year(GRAMMAR.named_days[name], year)
    assert found is not None
    if name == "orthodoxes-ostern":
        found += timedelta(days=1)  # the library names the Monday
    assert label in kept.get(found, "")


# Days of 2025 as calendars print them.
CALENDAR = """
01-01 nationalfeiertag-sd, 01-01 neujahr, 01-06 dreikönig, 01-06 orthodoxer-heiligabend, 01-07 orthodoxe-weihnacht,
01-14 orthodoxes-neujahr, 01-19 orthodoxe-epiphanie, 01-27 holocaust-gedenktag, 01-29 chinesisches-neujahr, 02-02
mariä-lichtmess, 02-11 revolution-ir, 02-14 valentinstag, 02-17 nationalfeiertag-xk, 02-23 verteidiger, 03-01 ramadan,
03-03 rosenmontag, 03-04 faschingsdienstag, 03-05 aschermittwoch, 03-08 frauentag, 03-14 holi, 03-14 purim, 03-21
nouruz, 03-30 zuckerfest, 04-13 karwoche, 04-13 orthodoxer-palmsonntag, 04-13 palmsonntag, 04-13 pessach, 04-17
gründonnerstag, 04-18 karfreitag, 04-18 orthodoxer-karfreitag, 04-19 karsamstag, 04-19 osternacht, 04-19
osterwochenende, 04-20 orthodoxes-ostern, 04-20 ostern, 04-21 orthodoxer-ostermontag, 04-21 ostermontag, 04-27
weißer-sonntag, 04-30 gedenktag-il, 05-01 tag-der-arbeit, 05-01 unabhängigkeitstag-il, 05-03 welttag-pressefreiheit,
05-08 befreiung, 05-09 tag-des-sieges, 05-15 nakba, 05-16 lag-baomer, 05-23 verfassungstag, 05-26 jerusalemtag, 05-26
nationalfeiertag-ge, 05-29 himmelfahrt, 06-02 schawuot, 06-06 d-day, 06-06 opferfest, 06-07 pfingstwochenende, 06-08
orthodoxes-pfingsten, 06-08 pfingsten, 06-09 pfingstmontag, 06-12 nationalfeiertag-ru, 06-19 fronleichnam, 06-20
weltflüchtlingstag, 06-24 johannistag, 06-26 islamisches-neujahr, 07-04 unabhängigkeitstag-us, 07-06 aschura, 07-09
nationalfeiertag-ss, 07-14 nationalfeiertag-fr, 08-01 bundesfeier, 08-03 tischa-beav, 08-14 arbain, 08-14
nationalfeiertag-pk, 08-15 mariä-himmelfahrt, 08-15 nationalfeiertag-in, 08-24 unabhängigkeitstag-ua, 08-27
nationalfeiertag-md, 09-01 antikriegstag, 09-04 mawlid, 09-21 nationalfeiertag-am, 09-23 rosch-haschana, 10-01
nationalfeiertag-cn, 10-02 jom-kippur, 10-03 deutsche-einheit, 10-07 sukkot, 10-14 simchat-tora, 10-16
welternährungstag, 10-20 diwali, 10-24 tag-der-vereinten-nationen, 10-26 nationalfeiertag-at, 10-29
nationalfeiertag-tr, 10-31 reformationstag, 11-01 allerheiligen, 11-02 allerseelen, 11-04 einheit-des-volkes, 11-11
martinstag, 11-11 nationalfeiertag-pl, 11-16 volkstrauertag, 11-19 buß-und-bettag, 11-23 totensonntag, 11-25
gegen-gewalt-an-frauen, 11-30 advent-1, 12-06 nikolaus, 12-07 advent-2, 12-08 mariä-empfängnis, 12-10
menschenrechtstag, 12-14 advent-3, 12-15 chanukka, 12-21 advent-4, 12-24 heiligabend, 12-25 weihnachten, 12-26
zweiter-weihnachtstag, 12-27 zwischen-den-jahren, 12-31 silvester, 05-11 muttertag, 10-05 erntedank, 11-27
thanksgiving, 05-26 memorial-day, 09-01 labor-day, 10-31 halloween, 04-30 walpurgisnacht, 02-27
weiberfastnacht, 03-02 faschingssonntag, 06-07 pfingstsamstag, 03-15 iden-des-märz
"""


def test_every_named_day_lies_where_a_calendar_prints_it() -> None:
    printed = dict(reversed(entry.split()) for entry in CALENDAR.replace("\n", " ").split(","))
    found = {name: _day_in_year(entry, 2025) for name, entry in GRAMMAR.named_days.items()}
    assert {name: f"{day:%m-%d}" for name, day in found.items() if day is not None} == printed


WORDS = """
vortag -1, tags zuvor -1, tag zuvor -1, tag davor -1, vorabend -1, tags darauf 1, tag darauf 1, tag danach 1, folgetag
1, anderntags 1, nächsten tag 1, folgenden tag 1, darauffolgenden tag 1, anderen tag 1
"""


@pytest.mark.parametrize("entry", [entry.strip() for entry in WORDS.replace("\n", " ").split(",")])
def test_words_for_the_days_around_a_day(entry: str) -> None:
    words, shift = entry.rsplit(" ", 1)
    *_, mention = find(f"Am 10. Mai 2023 floh er. Am {words} war es still.", date(2024, 6, 12))
    assert interval(mention) == f"{date(2023, 5, 10) + int(shift) * timedelta(days=1)}"


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("in der Vorwoche", "2024-06-03/2024-06-09"),
        ("in der Folgewoche", "2024-06-17/2024-06-23"),
        ("im Vormonat", "2024-05-01/2024-05-31"),
        ("im Folgemonat", "2024-07-01/2024-07-31"),
        ("im Vorvorjahr", "2022-01-01/2022-12-31"),
        ("im Vorjahr", "2023-01-01/2023-12-31"),
        ("im Folgejahr", "2025-01-01/2025-12-31"),
    ],
)
def test_words_for_the_units_around_today(words: str, days: str) -> None:
    (mention,) = find(f"Das geschah {words}.", date(2024, 6, 12))
    assert interval(mention) == days


def test_short_weekdays() -> None:
    for number, name in enumerate(("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")):
        (mention,) = find(f"Termin: {name}., {10 + number}.6.2024", None)
        assert GRAMMAR.key_of("weekday-short", name) == number
        assert interval(mention) == f"2024-06-{10 + number}"


def test_older_names_of_months() -> None:
    first = ("januarius", "hornung", "merz", "aprilis", "may", "brachmonat")
    last = ("heumonat", "augustus", "septembris", "octobris", "novembris", "christmonat")
    for number, name in enumerate(first + last, 1):
        assert GRAMMAR.key_of("old-month", name) == number


def test_without_a_date_of_publication_only_the_absolute_is_resolved() -> None:
    text = "Am Samstag griffen sie an. Der Krieg begann am 24. Februar 2022."
    document = add_times(Document("x", text, "de", sentences=split_sentences(text, "de")))
    assert [interval(mention) for mention in document.times] == ["none", "2022-02-24"]
    assert [problem.stage for problem in document.problems] == ["times"]


@pytest.mark.parametrize("example", language.words("de", "times/known_days")["examples"])
def test_known_days_in_their_examples(example: str) -> None:
    assert any(m.when and m.when.start in KNOWN for m in find(example, date(2024, 6, 12)))


@pytest.mark.parametrize("example", language.words("de", "times/known_days")["not"])
def test_known_days_in_their_counter_examples(example: str) -> None:
    assert not any(m.when and m.when.start in KNOWN for m in find(example, date(2024, 6, 12)))


def test_known_days_agree_with_the_known_events() -> None:
    events = {entry["start"] for entry in load_taxonomy().known}
    assert events <= KNOWN


def test_odd_format_of_an_absolute_date() -> None:
    found = resolve_expression("24 Feb 2022", None, "de")
    assert found is not None
    assert interval(found) == "2022-02-24"


def test_the_other_direction_is_a_candidate() -> None:
    (mention,) = find("Am Freitag griffen Rebellen die Stadt an.", date(2025, 12, 20))
    assert [candidate.when.start for candidate in mention.candidates] == [date(2025, 12, 26)]


@pytest.mark.parametrize("rule", GRAMMAR.rules, ids=lambda rule: rule.id)
def test_examples_are_read_as_times(rule: Rule) -> None:
    for example in rule.examples:
        assert find(f"Dies geschah {example}, sagte er", date(2024, 6, 12)), example


@pytest.mark.parametrize("rule", GRAMMAR.rules, ids=lambda rule: rule.id)
def test_every_reason_becomes_a_sentence(rule: Rule) -> None:
    for example in rule.examples:
        for published in (date(2024, 6, 12), None):
            for frame in ("Das geschah {}.", "Das wird {} sein.", "Am 3. Mai 2020 kam er. Das geschah {}."):
                for mention in find(frame.format(example), published):
                    for reason in (mention.reason, *(candidate.reason for candidate in mention.candidates)):
                        assert all(say(reason, language) for language in languages())


@pytest.mark.parametrize(
    "words", ["frühen Mitternacht", "Mitternacht", "Nachmittag", "Morgengrauen", "vergangenen Wochen"]
)
def test_words_that_a_rule_lists_itself_are_known_to_the_arithmetic(words: str) -> None:
    assert find(f"Der Angriff begann am {words}.", date(2024, 6, 12))


ROWS = [
    [cell.strip() for cell in line.strip("| \n").split("|")]
    for line in (DATA.parent / "docs" / "times.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| 2")
]


def test_the_page_shows_ten_examples() -> None:
    assert len(ROWS) == 10


@pytest.mark.parametrize(("published", "sentence", "words", "days"), ROWS)
def test_examples_of_the_page(published: str, sentence: str, words: str, days: str) -> None:
    found = {sentence[m.span.start : m.span.end]: interval(m) for m in find(sentence, date.fromisoformat(published))}
    assert found[words] == days


def test_no_rule_is_lost_by_its_first_letters() -> None:
    """Rules are looked up by the letters they can begin with; at every word of every case none that fits is missed."""
    for case in CASES:
        text = case["text"]
        for sentence in split_sentences(text, "de"):
            for token in sentence.tokens:
                fitting = {rule.id for rule in GRAMMAR.rules if rule.pattern.match(text, token.start)}
                found = {match.rule.id for match in GRAMMAR.match_at(text, token.start, token.end)}
                assert found == {name for name in fitting if not GRAMMAR.rules_by_id[name].require} | {
                    name for name in found if GRAMMAR.rules_by_id[name].require
                }, (token.text, text)
