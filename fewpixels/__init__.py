"""Classifiers from scratch, and an honest study of how few pixels they need."""

__version__ = "0.1.0"
