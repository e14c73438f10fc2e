"""What a job takes: its work, its time and memory, and how it ended if it was killed.

Begin with `work`, which counts; `costs` turns counts into minutes and megabytes.
"""
