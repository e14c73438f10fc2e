"""Classifiers from scratch, and an honest study of how few pixels they need."""


class FewpixelsError(Exception):
    """What went wrong in one line: what was found, what was expected, what to do."""
