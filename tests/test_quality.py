"""The program's scores on the measuring corpora must not fall below the floors pinned in quality_floors.yaml.

The corpora are no part of this project (their licences allow measuring only); without them these tests are skipped.
A floor is tied to the hash of its corpus: a changed corpus needs new floors. ``make quality`` prints every score.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml

from pipeline import annotation, process
from pipeline.gazetteer import resolve_name
from pipeline.records import Document

FLOORS = yaml.safe_load((Path(__file__).parent / "quality_floors.yaml").read_text(encoding="utf-8"))


def load_scorer(shared: Path, name: str):
    spec = importlib.util.spec_from_file_location(name, shared / "eval" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def corpus_hash(*files: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def annotate(identifier: str, text: str, published: str | None) -> dict:
    day = date.fromisoformat(published) if published else None
    return annotation.to_dict(process(Document(identifier, text, "de", day, "given" if day else "unknown")))


def score_articles(shared: Path, _: Path) -> tuple[str, dict[str, float]]:
    folder = shared / "data" / "gold_dev"
    golds = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}
    answers = {
        gold["doc_id"]: annotate(gold["doc_id"], (folder / f"{stem}.txt").read_text(encoding="utf-8"), gold["dct"])
        for stem, gold in golds.items()
    }
    scorer = load_scorer(shared, "score_gold")
    counts, _errors = scorer.score({gold["doc_id"]: gold for gold in golds.values()}, answers)
    return corpus_hash(*folder.glob("*.json"), *folder.glob("*.txt")), scorer.figures(counts)


def score_toponyms(shared: Path, tmp_path: Path) -> tuple[str, dict[str, float]]:
    gold = shared / "data" / "toponyms_dev.tsv"
    answers = tmp_path / "toponyms.jsonl"
    with answers.open("w", encoding="utf-8") as out:
        for line in gold.read_text(encoding="utf-8").splitlines()[1:]:
            name = line.split("\t")[0]
            place = resolve_name(name)[0]
            print(json.dumps({"name": name, "place": place and {"lat": place.lat, "lon": place.lon}}), file=out)
    scores = load_scorer(shared, "score_toponyms").main(gold, answers)
    return corpus_hash(gold), {kind: scores[kind]["percent"] for kind in ("settlement", "area")}


def score_times(corpus: str):
    def score(shared: Path, tmp_path: Path) -> tuple[str, dict[str, float]]:
        gold = shared / "data" / f"{corpus}.jsonl"
        answers = tmp_path / f"{corpus}.jsonl"
        with gold.open(encoding="utf-8") as rows, answers.open("w", encoding="utf-8") as out:
            for row in map(json.loads, rows):
                print(json.dumps(annotate(row["id"], row["text"], row["published"])), file=out)
        scores = load_scorer(shared, "score_times").main(gold, answers)
        return corpus_hash(gold), {f"value F1 {part}": scores[part]["value"]["F1"] for part in ("all", "anchored")}

    return score


CORPORA = {
    "articles": score_articles,
    "toponyms": score_toponyms,
    "krauts": score_times("krauts_dev"),
    "wikiwarsde": score_times("wikiwarsde_dev"),
}


@pytest.mark.quality
@pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)  # the scorers'
@pytest.mark.parametrize("corpus", CORPORA)
def test_scores_stay_above_their_floors(corpus, shared, tmp_path):
    found_hash, scores = CORPORA[corpus](shared, tmp_path)
    pinned = FLOORS[corpus]
    print(f"\n{corpus} ({found_hash})")
    for name, score in scores.items():
        print(f"    {name:28s} {score:8.3f}   floor {pinned['floors'].get(name, '-')}")
    if found_hash != pinned["hash"]:
        pytest.skip(
            f"this {corpus} corpus is not the one whose floors are pinned: measure anew and pin them with a reason"
        )
    assert not fallen(scores, pinned["floors"])


def fallen(scores: dict[str, float], floors: dict[str, float]) -> dict[str, float]:
    """The scores that are worse than their floors; a figure "per 100" counts mistakes, so less is better."""
    return {
        name: scores[name]
        for name, floor in floors.items()
        if (scores[name] > floor if "per 100" in name else scores[name] < floor)
    }


def test_a_fallen_score_is_noticed():
    floors = {"F1": 0.8, "stray pins per 100": 15}
    assert fallen({"F1": 0.8, "stray pins per 100": 15}, floors) == {}
    assert fallen({"F1": 0.79, "stray pins per 100": 16}, floors) == {"F1": 0.79, "stray pins per 100": 16}
