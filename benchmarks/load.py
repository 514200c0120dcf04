"""A small load: connections that ask one thing after another, and the rate at which they were served."""

import socket
import threading
import time


class Answers:
    """What a load was answered: how many a second, and how many with each status."""

    def __init__(self):
        self.statuses, self.seconds = {}, 0.0

    @property
    def rate(self):
        """Requests answered with success or a redirect, a second."""
        return sum(n for status, n in self.statuses.items() if status < 400) / self.seconds


def load(port, requests_of, connections=8, seconds=5.0):
    """Ask 127.0.0.1:`port` on `connections` lines at once for `seconds`; returns Answers.

    requests_of: a function of the line's number that yields requests as bytes; a line ends when it has none left.
    """
    answers, lock = Answers(), threading.Lock()
    start, begun = threading.Barrier(connections + 1), [0.0]

    def line(number):
        counted, stream = {}, None
        start.wait()
        ends = begun[0] + seconds
        for request in requests_of(number):
            if time.monotonic() > ends:
                break
            stream = stream or _connected(port)
            status, stream = _ask(stream, request)
            counted[status] = counted.get(status, 0) + 1
        with lock:
            for status, times in counted.items():
                answers.statuses[status] = answers.statuses.get(status, 0) + times

    threads = [threading.Thread(target=line, args=(number,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    begun[0] = time.monotonic()
    start.wait()
    for thread in threads:
        thread.join()
    answers.seconds = time.monotonic() - begun[0]
    return answers


def _connected(port):
    line = socket.create_connection(("127.0.0.1", port), timeout=30)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line, line.makefile("rb")


def _ask(stream, request):
    line, reader = stream
    line.sendall(request)
    status = int(reader.readline().split()[1])
    length, closes = 0, False
    while (header := reader.readline().strip()) != b"":
        name, _colon, value = header.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
        closes = closes or (name.lower() == b"connection" and value.strip().lower() == b"close")
    reader.read(length)
    if closes:
        line.close()
        return status, None
    return status, stream
