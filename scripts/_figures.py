"""Writing figures, for the scripts that draw."""

from matplotlib.figure import Figure

from fewpixels.artifacts.files import replacing


def write_figure(figure: Figure, output) -> None:
    """Write a figure as SVG and as PNG; equal figures give equal bytes."""
    with replacing(output.svg) as temporary:
        figure.savefig(temporary, metadata={"Date": None})
    with replacing(output.png) as temporary:
        figure.savefig(temporary)
