"""Cells and sizes are told by where files are."""

from hypothesis import given
from hypothesis import strategies as st

from fewpixels.artifacts.places import cell_of, size_of

NAMES = st.from_regex("[a-z][a-z-]{0,8}", fullmatch=True)


@given(NAMES, st.integers(1, 999), NAMES)
def test_a_cell_is_in_the_names_of_the_folders(split, size, model):
    assert cell_of(f"results/a/{split}/{size}px/{model}/fit.csv") == (split, size, model)


@given(st.integers(1, 999))
def test_a_size_is_in_the_name_of_a_folder_and_of_a_file(size):
    assert size_of(f"results/a/fresh/{size}px.npz") == size_of(f"{size}px") == size
