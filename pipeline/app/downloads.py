"""Files that are written while they are taken away, however many events they hold: a link beside Streamlit's own
pages, because Streamlit itself would hold the whole file in memory.

A link holds a name that nobody can guess; what stands behind it is the filter of the page that offered it.
"""

from __future__ import annotations

import io
import os
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final, NamedTuple, cast

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from pipeline.errors import PipelineError
from pipeline.wording import languages, text

MOST: Final = 500  # links that are kept; the oldest are forgotten first
_BLOCK: Final = 1 << 18  # bytes


class Offer(NamedTuple):
    """A file that can be taken: its name, its media type, and what writes it."""

    file: str
    mime: str
    write: Callable[[BinaryIO], object]


_OFFERS: OrderedDict[str, Offer] = OrderedDict()
_LOCK: Final = threading.Lock()


def offer(file: Offer) -> str:
    """An address, relative to the page, under which a file can be taken."""
    name = secrets.token_urlsafe(16)
    with _LOCK:
        _OFFERS[name] = file
        while len(_OFFERS) > MOST:
            _OFFERS.popitem(last=False)
    return f"export/{name}"


def withdraw() -> None:
    """Offer nothing of what was offered so far: something in it must not be given out any more."""
    with _LOCK:
        _OFFERS.clear()


def _send(request: Request) -> Response:
    with _LOCK:
        found = _OFFERS.get(request.path_params["name"])
    if found is None:
        return PlainTextResponse(" / ".join(text("link_gone", language) for language in languages()), 404)
    headers = {"Content-Disposition": f'attachment; filename="{found.file}"', "Cache-Control": "no-store"}
    return StreamingResponse(stream(found.write), media_type=found.mime, headers=headers)


ROUTES: Final = (Route("/export/{name}", _send),)


class _Pipe(io.RawIOBase):
    """The end of a pipe to write into, which knows how much went through."""

    def __init__(self, end: int) -> None:
        self._end, self._sent = end, 0

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        left = memoryview(content).cast("B")  # type: ignore[arg-type]
        size = len(left)
        while left:
            left = left[os.write(self._end, left) :]
        self._sent += size
        return size

    def tell(self) -> int:
        return self._sent

    def close(self) -> None:
        if not self.closed:
            super().close()
            os.close(self._end)


def stream(write: Callable[[BinaryIO], object]) -> Iterator[bytes]:
    """What ``write`` writes, block by block, written no faster than it is taken. Where it fails, this fails too, so
    that a file that is not whole is never taken for one; when nobody takes more, it stops."""
    reading, writing = os.pipe()
    failed: list[BaseException] = []

    def run() -> None:
        with _Pipe(writing) as out:
            try:
                write(cast(BinaryIO, out))
            except BrokenPipeError:  # nobody takes it any more
                pass
            except Exception as error:
                failed.append(error)

    worker = threading.Thread(target=run, daemon=True)
    worker.start()
    try:
        while block := os.read(reading, _BLOCK):
            yield block
    finally:
        os.close(reading)
        worker.join()
    if failed:
        raise failed[0] if isinstance(failed[0], PipelineError) else RuntimeError("The file could not be finished.")
