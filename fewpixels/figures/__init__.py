"""The study's figures: functions from data to Matplotlib figures, in one style.

Begin with `accuracy`, of all models. `answer` draws how many pixels are enough, `sizes` models that
have many sizes, `training` curves and runs, `sweep` and `tuning` hyperparameters, `gallery` and
`samples` images; `style`, `labels`, `bands`, `ticks` and `colours` are what they share.
"""
