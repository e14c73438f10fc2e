"""How a claim of the published study is judged.

Begin with `expansion`: a claim becomes parts, each a quantity to compare with a region. `measures`
makes the quantities of the tables of cells, and `verdicts` judges.
"""
