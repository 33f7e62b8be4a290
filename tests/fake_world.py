"""An internet of our own: names, machines and pages, behind one server on 127.0.0.1.

``World`` stands in for ``pipeline.web.fetch.Network``: it knows names, and connects public addresses to the local
server, which is itself an address that is never asked.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PUBLIC = "93.184.215.14"


@dataclass
class Reply:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})


Page = Reply | Callable[[BaseHTTPRequestHandler], Reply | None]


class World:
    def __init__(self, port: int) -> None:
        self.port = port
        self.names: dict[str, list[str]] = {}
        self.pages: dict[tuple[str, str], Page] = {}
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.resolved: list[str] = []
        self.connected: list[tuple[str, int]] = []

    def add(self, url: str, page: Page) -> None:
        host, _, path = url.partition("://")[2].partition("/")
        self.names.setdefault(host, [PUBLIC])
        self.pages[host, "/" + path] = page

    def paths(self, host: str | None = None) -> list[str]:
        return [path for name, path, _ in self.asked if host in (None, name)]

    # --- pipeline.web.fetch.Network ----------------------------------------------------------------------

    def resolve(self, host: str, port: int) -> list[str]:  # noqa: ARG002
        self.resolved.append(host)
        return list(self.names.get(host, []))

    def connect(self, address: str, port: int, seconds: float) -> socket.socket:
        self.connected.append((address, port))
        return socket.create_connection(("127.0.0.1", self.port), timeout=seconds)

    def secure(self, connection: socket.socket, host: str) -> socket.socket:  # noqa: ARG002
        return connection


@contextmanager
def open_world() -> Iterator[World]:
    world: World

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.close_connection = True
            host = self.headers["Host"]
            world.asked.append((host, self.path, dict(self.headers)))
            page = world.pages.get((host, self.path), Reply(b"not here", 404))
            reply = page(self) if callable(page) else page
            if reply is None:  # the page has answered by itself
                return
            try:
                self.send_response(reply.status)
                for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reply.body)
            except OSError:  # whoever asked has gone
                pass

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    world = World(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield world
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
