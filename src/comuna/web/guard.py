"""What stands before the pages: no visitor holds the server, however slow, many or large.

waitress reads requests without a thread of ours and closes connections on which nothing moves. A
byte now and then keeps one open for ever, though, a hundred of them are all it takes, and the body
of a request goes to the disk before anyone asks whose it is. So here

- a request comes whole within its time, and an answer is taken within its time: by the second, and
  by the byte at the pace of a poor line;
- where all places are taken, the connection that waited longest for its visitor makes room, first
  of whoever holds most;
- more than a form without documents is taken only from who is signed in.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from copy import copy
from functools import partial
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import MultiSocketServer, TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher
from waitress.utilities import Error, RequestEntityTooLarge

PLACES = 400  # connections at once; each may need three of the 1,024 files of a process
HEADER_SECONDS = 15  # for the first lines of a request
SPARE_SECONDS = 30  # for a body or an answer, and then by its size
PACE = 2_000  # bytes a second: a poor telephone line
LARGEST_ASKED = 2**18  # bytes of a request by anyone: a form without documents
LARGEST_GIVEN = 32 * 2**20  # bytes of a request by who is signed in: three documents

Allowed = Callable[[str], bool]
"""Whether a request with these cookies may bring documents."""


def too_large(largest: int) -> RequestEntityTooLarge:
    size = f"{largest // 1024} KiB"
    return RequestEntityTooLarge(
        f"ES  Demasiado grande: aquí caben {size}. Con documentos, entre primero con su PIN.\r\n"
        f"EN  Too large: {size} fit in here. To send documents, sign in first."
    )


class Request(HTTPRequestParser):
    """A request on its way in. How large it may be is settled once its first lines are here."""

    adj: Adjustments
    error: Error | None

    def __init__(self, allowed: Allowed, adj: Adjustments) -> None:
        super().__init__(adj)
        self.allowed = allowed

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        known_size = not self.chunked and self.content_length
        large = known_size >= LARGEST_ASKED and self.allowed(self.headers.get("COOKIE", ""))
        self.adj = copy(self.adj)
        self.adj.max_request_body_size = LARGEST_GIVEN if large else LARGEST_ASKED

    def received(self, data: bytes) -> int:
        taken: int = super().received(data)
        if isinstance(self.error, RequestEntityTooLarge):
            self.error = too_large(self.adj.max_request_body_size)
        return taken


class Channel(HTTPChannel):
    """A connection, with the moments from which its visitor is waited for."""

    asked_at = 0.0  # since when a request is coming in
    answered_at = 0.0  # since when an answer is going out
    answer_size = 0  # bytes of it

    def __init__(self, server: Server, *connection: Any, **options: Any) -> None:
        super().__init__(server, *connection, **options)
        self.parser_class = partial(Request, server.allowed)

    def received(self, data: bytes) -> bool:
        if self.request is None:
            self.asked_at = time.monotonic()
        going_on: bool = super().received(data)
        return going_on

    def write_soon(self, data: Any) -> int:
        if not self.total_outbufs_len:
            self.answered_at, self.answer_size = time.monotonic(), 0
        written: int = super().write_soon(data)
        self.answer_size += written
        return written

    def waited_for(self) -> bool:
        """Whether nothing is being done here but waiting for the visitor."""
        return not self.requests and not self.total_outbufs_len

    def late(self, now: float) -> bool:
        """Whether the visitor has had the time that any visitor needs."""
        if self.total_outbufs_len:
            return now - self.answered_at > SPARE_SECONDS + self.answer_size / PACE
        coming = self.request
        if self.requests or coming is None:
            return False  # we work, or nothing was asked: waitress counts that time itself
        if not coming.headers_finished:
            return now - self.asked_at > HEADER_SECONDS
        given: int = coming.body_bytes_received
        return now - self.asked_at > SPARE_SECONDS + given / PACE


class Server(TcpWSGIServer):
    """The listening socket. Sees to it that there is always a place."""

    channel_class = Channel
    allowed: Allowed

    def maintenance(self, now: float) -> None:
        super().maintenance(now)
        at = time.monotonic()
        for channel in list(self.active_channels.values()):
            if channel.late(at):
                channel.handle_close()  # at once: who takes nothing is never ready to be told

    def handle_accept(self) -> None:
        if len(self.active_channels) >= PLACES:
            make_room(list(self.active_channels.values()))
        super().handle_accept()


def make_room(channels: list[Channel]) -> None:
    """Close the connection that waited longest for its visitor, of those of the address that holds
    most; none, where all are being answered."""
    held = Counter(channel.addr[0] for channel in channels)
    waiting = [channel for channel in channels if channel.waited_for()]
    if waiting:
        first = min(waiting, key=lambda channel: (-held[channel.addr[0]], channel.last_activity))
        first.handle_close()


def create_server(
    application: Callable[..., Any], allowed: Allowed, **options: Any
) -> Server | MultiSocketServer:
    """A server that waits for `run`; `allowed` says which cookies may bring documents. `options`
    are waitress's. Raises OSError when the port is taken."""
    adjustments = Adjustments(**options)
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(adjustments.threads)
    sockets: dict[int, Any] = {}
    servers = [
        Server(application, sockets, dispatcher=dispatcher, adj=adjustments, sockinfo=place)
        for place in adjustments.listen
    ]
    for server in servers:
        server.allowed = allowed
    if len(servers) == 1:
        return servers[0]
    places = [(server.effective_host, server.effective_port) for server in servers]
    return MultiSocketServer(sockets, adjustments, places, dispatcher, servers[0].log_info)
