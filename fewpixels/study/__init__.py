"""What a configuration may say, and the study that it asks for.

Begin with `model`: a study, its models and cells. `plan` expands the checked configuration to it,
and `validation` checks that against the schema. `families` and `sources` read what modules of
models and of images say of themselves, without importing them; `published` reads the figures to
compare with.
"""
