from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fake_world import World, open_world

from pipeline import gazetteer
from pipeline.records import Document

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
SEED = ROOT / "seeds" / "000_65bc38f4d776f2b5.txt"


@pytest.fixture(scope="session", autouse=True)
def place_index() -> None:
    """Built once, before anything waits for it with a timeout of its own."""
    gazetteer.load()


@pytest.fixture(scope="session")
def seed() -> Document:
    """The seed article as the line receives it."""
    return Document("seed", SEED.read_text(encoding="utf-8"), "de", date(2025, 12, 20), "inferred")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The measuring corpora, which are no part of this project and may be absent."""
    if not SHARED.is_dir():
        pytest.skip("the measuring corpora (../shared) are not here")
    return SHARED


@pytest.fixture(scope="module")
def web() -> Iterator[World]:
    """A server that stands for all sites of a made world."""
    with open_world() as found:
        yield found


@pytest.fixture
def world(web: World) -> World:
    """The made world, empty."""
    web.names, web.pages, web.asked = {}, {}, []
    return web
