"""Set up .venv, or mend it, as make does first: python3 install.py run (or test, browser, cluster).

TORCH=none leaves PyTorch out, TORCH=cuda takes the package index's own build of it, gigabytes of
CUDA included. Where PYTHON names the Python that reads this file, as in make PYTHON=python3.13,
.venv is made anew if it runs on another. Any Python can read this file, however old, to tell its
user which one to take.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys

OLDEST, NEWEST = (3, 11), (3, 14)
HERE = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(HERE, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
CACHE = os.path.join(HERE, ".cache")
TEMPORARY = os.path.join(CACHE, "tmp")
LOG = os.path.join(CACHE, "install.log")
UNFINISHED = os.path.join(CACHE, "unfinished")  # stands while .venv is being changed
TORCH = os.environ.get("TORCH", "cpu")
WITH_TORCH = ("filelock", "mpmath", "networkx", "sympy", "torch")  # and what it alone needs
CPU_BUILDS = "https://download.pytorch.org/whl/cpu"

# What pip or venv print, the reason, and what helps; the first that is found counts.
REASONS = (
    (
        ("No space left on device", "Errno 28", "Disk quota exceeded", "Errno 122"),
        "found no room left on the disk of {here}",
        "make room there",
    ),
    (
        ("CERTIFICATE_VERIFY_FAILED",),
        "found a package index whose certificate is not trusted",
        "name the file of your network's certificates in PIP_CERT",
    ),
    (
        ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "ReadTimeoutError",
         "ProxyError", "ProtocolError", "Network is unreachable", "Connection broken"),
        "found no way to the package index",
        "check the network (and HTTPS_PROXY, if yours has a proxy)",
    ),
    (
        ("(from versions: none)",),
        "found a package index that has none of a package, or no way to it",
        "check the network, and pip's settings of the index",
    ),
    (
        ("PATH separator",),
        "found a colon in the name of {here}, where no environment can be",
        "move the folder",
    ),
    (
        ("ensurepip", "No module named venv"),
        "found a Python without its module venv",
        "install it (Debian and Ubuntu: apt install python3-venv)",
    ),
    (
        ("subprocess-exited-with-error", "Failed building wheel", "Failed to build"),
        "found a package that pip could not compile",
        "install a C compiler and Python's headers (Debian and Ubuntu: apt install gcc "
        "python3-dev) or take an older Python, as in make PYTHON=python3.13",
    ),
    (
        ("Permission denied", "Errno 13", "Read-only file system", "Errno 30"),
        "found a folder that cannot be written",
        "allow writing in {here}",
    ),
)  # fmt: skip


class SetupError(Exception):
    """The environment could not be set up; the message says why, and what to do."""


def explained(output):
    """Tell from what pip or venv printed why it failed, and what to do."""
    for signs, found, way in REASONS:
        if any(sign in output for sign in signs):
            said = ".venv: {0}; {1}, then run it again".format(found, way)
            return SetupError(said.format(here=HERE))
    lines = [line for line in output.splitlines() if line.strip()]
    if len(lines) < 2:
        return SetupError(".venv: found {0}; mend this, then run it again".format(output.strip()))
    with open(LOG, "wb") as log:
        log.write(output.encode("utf-8", "replace"))
    return SetupError(".venv: pip failed, for a reason that stands in {0}".format(LOG))


def check_python(found):
    """Refuse a Python that the project does not run on."""
    if not OLDEST <= found <= NEWEST:
        raise SetupError(
            "found Python {0}.{1} ({2}), expected 3.11, 3.12 or 3.13; name one, as in "
            "make PYTHON=python3.13".format(found[0], found[1], sys.executable)
        )
    if found == NEWEST:
        sys.stderr.write(
            "With Python 3.14 pip compiles the package immutables, which takes a C compiler and "
            "Python's headers (Debian and Ubuntu: apt install gcc python3-dev).\n"
        )


def run(command):
    """Run a command whose files all stay in the project's folder; give its status and output."""
    places = {"PIP_CACHE_DIR": os.path.join(CACHE, "pip"), "TMPDIR": TEMPORARY}
    done = subprocess.Popen(
        command,
        env=dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1", **places),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    output = done.communicate()[0].decode("utf-8", "replace")
    return done.returncode, output


def requirements(name):
    """List the packages of a name, those of the files that it includes among them."""
    file = "requirements.txt" if name == "run" else "requirements-{0}.txt".format(name)
    packages = []
    with open(os.path.join(HERE, file), "rb") as content:
        lines = content.read().decode().splitlines()
    for line in lines:
        if line.startswith("--requirement"):
            included = line.split()[1][len("requirements") : -len(".txt")]
            packages += requirements(included[1:] or "run")
        elif not line.startswith("#") and not (
            TORCH == "none" and line.split("==")[0] in WITH_TORCH
        ):
            packages.append(line)
    return packages


def state(packages):
    """Describe an environment that holds packages: its Python, its place and a digest of them."""
    digest = hashlib.sha256("\n".join(packages).encode()).hexdigest()
    return "\n".join((os.path.realpath(PYTHON), VENV, digest, ""))


def usable():
    """Tell whether .venv is whole, lies where it was made, and runs on a Python that will do."""
    if os.path.exists(UNFINISHED) or not os.path.exists(PYTHON):
        return False
    try:  # pip X from FOLDER (python 3.Y), if it and its Python are still there
        failed, said = run([os.path.join(VENV, "bin", "pip"), "--version"])
    except OSError:
        return False
    versions = range(OLDEST[1], NEWEST[1] + 1)
    known = any(said.strip().endswith("(python 3.{0})".format(minor)) for minor in versions)
    return not failed and known and " from {0}{1}".format(VENV, os.sep) in said


def as_asked():
    """Tell whether .venv runs on the Python that PYTHON names, which is this one."""
    this = getattr(sys, "_base_executable", sys.executable)
    return "PYTHON" not in os.environ or os.path.realpath(PYTHON) == os.path.realpath(this)


def pip_install(packages):
    """Install packages; where pip fails before it changes anything, .venv stays as it is."""
    pip = [PYTHON, "-m", "pip", "install"]
    torch = [package for package in packages if package.startswith("torch==")]
    if torch and TORCH != "cuda":  # where this fails, the next command takes the index's own build
        quick = ["--no-deps", "--retries=0", "--timeout=10", "--index-url", CPU_BUILDS]
        run(pip + torch + quick)
    failed, output = run(pip + packages)
    if failed:
        if "Installing collected packages" not in output:
            os.remove(UNFINISHED)
        raise explained(output)


def install(name):
    """Bring .venv up to date for a name."""
    packages, stamp = requirements(name), os.path.join(VENV, "{0}.stamp".format(name))
    if os.path.exists(stamp) and not os.path.exists(UNFINISHED) and as_asked():
        with open(stamp, "rb") as content:
            if os.path.exists(PYTHON) and content.read().decode() == state(packages):
                return
    kept = as_asked() and usable()
    if not kept:
        check_python(sys.version_info[:2])
    sys.stderr.write("Setting up .venv, which takes a minute or a few.\n")
    with open(UNFINISHED, "w"):
        pass
    if not kept:
        failed, output = run([sys.executable, "-m", "venv", "--clear", VENV])
        if failed:
            raise explained(output)
    pip_install(packages)
    with open(stamp, "wb") as content:
        content.write(state(packages).encode())
    os.remove(UNFINISHED)
    shutil.rmtree(os.path.join(CACHE, "pip"), ignore_errors=True)


def main(name):
    """Install, alone in this folder."""
    for path in (VENV, CACHE):
        if os.path.lexists(path) and (os.path.islink(path) or not os.path.isdir(path)):
            raise SetupError(
                "{0}: found a link or a file, expected a folder or nothing; remove it".format(path)
            )
    if not os.path.isdir(TEMPORARY):
        os.makedirs(TEMPORARY)
    with open(os.path.join(CACHE, "install.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        install(name)


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "run")
    except SetupError as error:
        sys.exit("{0}".format(error))
    except KeyboardInterrupt:
        sys.exit(".venv: interrupted; run it again")
    except (IOError, OSError) as error:
        sys.exit("{0}".format(explained("{0}".format(error))))
