"""The files that jobs write and read: whole or not there at all, and checked when they are read.

Begin with `files`: how any file is written, and its checksum compared. `arrays` reads and writes
files of arrays, and `frames` tables: which columns each has, and of which types.
"""
