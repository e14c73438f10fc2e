"""What a job takes, in time and memory, and how it ended if it was killed.

Begin with `estimates`, which needs the configuration alone.
"""
