"""The files that jobs write and read: whole or not there at all, and checked when they are read.

Begin with `files`: how any file is written, and its checksum compared. `arrays` reads and writes
files of arrays, and states the columns of tables of cells and their types; `images` knows files of
images, `frames` reads tables, `pools` says how images are drawn, `places` tells cells by the
folders of their files, and `markdown` writes tables for people.
"""
