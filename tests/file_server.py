"""A server of files on this machine, with the faults that the network has."""

import http.server
import re
import threading
from contextlib import contextmanager


class FileServer(http.server.ThreadingHTTPServer):
    """Answers with ``files``; ``cuts`` ends that many answers halfway, ``silences`` that many before
    they begin, ``lengths`` and ``ranges`` say whether a file's length is told and its rest can be
    asked for, ``statuses`` answers a path with an error.

    ``asked`` holds the paths in order, with the Range that was asked for.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {}
        self.statuses: dict[str, int] = {}
        self.asked: list[tuple[str, str | None]] = []
        self.cuts = 0
        self.silences = 0
        self.lengths = True
        self.ranges = True

    def address(self, name: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{name}"


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        server, name = self.server, self.path.lstrip("/")
        server.asked.append((name, self.headers.get("Range")))
        if name in server.statuses or name not in server.files:
            return self.send_error(server.statuses.get(name, 404))
        if server.silences:
            server.silences -= 1
            self.close_connection = True
            return None
        content = server.files[name]
        start = 0
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        if wanted and server.ranges:
            start = int(wanted[1])
            if start >= len(content):
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{len(content)}")
                return self.end_headers()
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        else:
            self.send_response(200)
        rest = content[start:]
        if server.lengths:
            self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        if server.cuts:
            server.cuts -= 1
            rest = rest[: len(rest) // 2]
        self.wfile.write(rest)

    def log_message(self, *_):
        pass


@contextmanager
def serving():
    with FileServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
