rule figures:
    input:
        expand("results/{dataset}/metrics.csv", dataset=study.datasets),
