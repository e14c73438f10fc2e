"""The everyday entry, which `snakemake` finds by itself. The study is in workflow/Snakefile."""


include: "workflow/Snakefile"


# Snakemake forgets the default target of what it includes.
workflow.default_target = "all"
