"""What tests of figures share: the texts of a figure, and settings."""

from io import BytesIO
from xml.etree import ElementTree

from hypothesis import Phase, settings
from hypothesis import strategies as st

# Each draws, so there are few of them, and a failing one is not made smaller.
few = settings(max_examples=3, phases=[Phase.explicit, Phase.generate])
SIZES = st.lists(st.integers(1, 32), min_size=1, max_size=6, unique=True)


def texts(figure):
    """The lines of text of a figure, as a reader of its SVG finds them."""
    file = BytesIO()
    figure.set_layout_engine("none")  # two thirds of the time
    figure.savefig(file, format="svg")
    root = ElementTree.fromstring(file.getvalue())
    found = ["".join(e.itertext()) for e in root.iter("{http://www.w3.org/2000/svg}text")]
    return [line.replace("\u200b", "") for line in found]


def check_texts(figure, *expected):
    """Every text is drawn, some over several lines, and none as a formula."""
    found = {"".join(text.split()) for text in texts(figure)}
    for text in expected:
        assert "".join(text.split()) in found
