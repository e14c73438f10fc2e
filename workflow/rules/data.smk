"""From a source to pools, fresh images and splits."""

from fewpixels.study.sources import empty_classes, local_files, options_of


def source_files(wildcards):
    """Local files that the dataset is read from; they are the user's, so no `prefix:` applies."""
    return [
        local(file)
        for source in sources(wildcards.dataset)
        for file in local_files(source["options"], options_of(source["source"]))
    ]


def empty_folders(dataset):
    """What is remarked of folders that would be classes, were there any file in them."""
    return [
        remark
        for source in sources(dataset)
        for remark in empty_classes(source["options"], options_of(source["source"]))
    ]


def data_recipe(wildcards):
    entry = study.datasets[wildcards.dataset]
    texts = ("title", "licence")
    values = {key: value for key, value in entry.items() if key not in texts}
    # Also where an older file takes the place of a newer one.
    files = [Path(file) for file in source_files(wildcards)]
    values["files"] = [sha256_of(file) for file in files if file.is_file()]
    modules = [f"fewpixels.datasets.{s['source']}" for s in sources(wildcards.dataset)]
    return recipe("data", *modules, **values)


rule data:
    input:
        source_files,
    output:
        "data/{dataset}.npz",
    log:
        "logs/{dataset}/data.log",
    group:
        batch_of_images
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("data"),
    params:
        recipe=data_recipe,
    message:
        "Load the images of {wildcards.dataset}"
    script:
        "../../scripts/data.py"


def split_recipe(wildcards):
    return recipe("split", **study.dealing(wildcards.split))


rule split:
    input:
        "data/{dataset}.npz",
    output:
        "results/{dataset}/{split}/split.npz",
    log:
        "logs/{dataset}/{split}/split.log",
    group:
        batch_of_images
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("split"),
    params:
        recipe=split_recipe,
    message:
        "Deal the images of {wildcards.dataset} out: {wildcards.split} split"
    script:
        "../../scripts/split.py"
