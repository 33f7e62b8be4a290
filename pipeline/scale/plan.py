"""Which work is waiting, under way and done; and what happens when a worker dies of some."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any

from pipeline.ingest import Known, refuse
from pipeline.scale.parts import Part
from pipeline.scale.worker import Done, Work, count, do_work, set_aside

if TYPE_CHECKING:
    from distributed import Client, Future

_TRIES = 3  # at what is harmless: somebody else may kill a worker meanwhile
_LOOK = 10.0  # seconds between two looks whether there are workers
_PIECES = 10  # of work that a worker died of


class LostError(Exception):
    """The scheduler is gone, with all that was under way."""


class Plan:
    """Work for workers. Each has one piece at a time, so a piece dies with its worker only if it was the cause, or
    somebody killed the worker. A piece is divided when its worker dies. A single report is tried once more at the end,
    alone; when the worker dies again, the report is the cause."""

    def __init__(self, parts: Iterable[Part], known: Known, folder: str, report: Callable[[Done], None]) -> None:
        self.revive: Callable[[], object] = lambda: None  # brings back workers that are gone; asked now and then
        self._fresh = (Work(part) for part in parts)
        self._again: list[Work] = []
        self._suspects: list[Work] = []
        self._known = known
        self._folder = folder
        self._report = report
        self.done = Done()

    def carry_out(self, client: Client) -> None:
        """Do what is left. ``LostError`` when the scheduler is lost: what was under way is waiting again then. Raises
        what a worker raised for the store itself, for example when the disk is full."""
        running: dict[Future[Done], Work] = {}
        try:
            self._do_all(client, running)
            while self._suspects:
                self._try_alone(client, self._suspects[-1])
                self._suspects.pop()
        except LostError:
            self._again += running.values()
            raise

    def _do_all(self, client: Client, running: dict[Future[Done], Work]) -> None:
        while True:
            free = max(1, len(client.scheduler_info(n_workers=-1)["workers"])) - len(running)
            for work in self._next(free):
                future = client.submit(do_work, work, self._known, self._folder, pure=False)
                running[future] = work
            if not running:
                return
            for future in self._wait(list(running)):
                done = self._result(future)
                work = running.pop(future)
                if done is not None:
                    self._note(done)
                else:
                    self._divide(client, work)

    def _next(self, most: int) -> Iterator[Work]:
        for _ in range(most):
            work = self._again.pop() if self._again else next(self._fresh, None)
            if work is None:
                return
            yield work

    def _note(self, done: Done) -> None:
        self.done = self.done.plus(done)
        self._report(self.done)

    def _divide(self, client: Client, work: Work) -> None:
        """Pieces of the work that a worker died of; a single report waits for the end."""
        tries = (self._result(client.submit(count, work, self._known, pure=False)) for _ in range(_TRIES))
        number = next((found for found in tries if found is not None), None)
        if number is None:  # reading alone is deadly: what is to be divided cannot be told
            self._refuse(work)
        elif number <= 1:
            self._suspects.append(work)
        else:
            step = -(-number // _PIECES)
            stops = range(work.first, work.first + number, step)
            self._again += [Work(work.part, start, min(start + step, work.first + number)) for start in reversed(stops)]

    def _try_alone(self, client: Client, work: Work) -> None:
        for function in (do_work, *[set_aside] * _TRIES):
            done = self._result(client.submit(function, work, self._known, self._folder, pure=False))
            if done is not None:
                self._note(done)
                return
        self._refuse(work)

    def _refuse(self, work: Work) -> None:
        name = work.part.places[0] if len(work.part.places) == 1 else f"{work.part.places[0]} …"
        self._note(Done(refused=(str(refuse("deadly", name=name)),)))

    def _wait(self, futures: list[Future[Any]]) -> list[Future[Any]]:
        """Those that are finished, as soon as one is."""
        from distributed import wait
        from distributed.comm.core import CommClosedError

        wait_for: Any = wait
        while True:
            try:
                return list(wait_for(futures, timeout=_LOOK, return_when="FIRST_COMPLETED").done)
            except TimeoutError:
                self.revive()
            except (CancelledError, CommClosedError):
                raise LostError from None

    def _result(self, future: Future[Any]) -> Any:
        """What a future gives; ``None`` when the worker died of it."""
        from distributed.comm.core import CommClosedError
        from distributed.scheduler import KilledWorker

        self._wait([future])
        try:
            return future.result()
        except KilledWorker:
            return None
        except (CancelledError, CommClosedError):
            raise LostError from None
