"""The same event in several reports is counted once, whatever the order; look-alikes stay apart."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from made_events import make_documents

from pipeline.merge import is_same_event, merge_events, rank_of
from pipeline.records import Actor, Count, Event, Participation, Place, Span, When

RUS, UKR, SDN = (Actor(f"{c.lower()}-mil", c, c, "MIL") for c in ("RUS", "UKR", "SDN"))


def place(name: str, lat: float, lon: float, precision: str = "city", radius: float = 25) -> Place:
    return Place(f"cet:{name}", name, "UKR", None, lat, lon, precision, radius)  # type: ignore[arg-type]


def day(number: int, length: int = 1) -> When:
    start = date(2025, 1, 1) + timedelta(days=number)
    return When(start, start + timedelta(days=length), "day" if length == 1 else "week")


def event(key: str, **changes: object) -> Event:
    base = Event(
        key, f"doc-{key}", "ASSAULT", None, None, Span(0, 9), Span(0, 3), day(0), "explicit", False, None,
        (place("charkiw", 50.0, 36.2),), (Participation(RUS, "actor"),), "happened", None, Count(4, 4, 4), None, 0.8,
        (),
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


def variants() -> list[Event]:
    """40 events, each in five reports that differ as reports do."""
    made = []
    for number, report in ((n, r) for n in range(40) for r in range(5)):
        where = place(f"p{number}", 45 + number % 8 * 0.8, 25 + number // 8 * 2)
        made += [
            event(
                f"{number:02}-{report}",
                when=day(number % 10, 3 if report == 3 else 1),
                places=(where,),
                actors=() if report == 4 else (Participation(RUS if number % 2 else UKR, "actor"),),
                modality="claimed" if report == 2 else "happened",
                fatalities=Count(number + report, number + report, None),
            )
        ]
    return made


@pytest.mark.parametrize("seed", range(5))
def test_200_variants_of_40_events_are_40_in_any_order(seed: int) -> None:
    made = variants()
    expected = merge_events(made)
    assert len(made) == 200
    assert len(expected) == 40
    assert {len(cluster.sources) for cluster in expected} == {5}
    assert sorted(member for cluster in expected for member in cluster.members) == sorted(e.id for e in made)
    random.Random(seed).shuffle(made)
    assert merge_events(made) == expected


def test_differing_figures_become_low_and_high() -> None:
    (cluster,) = merge_events([event("a"), event("b", fatalities=Count(7, 7, None))])
    assert cluster.event.fatalities == Count(4, None, 7)
    assert cluster.sources == ("doc-a", "doc-b")


@pytest.mark.parametrize(
    "changes",
    [
        {"when": day(1)},
        {"when": None},
        {"places": (place("odessa", 46.5, 30.7),)},
        {"actors": (Participation(SDN, "actor"),)},
        {"modality": "hypothetical"},
        {"modality": "planned"},
        {"modality": "negated"},
        {"type": "COERCE"},
    ],
    ids=str,
)
def test_look_alikes_stay_apart(changes: dict[str, object]) -> None:
    assert len(merge_events([event("a"), event("b", **changes)])) == 2


def test_a_vague_report_does_not_join_two_events() -> None:
    made = [event("a", when=day(0)), event("b", when=day(2)), event("c", when=day(0, 5))]
    assert [len(c.members) for c in merge_events(made)] == [2, 1]
    assert merge_events(made[::-1]) == merge_events(made)


def test_thousands_are_merged_in_little_time() -> None:
    made = [event(f"{i}", when=day(i % 3000), places=(place(f"q{i}", 1, 1 + i % 90),)) for i in range(10_000)]
    assert len(merge_events(made)) == 10_000


def test_time_grows_with_the_number_of_events_also_on_one_day() -> None:
    """Thousands of events of one day, country and type, in many places; and thousands of copies of one."""
    spread = [event(f"{i}", places=(place(f"q{i}", i % 80, i % 179),)) for i in range(6000)]
    assert len(merge_events(spread)) == 6000
    copies = [event(f"{i}") for i in range(6000)]
    assert [len(cluster.members) for cluster in merge_events(copies)] == [6000]


@pytest.mark.parametrize("seed", range(6))
def test_looking_only_where_it_can_be_finds_what_comparing_all_with_all_finds(seed: int) -> None:
    made = [
        replace(event, words=document.text[slice(*event.sentence)] if event.sentence.end > 29 else None)
        for document in make_documents(90, seed)
        for event in document.events
    ]
    groups: list[list[Event]] = []
    for one in sorted(made, key=rank_of):
        fitting = (group for group in groups if all(is_same_event(one, other) for other in group))
        found = next(fitting, None)
        if found is None:
            groups.append([one])
        else:
            found.append(one)
    assert {m.members for m in merge_events(made)} == {tuple(sorted(e.id for e in group)) for group in groups}
