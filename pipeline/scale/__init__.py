"""Many reports on many processes: the same function as on one, mapped over parts of the input by Dask.

    parts     the input, cut            worker    what is done with a part, in another process
    plan      which part is done when, and what happens when a worker dies

A worker reads a part, processes it and puts it into the store; only counts come back, so the caller's memory does not
grow with the input. What is done twice changes nothing, because the store is idempotent; so a run that was broken off
is simply run again.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import PipelineError
from pipeline.ingest import Known
from pipeline.scale.parts import Part, find_parts, is_place, read_part
from pipeline.scale.plan import LostError, Plan
from pipeline.scale.worker import Done, answer

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["Done", "Part", "ScaleError", "find_parts", "is_place", "read_part", "run_parts"]

_PATIENCE = "20s"  # until a scheduler answers
_TRIES, _REST = 5, 5.0  # at reaching a scheduler that was lost; seconds between them
_SETTINGS = {
    "distributed.scheduler.allowed-failures": 0,  # plan.py decides what is tried again
    "distributed.scheduler.http.routes": [],
    # A worker computes in one thread beside those that only wait; more heaps than two would only hold on to memory.
    "distributed.nanny.pre-spawn-environ": {
        "MALLOC_ARENA_MAX": "2",
        "MALLOC_TRIM_THRESHOLD_": "65536",
        "OMP_NUM_THREADS": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",  # Arrow's own keeps what it has had
    },
    "distributed.worker.profile.enabled": False,  # it keeps every stack of an hour, which nobody reads
    "distributed.admin.system-monitor.log-length": 100,
    "distributed.worker.daemon": False,  # a worker starts the process in which files are parsed
    "distributed.deploy.lost-worker-timeout": "120s",  # a busy machine takes long to start one again
    "distributed.comm.timeouts.connect": _PATIENCE,
}


class ScaleError(PipelineError):
    """The workers or their scheduler cannot be used."""


class ReachError(ScaleError):
    """There is no scheduler where one should be."""


def run_parts(
    parts: Iterable[Part],
    known: Known,
    folder: Path,
    *,
    workers: int = 2,
    scheduler: str | None = None,
    report: Callable[[Done], None] = lambda _: None,
) -> Done:
    """Do all parts on worker processes of this machine, or on those of the scheduler at an address (``tcp://…``,
    ``tls://…``), and put what they hold into the store in ``folder``, which every worker must reach by this name.
    ``report`` is told what is done so far. ``ScaleError`` when the workers cannot be reached; raises what a worker
    raised for the store itself, for example when the disk is full."""
    plan = Plan(parts, known, str(folder.absolute()), report)
    for attempt in range(_TRIES):
        if attempt:
            time.sleep(_REST)
        try:
            with _connect(workers, scheduler) as (client, plan.revive):
                plan.carry_out(client)
        except LostError:
            continue
        except ReachError:
            if not attempt:  # it was never there
                raise
            continue
        except PipelineError:
            raise
        except Exception as error:  # a worker met what nobody thought of; the store is as it was after the last part
            said = " ".join(str(error).split())
            raise ScaleError(f"A worker failed ({type(error).__name__}: {said}).") from None
        return plan.done
    raise ScaleError("The scheduler was lost; run the same again: what is stored already is not stored twice.")


@contextlib.contextmanager
def _connect(workers: int, scheduler: str | None) -> Iterator[tuple[Client, Callable[[], object]]]:
    """A client, and what brings back workers that are gone. Workers on this machine listen on no other, and serve no
    page."""
    import dask
    from distributed import Client, LocalCluster

    for name in ("distributed", "distributed.client", "tornado.application"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is said in a sentence of our own
    make_cluster: Any = LocalCluster
    make_client: Any = Client
    with dask.config.set(_SETTINGS), contextlib.ExitStack() as opened:
        try:
            target: Any = scheduler
            revive: Callable[[], object] = _rely  # other machines look after their workers themselves
            if scheduler is None:
                target = make_cluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    processes=True,
                    host="127.0.0.1",
                    silence_logs=logging.CRITICAL,
                    dashboard_address="127.0.0.1:0",  # none at all would be one on every interface
                )
                revive = partial(opened.enter_context(target).scale, workers)
            client = opened.enter_context(make_client(target, timeout=_PATIENCE))
        except (OSError, TimeoutError, ValueError) as error:
            where = scheduler or "this machine"
            raise ReachError(f"The workers at {where} cannot be reached: {error or type(error).__name__}.") from None
        if scheduler is not None:
            _ask_for_program(client, scheduler)
        yield client, revive


def _ask_for_program(client: Client, scheduler: str) -> None:
    """``ScaleError`` when processes that others have started do not have this program."""
    functions: tuple[Any, ...] = (client.run_on_scheduler, client.run)
    try:
        for ask in functions:
            ask(answer)
    except (OSError, TimeoutError) as error:  # gone again
        raise ReachError(f"The workers at {scheduler} cannot be reached: {error or type(error).__name__}.") from None
    except Exception:  # whatever it is that an import lacks there
        said = "cannot run this program: start both where its packages are installed, with PYTHONPATH"
        raise ScaleError(f"The scheduler or a worker at {scheduler} {said}={Path(__file__).parents[2]}.") from None


def _rely() -> None:
    """Nothing can be done but wait."""
