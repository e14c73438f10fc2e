"""Classifiers from scratch, and an honest study of how few pixels they need."""
