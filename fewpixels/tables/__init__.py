"""Tables of results: from the metrics of cells to frames, and to Markdown.

Begin with `accuracy`. `pairs` compares models, `answer` says how many pixels are enough and at
which cost, `timing` what training took, `leakage` what test images in the training set do;
`markdown` writes any of them.
"""
