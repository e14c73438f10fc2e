"""What jobs ask a cluster for: memory, time, and company in one submission."""

# Megabytes of Snakemake itself, which runs twice beside each job on a cluster: as the job that was
# submitted, and as its step.
SNAKEMAKE = 400

costs = read_costs(ROOT / "workflow" / "costs.yaml")


def on_cluster():
    """Whether jobs are submitted, or would be but for a dry run."""
    batched = bool(workflow.group_settings.group_components)
    return batched or not workflow.local_exec


def mebibytes(attempt, base, floats=0):
    """Memory of a job: Python with its packages, some float32, and some to spare."""
    beside = SNAKEMAKE if on_cluster() else 0
    return attempt * int(beside + 1.4 * (base + 4 * floats / 2**20))


def job(wildcards, stage="images", grams=0):
    """What a job works on: with its own split, or the one that tables show."""
    return job_of(
        study,
        wildcards.dataset,
        getattr(wildcards, "split", study.honest),
        int(getattr(wildcards, "size", study.datasets[wildcards.dataset]["side"])),
        grams=grams,
        stage=stage,
        model=getattr(wildcards, "model", ""),
    )


def job_of_rule(rule, wildcards):
    """As `job`, of a rule that `costs` may know."""
    stage = rule.split("_")[0]
    if stage in ("train", "reuse", "evaluate"):
        return job(wildcards, stage, grams=len(grams_for(wildcards)[:1]))
    return job(wildcards, grams=int(rule == "augment"))


def images(wildcards, *subsets):
    """Images that files of some subsets hold."""
    own = job(wildcards)
    return sum(
        own.fresh if name == "fresh" else own.held * getattr(own, name)
        for name in subsets
    )


def mem_table(wildcards, attempt):
    return mebibytes(attempt, 110)


def mem_pareto(wildcards, attempt):
    """A float64 for each training image and perceptron of the largest model, four times."""
    classes = study.datasets[wildcards.dataset]["classes"]
    return mebibytes(attempt, 200, 8 * classes**2 * images(wildcards, "train"))


def mem_answer(wildcards, attempt):
    """A float64 for each fresh image, replicate and size, and four more of one size."""
    labels = study.replicates * images(wildcards, "fresh")
    return mebibytes(attempt, 110, 2 * (len(study.sizes) + 4) * labels)


def mem_of_data(wildcards, attempt):
    """A dataset's arrays, as far as splits tell, and some of its images."""
    pool = sum(study.images(wildcards.dataset, study.honest).values())
    return mebibytes(
        attempt, 190, study.datasets[wildcards.dataset]["side"] ** 2 * pool
    )


def mem_data(wildcards, input, attempt):
    """Files, some of which are packed or text."""
    return mebibytes(attempt, 150 + 12 * input.size_mb)


def mem_figure(wildcards, attempt):
    return mebibytes(attempt, 180)


def mem_verdict(wildcards, attempt):
    """A table, and whether each cell labels each fresh image rightly, some at a time."""
    cells = sum(1 for cell in study.cells(wildcards.dataset))
    scores = 2 * cells * study.replicates * images(wildcards, "fresh")
    return mebibytes(attempt, 110, scores)


def mem_page(wildcards, attempt):
    """A dataset's images, those of the page some times, and the charts' library."""
    pool = sum(study.images(wildcards.dataset, study.honest).values())
    side = study.datasets[wildcards.dataset]["side"]
    pixels = side**2 * (pool + images(wildcards, "train", "fresh"))
    return mebibytes(attempt, 450, 2 * pixels)


def mem_leakage(wildcards, attempt):
    """Images of one split and size, and copies of some."""
    floats = max(study.sizes) ** 2 * images(wildcards, *SUBSETS, "fresh")
    return mebibytes(attempt, 110, 2 * floats)


def short(wildcards, attempt):
    """A minute, the least that clusters count."""
    return attempt


def memory(rule, wildcards, attempt):
    """Memory by the rule's measured cost."""
    return mebibytes(
        attempt, costs.megabytes(rule, terms(job_of_rule(rule, wildcards)))
    )


def seconds(rule, wildcards):
    return costs.seconds(rule, terms(job_of_rule(rule, wildcards)))


def runtime(rule, wildcards, attempt):
    """Minutes by the rule's measured cost."""
    return attempt * minutes(seconds(rule, wildcards))


def cell_seconds(wildcards):
    """Estimated time of a model at one size, on all its splits; None if it was not measured."""
    model = study.models[wildcards.model]
    estimates = []
    for split in model.splits:
        own = Cell(wildcards.dataset, split, wildcards.size, model.name)
        for stage in ("reuse" if split in reusing_splits else "train", "evaluate"):
            estimates.append(seconds(f"{stage}_{model.family}", own))
    return None if None in estimates else sum(estimates)


def batch_of_cell(wildcards):
    """The batch of a cell's jobs: one for a cell on all its splits, since one may train for all."""
    return batch(cell_seconds(wildcards))


def batch_of_images(wildcards):
    return f"images_{wildcards.dataset}"
