"""What a configuration may say, and the study that it asks for.

Begin with `plan`: the checked configuration expanded into models and cells. `validation` checks
it against the schema; `families` and `sources` read what modules of models and of images say of
themselves, without importing them, and `published` the figures to compare with.
"""
