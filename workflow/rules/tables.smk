rule tables:
    input:
        expand("results/{dataset}/metrics.csv", dataset=study.datasets),
