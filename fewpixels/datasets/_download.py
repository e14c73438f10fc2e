"""Files of images: those that are here, and those that must be fetched from an address."""

import gzip
import hashlib
import os
import sys
import zlib
from functools import partial
from io import BufferedIOBase
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from fewpixels.datasets import LARGEST, DatasetError

DOWNLOADS = Path("data/downloads")
RETRIES = 3
SECONDS = (10, 60)  # to connect, and between bytes


def find(folder: str, name: str) -> str | None:
    """Find a file in a folder by its name, or by its name with ``.gz`` behind it."""
    found = (str(Path(folder, name + suffix)) for suffix in ("", ".gz"))
    return next((path for path in found if Path(path).is_file()), None)


def opened(path: Path) -> BufferedIOBase:
    """Open a file, unpacked if it begins as gzip does; what its name ends in does not count."""
    with open(path, "rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return gzip.open(path) if packed else open(path, "rb")


def local(file: str, sha256: str | None, folder: Path = DOWNLOADS, unpack: bool = False) -> Path:
    """Find a file, or download it.

    Parameters
    ----------
    file : str
        A path, or an address that begins with ``https://``.
    sha256 : str or None
        The checksum that the file must have; an address needs one.
    folder : Path
        Where downloads are kept, each under its checksum.
    unpack : bool
        Whether a download is packed with gzip; what is kept, and has the checksum, is not.

    Returns
    -------
    Path
        The file, which has that checksum.

    Raises
    ------
    DatasetError
        If there is no such file, or it has another checksum.
    """
    if file.startswith("https://"):
        if sha256 is None:
            raise DatasetError(f"{file}: found no sha256 of the file, expected one; add it")
        return _download(file, sha256, folder, unpack)
    path = Path(file)
    if not path.is_file():
        raise DatasetError(f"{file}: found no such file, expected one; correct the path")
    if sha256 is not None:
        _check(path, sha256, file)
    return path


def _check(path: Path, expected: str, file: str) -> None:
    with open(path, "rb") as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()
    if found != expected:
        raise DatasetError(
            f"{file}: found sha256 {found}, expected {expected}; get the right file, or correct "
            "the entry's sha256"
        )


def _unpack(path: Path, address: str) -> None:
    """Put the content of a packed file in its place."""
    unpacked = path.with_suffix(".unpacked")
    try:
        with opened(path) as source, open(unpacked, "wb") as target:
            while block := source.read(2**20):
                target.write(block)
                if target.tell() > LARGEST:
                    raise DatasetError(
                        f"{address}: found more than {LARGEST} bytes unpacked, expected no more; "
                        "choose a smaller file"
                    )
        os.replace(unpacked, path)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DatasetError(
            f"{address}: found {error}, expected a whole file of gzip; choose another copy"
        ) from error
    finally:
        unpacked.unlink(missing_ok=True)


def _download(address: str, sha256: str, folder: Path, unpack: bool) -> Path:
    from pooch import HTTPDownloader, Pooch

    fetch = HTTPDownloader(
        progressbar=sys.stderr.isatty(),
        chunk_size=2**16,
        timeout=SECONDS,
        headers={"Accept-Encoding": "identity"},  # the bytes that the checksum is of
        hooks={"response": partial(_check_response, address)},
    )

    def download(url: str, output: str, pooch: Pooch) -> None:
        fetch(url, output, pooch)
        if unpack:
            _unpack(Path(output), address)
        _check(Path(output), sha256, address)  # pooch would fetch a wrong file four times

    files = Pooch(folder, "", {sha256: f"sha256:{sha256}"}, {sha256: address}, RETRIES)
    try:
        return Path(files.fetch(sha256, downloader=download))
    except (OSError, ValueError) as error:  # those of requests are OSErrors
        reason = " ".join(str(error).split()) or type(error).__name__
        raise DatasetError(
            f"{address}: found {reason}, expected a file with sha256 {sha256}; check the address "
            "and the network, or download it by hand and name its path"
        ) from error


def _check_response(address: str, response: Any, **_: Any) -> None:
    """Refuse what another attempt would not change: no such file, and a way around encryption."""
    if response.is_redirect:
        target = urljoin(response.url, response.headers["location"])
        if not target.startswith("https://"):
            raise DatasetError(
                f"{address}: found a redirect to {target!r}, expected https://; give another "
                "address"
            )
    elif 400 <= response.status_code < 500 and response.status_code not in (408, 429):
        raise DatasetError(
            f"{address}: found {response.status_code} {response.reason}, expected a file; correct "
            "the address"
        )
