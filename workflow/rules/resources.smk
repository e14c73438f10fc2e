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


def workload(wildcards):
    """What the time of a job grows with: of its own split, or of the one that tables show."""
    split = getattr(wildcards, "split", study.honest)
    train = study.images(wildcards.dataset, split)["train"]
    return Workload(study.held(split), train)


def images(wildcards, *subsets):
    """Images that files of some subsets hold; the fresh ones as far as options tell."""
    source = sources(wildcards.dataset)[-1]
    split = getattr(wildcards, "split", study.honest)
    counts = study.images(wildcards.dataset, split)
    counts = {name: study.held(split) * n for name, n in counts.items()}
    classes = study.datasets[wildcards.dataset]["classes"]
    counts["fresh"] = classes * source["options"].get("fresh_per_class", 0)
    return sum(counts[name] for name in subsets)


def pixels(wildcards, *subsets):
    """Floats of images in some subsets."""
    return int(wildcards.size) ** 2 * images(wildcards, *subsets)


def pairs(wildcards, *subsets):
    """Entries of Gram matrices: images in some subsets by training images of one replicate."""
    return images(wildcards, *subsets) * workload(wildcards).train


def mem_small(wildcards, attempt):
    return mebibytes(attempt, 50)


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


def mem_downscale(wildcards, attempt):
    return mebibytes(attempt, 60, pixels(wildcards, *SUBSETS))


def mem_downscale_fresh(wildcards, attempt):
    return mebibytes(attempt, 80, 2 * pixels(wildcards, "fresh"))


def mem_augment(wildcards, attempt):
    read = pixels(wildcards, "train", "validation")
    made = 2 * pairs(wildcards, "train", "validation")
    return mebibytes(attempt, 60, read + made)


def mem_train(wildcards, attempt):
    """Images, and float64 Gram matrices of models that have a kernel."""
    read = 2 * pixels(wildcards, "train", "validation")
    matrices = len(grams(wildcards)) * 2 * pairs(wildcards, "train", "validation")
    return mebibytes(attempt, 170, read + matrices)


def mem_evaluate(wildcards, attempt):
    """Images, and the products of one replicate's fresh images with its training images."""
    read = 2 * pixels(wildcards, *SUBSETS, "fresh")
    products = 6 * pairs(wildcards, "fresh")
    return mebibytes(attempt, 110, read + products)


def mem_leakage(wildcards, attempt):
    """Images of one split and size, and copies of some."""
    floats = max(study.sizes) ** 2 * images(wildcards, *SUBSETS, "fresh")
    return mebibytes(attempt, 110, 2 * floats)


def short(wildcards, attempt):
    """A minute, the least that clusters count."""
    return attempt


def runtime(rule, wildcards, attempt):
    """Minutes by the rule's measured cost."""
    return attempt * minutes(costs.seconds(rule, workload(wildcards)))


def cell_seconds(wildcards):
    """Estimated time of a model at one size, on all its splits; None if it was not measured."""
    model = study.models[wildcards.model]
    stages = [
        stage
        for split in model.splits
        for stage in ("reuse" if split in reusing_splits else "train", "evaluate")
    ]
    work = workload(wildcards)
    estimates = [costs.seconds(f"{stage}_{model.family}", work) for stage in stages]
    return None if None in estimates else sum(estimates)


def batch_of_cell(wildcards):
    """The batch of a cell's jobs: one for a cell on all its splits, since one may train for all."""
    return batch(cell_seconds(wildcards))


def batch_of_images(wildcards):
    return f"images_{wildcards.dataset}"
