"""Which job a cluster killed, and why, from logs as SLURM 22.05 and our jobs write them."""

import os
import re

from hypothesis import given
from hypothesis import strategies as st

from fewpixels.jobs.killed import interrupted, reason

MEMORY = "slurmstepd-node1: error: StepId=3.0 exceeded memory limit (685 > 564), being killed"
CONFINED = (
    "slurmstepd: error: Detected 1 oom_kill event in StepId=3.0. Some of the step's processes"
)
TIME = (
    "slurmstepd: error: *** JOB 4 ON node1 CANCELLED AT 2026-11-23T19:40:10 DUE TO TIME LIMIT ***"
)
NODE = "slurmstepd: error: *** JOB 4 ON node2 CANCELLED AT 2026-11-23T19:40:10 DUE TO NODE FAILURE"
STEP = "slurmstepd: error: *** STEP 3.0 ON node1 CANCELLED AT 2026-11-23T19:40:10 ***"
SRUN = "srun: error: node1: task 0: Killed"
NOISE = st.text().filter(lambda text: "error: " not in text)

BEGUN = "2026-11-23 19:40:21,037 INFO ['train.npz'] -> ['model.npz']\n"
ENDED = BEGUN + "2026-11-23 19:40:24,161 INFO train_mlp used 1.25 s, 640 MB\n"


@given(st.lists(NOISE), st.sampled_from([MEMORY, CONFINED, TIME, NODE]), st.lists(NOISE))
def test_the_reason_is_the_sentence_about_a_limit(before, why, after):
    text = "\n".join([*before, STEP, SRUN, why, *after])
    assert reason(text) == why.split("error: ")[1]


@given(st.lists(NOISE))
def test_without_a_limit_the_reason_is_what_slurm_says_first_if_anything(lines):
    text = "\n".join(lines)
    assert reason(text) is None
    assert reason(f"{text}\n{SRUN}\n{STEP}") == "node1: task 0: Killed"


@given(st.lists(st.sampled_from([None, "", BEGUN, ENDED, ENDED + BEGUN])))
def test_the_interrupted_job_is_the_last_that_began_and_did_not_end(tmp_path_factory, contents):
    folder, expected = tmp_path_factory.mktemp("logs"), None
    logs = [folder / f"{i}.log" for i in range(len(contents))]
    for i, (log, content) in enumerate(zip(logs, contents, strict=True)):
        if content is not None:
            log.write_text(content)
            os.utime(log, (i, i))
        if content and not content.endswith(ENDED):
            expected = log
    assert interrupted(logs) == interrupted(reversed(logs)) == expected


def test_the_end_that_jobs_log_is_the_one_looked_for(root):
    (form,) = re.findall(r'"(%s used .*?)"', (root / "scripts" / "_job.py").read_text())
    assert ENDED.endswith(form % ("train_mlp", 1.25, 640) + "\n")
