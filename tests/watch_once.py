"""One look at a feed of the fake world, as a process of its own that a test may kill: PORT OPML STORE."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from fake_world import PUBLIC, World

from pipeline import process
from pipeline.store import Store
from pipeline.web import watch as watching
from pipeline.web.feed_lists import read_feed_list
from pipeline.web.ledger import Ledger
from pipeline.web.watch import Watch


class Everywhere(World):
    """All names are at the same public address, which leads to the test's server."""

    def resolve(self, host: str, port: int) -> list[str]:  # noqa: ARG002
        return [PUBLIC]


def main() -> None:
    port, feeds, folder = int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
    watching._BATCH = 3
    store = Store(folder)
    ledger = Ledger(folder / "watch.sqlite")
    print("started", flush=True)
    watch = Watch(
        read_feed_list(feeds),
        ledger,
        lambda documents: void(store.add(map(process, documents), now=datetime.now(UTC))),
        network=Everywhere(port),
        pause=0.0,
    )
    print(watch.once().taken, flush=True)


def void(_: object) -> None:
    """The watch wants nothing back."""


if __name__ == "__main__":
    main()
