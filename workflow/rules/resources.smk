"""What jobs ask a cluster for: memory, time, and company in one submission."""

# Megabytes of Snakemake itself, which runs twice beside each job on a cluster: as the job that was
# submitted, and as its step.
SNAKEMAKE = 400

JOBS = yaml.safe_load((ROOT / "workflow" / "jobs.yaml").read_text(encoding="utf-8"))


def on_cluster():
    """Whether jobs are submitted, or would be but for a dry run."""
    batched = bool(workflow.group_settings.group_components)
    return batched or not workflow.local_exec


@cache
def estimated(rule, cell, files=0):
    """The seconds and megabytes of a job."""
    grams = int(rule == "augment")
    if rule.startswith("train_"):
        grams = len(grams_for(cell))
    return estimate(study, JOBS, rule, cell, grams, files)


def place(wildcards):
    """Where a job is; without a split or a size, as tables show and images have them."""
    size = getattr(wildcards, "size", study.datasets[wildcards.dataset]["side"])
    split = getattr(wildcards, "split", study.honest)
    return Cell(wildcards.dataset, split, int(size), getattr(wildcards, "model", ""))


def takes(rule):
    """The resources of a rule; a job that failed asks for more."""

    def memory(wildcards, input, attempt):
        files = 2**20 * input.size_mb if rule == "data" else 0
        own = 1.4 * estimated(rule, place(wildcards), files)[1]
        return attempt * int(own + (SNAKEMAKE if on_cluster() else 0))

    def runtime(wildcards, attempt):
        return attempt * minutes(estimated(rule, place(wildcards))[0])

    return {"mem_mb": memory, "runtime": runtime}


def batch_of_cell(wildcards):
    """The batch of a cell's jobs: one for a cell on all its splits, since one may train for all."""
    model, seconds = study.models[wildcards.model], []
    for split in model.splits:
        cell = Cell(wildcards.dataset, split, int(wildcards.size), model.name)
        for stage in ("reuse" if split in reusing_splits else "train", "evaluate"):
            seconds.append(estimated(f"{stage}_{model.family}", cell)[0])
    return batch(None if None in seconds else sum(seconds))


def batch_of_images(wildcards):
    return f"images_{wildcards.dataset}"
