"""A line between a phone and the site that is cut at a chosen byte, and counts what passes."""

import socket
import threading
from contextlib import suppress

CHUNK = 4096


class BadLine:
    """Listens on `url` and passes everything on to the site at `port`.

    cut_up, cut_down: after so many bytes more from the phone (to the phone) a connection breaks, once. Only connections
    on which `only` was sent count, so that a cut falls into the request that a test means. `down`: bytes that reached
    the phone so far.
    """

    def __init__(self, port):
        self._site, self._lock = port, threading.Lock()
        self.down, self.cuts, self._up_left, self._down_left, self._only = 0, 0, None, None, b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def cut_up(self, count, only=b""):
        """Cut the line when the phone has sent `count` bytes of a request that holds `only`."""
        self._up_left, self._only = count, only

    def cut_down(self, count, only=b""):
        """Cut the line when `count` bytes of the answer to a request that holds `only` have arrived."""
        self._down_left, self._only = count, only

    def close(self):
        """Take no more connections."""
        self._listener.close()

    def _listen(self):
        while True:
            try:
                phone, _address = self._listener.accept()
            except OSError:
                return
            with suppress(OSError):
                site = socket.create_connection(("127.0.0.1", self._site), timeout=60)
                state = {"meant": False}
                for source, target, is_up in ((phone, site, True), (site, phone, False)):
                    threading.Thread(target=self._carry, args=(source, target, is_up, state), daemon=True).start()

    def _carry(self, source, target, is_up, state):
        with suppress(OSError):
            while data := source.recv(CHUNK):
                if is_up and not state["meant"] and (self._only or b"") in data:
                    state["meant"] = True
                allowed = self._allowed(len(data), is_up, state["meant"])
                target.sendall(data[:allowed])
                if not is_up:
                    self.down += allowed
                if allowed < len(data):
                    break
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _allowed(self, length, is_up, is_meant):
        with self._lock:
            name = "_up_left" if is_up else "_down_left"
            left = getattr(self, name)
            if left is None or not is_meant:
                return length
            if length <= left:
                setattr(self, name, left - length)
                return length
            setattr(self, name, None)  # once
            self.cuts += 1
            return left
