"""Downloads from a server on this machine: whole and right, or one line and no file."""

import ssl
from collections import Counter
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pooch.core
import pytest
import trustme

from fewpixels.datasets import DatasetError
from fewpixels.datasets._download import local

CONTENT = bytes(range(256)) * 1000
SHA256 = sha256(CONTENT).hexdigest()


class Handler(BaseHTTPRequestHandler):
    """Serves the content, or something else, by the path."""

    def do_GET(self):
        self.server.asked[self.path] += 1
        kind = self.path.strip("/")
        if kind in ("insecure", "elsewhere", "around"):
            targets = {
                "insecure": f"http://localhost:{self.server.server_port}/whole",
                "elsewhere": "whole",
                "around": "around",
            }
            self.send_response(302)
            self.send_header("Location", targets[kind])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if kind in ("404", "500") or (kind == "503-once" and self.server.asked[self.path] == 1):
            self.send_error(int(kind[:3]))
            return
        content = b"wrong" if kind == "wrong" else CONTENT
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if kind == "cut" or (kind == "cut-once" and self.server.asked[self.path] == 1):
            content = content[: len(content) // 2]
        self.wfile.write(content)
        self.close_connection = True

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def server(authority, tmp_path, monkeypatch):
    """A server whose certificate is trusted, and that counts what it is asked for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
    monkeypatch.setenv("NO_PROXY", "localhost")
    monkeypatch.setattr(pooch.core.time, "sleep", lambda seconds: None)
    with ThreadingHTTPServer(("localhost", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.asked = Counter()
        server.address = f"https://localhost:{server.server_port}"
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "downloads"


def test_a_file_is_downloaded_once_and_kept_under_its_checksum(server, folder):
    for _ in range(2):
        path = local(f"{server.address}/whole", SHA256, folder)
        assert path == folder / SHA256
        assert path.read_bytes() == CONTENT
    assert server.asked == {"/whole": 1}
    assert list(folder.iterdir()) == [path]


def test_the_address_is_no_part_of_the_path(server, folder):
    path = local(f"{server.address}/a/../../b?c=/d#e", SHA256, folder)
    assert path == folder / SHA256


@pytest.mark.parametrize("path", ["cut-once", "503-once"])
def test_a_download_that_fails_once_is_tried_again(path, server, folder):
    assert local(f"{server.address}/{path}", SHA256, folder).read_bytes() == CONTENT
    assert server.asked == {f"/{path}": 2}


def test_a_file_that_was_damaged_here_is_downloaded_again(server, folder):
    folder.mkdir()
    (folder / SHA256).write_bytes(CONTENT[:-1])
    assert local(f"{server.address}/whole", SHA256, folder).read_bytes() == CONTENT


def test_a_redirect_to_another_secure_address_is_followed(server, folder):
    assert local(f"{server.address}/elsewhere", SHA256, folder).read_bytes() == CONTENT


# The path, how often it is asked for, and what is said.
FAILURES = {
    "a cut that persists": ("cut", 4, "found ('Connection broken: IncompleteRead(128000 bytes"),
    "a server that fails": ("500", 4, "found 500 Server Error: Internal Server Error for url:"),
    "no such file": ("404", 1, "found 404 Not Found, expected a file; correct the address"),
    "wrong content": (
        "wrong",
        1,
        f"found sha256 {sha256(b'wrong').hexdigest()}, expected {SHA256}; get the right file, or "
        "correct the entry's sha256",
    ),
    "a redirect that is not secure": ("insecure", 1, "found a redirect to 'http://localhost:"),
    "redirects in a circle": ("around", 4 * 31, "found Exceeded 30 redirects., expected a file"),
}


def error_of(address, folder):
    """The one line that a download is refused with, without the address."""
    with pytest.raises(DatasetError) as caught:
        local(address, SHA256, folder)
    said = str(caught.value)
    assert len(said.splitlines()) == 1
    assert said.startswith(f"{address}: ")
    return said.removeprefix(f"{address}: ")


@pytest.mark.parametrize("case", FAILURES)
def test_a_download_that_fails_leaves_one_line_and_no_file(case, server, folder):
    path, times, expected = FAILURES[case]
    assert error_of(f"{server.address}/{path}", folder).startswith(expected)
    assert list(folder.iterdir()) == []
    assert server.asked[f"/{path}"] == times


def test_a_server_that_is_not_trusted_is_refused(server, folder, monkeypatch):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    assert "CERTIFICATE_VERIFY_FAILED" in error_of(f"{server.address}/whole", folder)
    assert list(folder.iterdir()) == []


def test_no_server_is_one_line(server, folder):
    server.shutdown()
    server.server_close()
    said = error_of(f"{server.address}/whole", folder)
    assert said.endswith(
        f", expected a file with sha256 {SHA256}; check the address and the network, or download "
        "it by hand and name its path"
    )


def test_an_address_needs_a_checksum(folder):
    with pytest.raises(DatasetError, match="found no sha256 of the file, expected one; add it"):
        local("https://localhost/file", None, folder)


def test_a_file_that_is_here_is_checked_and_left_where_it_is(tmp_path, folder):
    (tmp_path / "file").write_bytes(CONTENT)
    for checksum in (SHA256, None):
        assert local(str(tmp_path / "file"), checksum, folder) == tmp_path / "file"
    assert not folder.exists()
