"""What the app and the exports say of the program's accuracy is what was measured."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
import yaml

from pipeline import accuracy, export, wording

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {
    "events": "event F1", "type": "type", "date": "date", "place": "place", "actors": "actor F1",
    "modality": "modality", "together": "fully right",
}  # fmt: skip
LEVEL = re.compile(r"\| (\d\.\d) to (\d\.\d) \| (\d+) \| (\d+) ?%? \|")


def test_every_figure_is_the_floor_that_is_held():
    floors = yaml.safe_load((ROOT / "tests" / "quality_floors.yaml").read_text(encoding="utf-8"))["articles"]["floors"]
    said = accuracy.load_accuracy().right
    assert set(said) == set(accuracy.FIGURES) == set(FLOORS)
    for name, floor in FLOORS.items():
        assert abs(said[name] - 100 * floors[floor]) <= 1, f"data/ui/accuracy.yaml: {name}"


@pytest.mark.parametrize("page", ["docs/accuracy.md", "docs/events.md", "benchmarks/README.md"])
def test_the_table_of_confidence_is_everywhere_the_same(page):
    found = LEVEL.findall((ROOT / page).read_text(encoding="utf-8"))[:3]
    levels = accuracy.load_accuracy().levels
    assert [(float(a), float(b), int(n), int(right)) for a, b, n, right in found] == [
        (one.first, one.last, one.events, one.right) for one in levels
    ]
    assert levels[0].first == 0
    assert levels[-1].last == 1


def test_the_page_on_accuracy_says_the_same():
    words = (ROOT / accuracy.HOW).read_text(encoding="utf-8")
    found = accuracy.load_accuracy()
    for figure in found.right.values():
        assert f"| {figure} |" in words
    assert f"{found.articles} German reports" in words
    assert ", ".join(map(str, found.unseen[:2])) in words


def test_a_confidence_has_the_share_of_its_level():
    levels = accuracy.load_accuracy().levels
    assert [accuracy.right_at(level.first) for level in levels] == [level.right for level in levels]
    assert accuracy.right_at(1.0) == levels[-1].right


@pytest.mark.parametrize("language", wording.languages())
def test_the_notice_has_figures_and_the_way_to_them(language):
    said = accuracy.say_notice(language)
    assert f" {accuracy.load_accuracy().right['together']} " in said
    assert "?page=accuracy" in said
    assert accuracy.HOW in said


def test_every_table_carries_it():
    taken = json.loads(export.table(pd.DataFrame({"origin": []}), "geojson"))
    assert taken["accuracy"] == accuracy.say_accuracy("en")
