"""Tables of results: from the metrics of cells to frames, and to Markdown.

Begin with `summary`, which all share, `ladders`, of remedies and beyond, and `accuracy`. `pairs`
compares models, `answer` says how many pixels are enough and at which cost, `lead` puts that into
words, and `sizes` says the former of each model; `timing`, `training`, `sweeps`, `tuning`,
`leakage` and `classes` are what they are called, and `markdown` writes any of them.
"""
