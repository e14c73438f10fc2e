"""Writing tables, for the scripts that tabulate."""

import pandas as pd

from fewpixels.artifacts.files import write_text
from fewpixels.tables.markdown import markdown


def write_table(frame: pd.DataFrame, output) -> None:
    """Write a table as CSV and as Markdown."""
    write_text(output.csv, frame.to_csv(index=False, lineterminator="\n"))
    write_text(output.md, markdown(frame))
