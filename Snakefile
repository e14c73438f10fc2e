"""How few pixels does a classifier need?

data -> split -> downscale -> augment -> train -> evaluate -> aggregate -> tables, figures
"""

from snakemake.utils import min_version

min_version("9.27")

# --configfile replaces the default study; Snakemake alone would merge the two.
if not workflow.config_settings.configfiles:

    configfile: f"{workflow.basedir}/config.yaml"


include: "workflow/rules/common.smk"
include: "workflow/rules/recipes.smk"
include: "workflow/rules/inputs.smk"
include: "workflow/rules/data.smk"
include: "workflow/rules/images.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/evaluate.smk"
include: "workflow/rules/aggregate.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/verify.smk"


onstart:
    # Snakemake limits starts to 100 a second: each pass of its scheduler sets a timer, each timer
    # asks for another pass, and after some hundred jobs the passes take half a core from the jobs.
    if workflow.local_exec:
        workflow.scheduler.job_rate_limiter = None
    try:
        hold_alone(Path(".snakemake", "fewpixels.lock"))
    except ArtifactError as error:
        raise WorkflowError(str(error))
    for folder in ("data", "results"):
        remove_partial(folder)


rule all:
    default_target: True
    input:
        expand("results/{dataset}/metrics.csv", dataset=study.datasets),
        expand("results/{dataset}/provenance.json", dataset=study.datasets),
        rules.tables.input,
        rules.figures.input,
    log:
        "logs/all.log",
    localrule: True
    threads: 1
    resources:
        mem_mb=50,
    message:
        "The study is complete: see results/*/tables and results/*/figures."
