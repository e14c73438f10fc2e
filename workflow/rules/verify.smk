"""A look at every artifact: is it there, and as it was written?"""


rule verify:
    log:
        "logs/verify.log",
    localrule: True
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=100,
    params:
        recipe=verify_recipe,
    message:
        "Compare every artifact with its checksum"
    script:
        "../../scripts/verify.py"
