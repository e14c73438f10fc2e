"""How a claim of the published study is judged.

Begin with `parts`: a claim is quantities to compare with a region. `expansion` makes them of the
claims that a study names, `measures` the numbers of the tables of cells, `verdicts` judges, and
`words` says it in English.
"""
