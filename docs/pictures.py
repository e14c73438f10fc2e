"""Make the pictures of the README from the results of the default study: `make pictures`.

The page of results, light and dark, as Chromium draws it; a digit at every size; and how
one-vs-rest perceptrons label fresh digits of the smallest size, as published and remedied.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from fewpixels.artifacts.arrays import read_labels  # noqa: E402
from fewpixels.artifacts.images import read_images  # noqa: E402
from fewpixels.figures.gallery import confusion  # noqa: E402
from fewpixels.figures.style import panels  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
RESULTS = Path("results", "mini-mnist")  # as their checksums name them
SIZES = (28, 14, 7, 4, 2)
DIGIT = 3
RUNGS = {"ovr": "as published", "ovr-bias": "remedied"}  # of one-vs-rest perceptrons
COLOURS = {"dark": 0, "light": 1}  # as Chromium numbers what a reader prefers
WINDOW = "1200,860"


def page(scheme: str, chromium: str) -> Image.Image:
    """Photograph the top of the page, in colours for light or for dark screens."""
    with TemporaryDirectory() as folder:
        shot = Path(folder, "page.png")
        command = [
            chromium,
            "--headless",
            "--no-sandbox",  # it refuses root otherwise
            "--hide-scrollbars",
            f"--user-data-dir={folder}",
            f"--window-size={WINDOW}",
            "--force-device-scale-factor=1.5",
            f"--blink-settings=preferredColorScheme={COLOURS[scheme]}",
            "--virtual-time-budget=10000",  # milliseconds for the chart to be drawn
            f"--screenshot={shot}",
            (ROOT / RESULTS / "report.html").as_uri(),
        ]
        subprocess.run(command, check=True, capture_output=True)
        return Image.open(shot).convert("RGB").quantize(128)


def sizes() -> Figure:
    """Draw the first fresh digit of its class, at every size."""
    figure, grid = panels(1, len(SIZES), width=1.6, height=1.85)
    for axes, size in zip(grid[0], SIZES, strict=True):
        file = RESULTS / "fresh" / f"{size}px.npz"
        x, y = read_images(file, size)
        digit = x[np.argmax(y == DIGIT)].reshape(size, size)
        axes.imshow(digit, cmap="gray_r", vmin=0, vmax=255, interpolation="nearest")
        axes.set_title(f"{size}×{size}")
        axes.grid(visible=False)
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(True)
    return figure


def nines() -> Figure:
    """Draw what one-vs-rest perceptrons call digits of the smallest size."""
    size = SIZES[-1]
    _, y = read_images(RESULTS / "fresh" / f"{size}px.npz", size)
    figure, grid = panels(1, len(RUNGS), width=3.2, height=3.1)
    for axes, (model, title) in zip(grid[0], RUNGS.items(), strict=True):
        cell = RESULTS / "heldout" / f"{size}px" / model
        labels = read_labels(cell / "predictions.npz", "fresh", len(y))
        shares = confusion(labels, y, 10)
        image = axes.imshow(shares, cmap="cividis", vmin=0, vmax=1)
        axes.set_title(f"{title}: {np.trace(shares) / 10:.2f} right")
        axes.grid(visible=False)
        axes.set(xticks=range(10), yticks=range(10), xlabel="label", ylabel="digit")
        axes.tick_params(length=0)
    figure.colorbar(image, ax=grid, label="share of the digit's images", shrink=0.8)
    return figure


def main() -> None:
    """Write all pictures."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("pictures.py: found no chromium, expected Debian's; run: apt-get install chromium")
    os.chdir(ROOT)
    if not RESULTS.exists():
        sys.exit(f"pictures.py: found no {RESULTS}; run: make reproduce")
    for scheme in COLOURS:
        page(scheme, chromium).save(PICTURES / f"page-{scheme}.png", optimize=True)
    sizes().savefig(PICTURES / "sizes.png", dpi=100)
    nines().savefig(PICTURES / "confusion.png", dpi=100)


if __name__ == "__main__":
    main()
