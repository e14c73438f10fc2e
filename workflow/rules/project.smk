"""Where the project's files are: beside this one, or fetched from the repository that it is in."""

import gc
import os
import shlex
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.persistence.file import FilePersistence
from snakemake.sourcecache import HostingProviderFile, LocalSourceFile


def project(here):
    """The project's folder; `here` is the folder of this file, as Snakemake knows it."""
    if isinstance(here, LocalSourceFile):
        return Path(here).parents[1]
    if not isinstance(here, HostingProviderFile):
        raise WorkflowError(
            f"{here}: found fewpixels at an address that cannot be searched for its library, expected "
            "github(…), gitlab(…) or a folder; clone the repository and name its workflow/Snakefile"
        )
    # Snakemake fetches what rules name. Scripts import the library, which no rule names.
    folders = ("config", "fewpixels", "scripts", "workflow/report", "workflow/schemas")
    needed = (*folders, "config.yaml", "workflow/claims.yaml", "workflow/jobs.yaml")
    listed = here.hosted_repo.repo.git.ls_tree(
        "-r", "--name-only", here.ref, "--", *needed
    )
    for name in listed.splitlines():
        workflow.sourcecache.get_path(here.join(f"../../{name}"))
    return Path(workflow.sourcecache.get_path(here.join("../../config.yaml"))).parent


# Not workflow.basedir: in a module, that is the folder of the Snakefile that uses it.
ROOT = project(workflow.current_basedir)

# The Snakefile and its scripts run the library that lies in the project, and no installed copy.
sys.path.insert(0, str(ROOT))
path = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
# Jobs stop when this process is gone.
os.environ.update(
    PYTHONPATH=os.pathsep.join(path), FEWPIXELS_SNAKEMAKE=str(os.getpid())
)

from fewpixels.jobs.processor import openblas_settings

# Jobs that are submitted ask on their own node.
if workflow.local_exec or workflow.remote_exec:
    os.environ.update(openblas_settings())

# Snakemake puts Python's path into commands of a shell, and does not quote it (its issue 2645).
if os.path.exists(sys.executable):
    sys.executable = shlex.quote(sys.executable)

# Python looks through all objects for garbage, again and again. Modules and plans are made of objects
# that stay, so that a fifth of the time goes to finding nothing.
gc.freeze()
gc.set_threshold(100_000)

# Snakemake imports pandas, for a quarter of a second, lest a parameter be a table. Here all are texts.
if workflow.modifier.is_main_snakefile():
    FilePersistence._serialize_param = FilePersistence._serialize_param_builtin
