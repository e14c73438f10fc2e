"""A minimal Debian 13 in a folder: nothing of this machine is there but what pip needs."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

RELEASE = "trixie"  # Debian 13
PACKAGES = "ca-certificates,make,python3,python3-venv"
USER = 1000
# Where pip's settings lie, and the variables of its settings and certificates. OpenBLAS takes
# its kernels, and with them the last digits, from its own.
SETTINGS = "/etc/pip.conf", "/etc/xdg/pip", "/etc/resolv.conf", "/etc/hosts"
CERTIFICATES = {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"}
PREFIXES = "PIP_", "OPENBLAS_"
PROXIES = {"http_proxy", "https_proxy", "no_proxy"}


class CannotRun(Exception):
    """This machine cannot make another; the message says what it lacks."""


def check() -> None:
    """See that this machine can make another.

    Raises
    ------
    CannotRun
        If it lacks something.
    """
    if os.geteuid():
        raise CannotRun("found an ordinary user, expected root: a machine in a folder is root's")
    for tool in ("debootstrap", "unshare", "git"):
        if not shutil.which(tool):
            package = {"unshare": "util-linux"}.get(tool, tool)
            raise CannotRun(f"found no {tool}: apt-get install {package}")
    command = ["unshare", "--mount", "--pid", "--fork", "true"]
    tried = subprocess.run(command, capture_output=True, text=True, check=False)
    if tried.returncode:
        raise CannotRun(f"found {tried.stderr.strip()!r}, expected a machine that may mount")


def variables() -> dict[str, str]:
    """Give the variables that pip and OpenBLAS read here."""
    return {
        name: value
        for name, value in os.environ.items()
        if name.startswith(PREFIXES) or name in CERTIFICATES or name.lower() in PROXIES
    }


class Machine:
    """The machine, and an ordinary user's shell on it.

    Parameters
    ----------
    root : Path
        An empty folder, which becomes the machine's ``/``.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        options = "--variant=minbase", f"--include={PACKAGES}"
        self._outside(["debootstrap", *options, RELEASE, root, _mirror()])
        for place in (*SETTINGS, *variables().values()):
            self._take(place)
        for place in ("tmp", "var/tmp", "home"):  # the user can write in the project alone
            (root / place).chmod(0o555)
        (root / "home" / "reader").mkdir(mode=0o555)
        with (root / "etc" / "passwd").open("a") as users:
            users.write(f"reader:x:{USER}:{USER}::/home/reader:/bin/sh\n")

    def run(
        self, command: str, folder: Path, *isolation: str, setup: str = "true", **more: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command of the user's shell in a folder, with mounts that end with it.

        Parameters
        ----------
        command : str
            Of the shell.
        folder : Path
            As seen from this machine.
        isolation : str
            More options of unshare: ``--net`` takes the network away.
        setup : str
            What root does before, such as mounting.
        more : str
            Further variables.

        Returns
        -------
        subprocess.CompletedProcess
            With all that was printed as its ``stdout``.
        """
        quoted = {name: shlex.quote(str(self.root / name)) for name in ("proc", "dev/shm")}
        mounts = (
            f"mount -t proc proc {quoted['proc']} && "
            f"mount -t tmpfs -o mode=1777 tmpfs {quoted['dev/shm']} && {setup}"
        )
        given = {"HOME": "/home/reader", "PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C"}
        # PyTorch is left out: without it all must work but convolutional networks.
        given |= {"TORCH": "none"} | variables() | more
        inside = shlex.quote(f"/{folder.relative_to(self.root)}")
        return subprocess.run(
            [
                *("unshare", "--mount", "--pid", "--fork", "--kill-child", *isolation),
                *("/bin/sh", "-c", f'{mounts} && exec "$@"', "sh"),
                *("chroot", f"--userspec={USER}:{USER}", self.root),
                *("/usr/bin/env", "-i", *(f"{k}={v}" for k, v in given.items())),
                *("/bin/sh", "-c", f"umask 077; cd {inside} && {command}"),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=1800,
            check=False,
        )

    def owned(self) -> set[Path]:
        """List the files of the user's."""
        command = ["find", self.root, "-xdev", "-user", str(USER), "-print0"]
        found = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
        return {Path(os.fsdecode(name)) for name in found.split(b"\0") if name}

    def clone(self, project: Path, folder: Path) -> None:
        """Clone a project into a folder of the machine, for the user."""
        umask = os.umask(0o077)
        self._outside(["git", "clone", "--quiet", f"file://{project}", folder])
        os.umask(umask)
        self._outside(["chown", "--recursive", f"{USER}:{USER}", folder])
        for parent in folder.relative_to(self.root).parents:
            (self.root / parent).chmod(0o755)

    def _take(self, place: str) -> None:
        source = Path(place)
        if source.is_absolute() and source.exists():
            target = self.root / source.relative_to("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, dirs_exist_ok=True)
            else:
                target.unlink(missing_ok=True)
                shutil.copy(source, target)

    @staticmethod
    def _outside(command: Sequence[str | Path]) -> None:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        if done.returncode:
            last = "\n".join(done.stdout.splitlines()[-5:])
            raise CannotRun(f"{command[0]} ended with {done.returncode}: {last}")


def _mirror() -> str:
    """Tell where apt takes Debian's packages from; Debian's own address if it takes others'."""
    command = ["apt-get", "indextargets", "--format", "$(ORIGIN) $(REPO_URI)"]
    printed = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False).stdout
    addresses = [line.split()[1] for line in printed.splitlines() if line.startswith("Debian ")]
    found = [address for address in addresses if "security" not in address]
    return found[0] if found else "http://deb.debian.org/debian"
