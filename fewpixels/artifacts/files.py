"""Whole files: each is written at once, beside a checksum of its content that readers compare.

The checksum of ``metrics.csv`` stands in ``.metrics.csv.sha256``, in the format of sha256sum, with
the path that the file was written to, so that one file is not taken for another.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from fewpixels import FewpixelsError


class ArtifactError(FewpixelsError):
    """An artifact is missing, damaged or not what was expected, or cannot be written."""


def checksum_file(path: str | Path) -> Path:
    """Where the checksum of an artifact stands."""
    path = Path(path)
    return path.with_name(f".{path.name}.sha256")


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; if all goes well, rename it to `path`.

    The target's checksum is written just before, so a target is always whole.

    Parameters
    ----------
    path : path
        The target. Its folder is made if it is missing.

    Yields
    ------
    Path
        Where to write; it has the target's suffix.

    Raises
    ------
    ArtifactError
        If the target cannot be written: the disk is full, say, or the folder read-only.
    """
    target = Path(path)
    partial = f".{target.stem}.{uuid4().hex}.partial"
    temporary = target.with_name(partial + target.suffix)
    checksum = target.with_name(f"{partial}.sha256")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        checksum.write_text(f"{sha256_of(temporary)}  {target}\n")
        with _alone_in(target.parent):
            os.replace(checksum, checksum_file(target))
            os.replace(temporary, target)
    except OSError as error:
        raise ArtifactError(
            f"{target}: cannot be written ({error.strerror or error}); make room, or allow writing "
            "there, and run again"
        ) from error
    finally:
        for file in (temporary, checksum):
            with suppress(OSError):
                file.unlink()


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keep a duplicate of the job, on another node perhaps, from renaming in between."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network file systems lock no folders
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def hold_alone(path: Path) -> None:
    """Hold a lock until this process ends, however it ends.

    Parameters
    ----------
    path : Path
        A file to lock; it is made if it is missing.

    Raises
    ------
    ArtifactError
        If another process holds it.
    """
    lock = os.open(path, os.O_CREAT | os.O_WRONLY)  # the end of the process closes it
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        raise ArtifactError(
            f"{path}: found another snakemake at work in this folder, expected none; wait for it"
        ) from error


def remove_partial(folder: str | Path) -> None:
    """Remove the temporary files that killed jobs left behind in a folder and below it."""
    for file in Path(folder).rglob(".*.partial*"):
        if file.is_file():
            file.unlink(missing_ok=True)


@contextmanager
def checked(path: str | Path) -> Iterator[BinaryIO]:
    """Open an artifact whose content is what was written.

    Parameters
    ----------
    path : path

    Yields
    ------
    file
        Binary, at its beginning.

    Raises
    ------
    ArtifactError
        If the artifact is missing, has no checksum or differs from it.
    """
    with ExitStack() as stack:
        try:
            file = stack.enter_context(open(path, "rb"))
        except OSError as error:
            raise ArtifactError(
                f"{path}: expected an artifact, found none that can be read ({error.strerror}); "
                "run again to make it"
            ) from error
        problem = _compare(path, file_digest(file, "sha256").hexdigest())
        if problem:
            raise ArtifactError(f"{path}: {problem}; delete the file and run again")
        file.seek(0)
        yield file


def altered(path: str | Path) -> str:
    """Say how an artifact differs from what was written; nothing where it does not."""
    try:
        return _compare(path, sha256_of(path))
    except OSError as error:
        return f"cannot be read ({error.strerror})"


def read_text(path: str | Path) -> str:
    """Read text in UTF-8."""
    with checked(path) as file:
        return file.read().decode("utf-8")


def write_text(path: str | Path, text: str) -> None:
    """Write text in UTF-8."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def sha256_of(path: str | Path) -> str:
    """The checksum of a file, 64 hexadecimal digits."""
    with open(path, "rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _compare(path: str | Path, found: str) -> str:
    """Compare a digest with the one on record."""
    record = checksum_file(path)
    try:
        text = record.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return f"expected its checksum in {record.name}, found none"
    expected, _, name = text.rstrip("\n").partition("  ")
    if found != expected:
        return f"its content has the sha256 {found[:12]}…, expected {expected[:12]}…"
    if name != str(Path(path)):
        return f"it was written as {name}, expected no other file in its place"
    return ""


@dataclass(frozen=True)
class Findings:
    """How folders differ from what should be in them.

    Attributes
    ----------
    missing : list of str
    altered : dict of str to str
        What is wrong, by file.
    left_over : list of str
        Files that nothing names; of a folder full of them, the folder.
    """

    missing: list[str]
    altered: dict[str, str]
    left_over: list[str]


def inspect(expected: Iterable[str], found: Iterable[str]) -> Findings:
    """Compare artifacts with those expected, and with their checksums.

    Parameters
    ----------
    expected, found : iterable of str
        Paths, written alike.

    Returns
    -------
    Findings
    """
    expected, found = set(expected), set(found)
    known = expected | {str(checksum_file(path)) for path in expected}
    used = {str(folder) for path in expected for folder in Path(path).parents}
    left_over = set()
    for path in found - known:
        strange = [f for f in map(str, Path(path).parents) if f not in used]
        left_over.add(f"{strange[-1]}/" if strange else path)
    problems = {path: altered(path) for path in sorted(expected & found)}
    return Findings(
        sorted(expected - found),
        {path: problem for path, problem in problems.items() if problem},
        sorted(left_over),
    )
