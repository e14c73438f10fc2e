"""Writing figures, for the scripts that draw."""

from matplotlib.figure import Figure

from fewpixels.artifacts.files import replacing


def write_figure(figure: Figure, output) -> None:
    """Write a figure as SVG and as PNG; equal figures give equal bytes."""
    # Laid out once: Matplotlib would draw it again before and while it writes each file.
    if layout := figure.get_layout_engine():
        layout.execute(figure)
        figure.set_layout_engine(None)
    with replacing(output.svg) as temporary:
        figure.savefig(temporary, metadata={"Date": None})
    with replacing(output.png) as temporary:
        figure.savefig(temporary)
