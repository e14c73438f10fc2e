"""The ledger of claims, as the page shows it."""

from typing import Any

import pandas as pd

from fewpixels.artifacts.markdown import with_ends
from fewpixels.page.evidence import evidence


def ledger(claims: pd.DataFrame) -> dict[str, Any]:
    """Prepare the ledger.

    Parameters
    ----------
    claims : DataFrame
        Columns of ``claims.csv``.

    Returns
    -------
    dict
        ``rows``, one a claim, with numbers, as text and with its `evidence`; ``counts`` by
        verdict and outcome, the most first; ``filters``: the values of the columns to filter by.
    """
    rows = []
    for row in claims.to_dict("records"):
        texts = {
            "published_text": "" if pd.isna(row["published"]) else f"{row['published']:g}",
            "measured_text": with_ends(row["measured"], row["low"], row["high"], ".3g"),
            "remedied_text": with_ends(
                row["remedied"], row["remedied_low"], row["remedied_high"], ".3g"
            ),
        }
        filled = {key: "" if pd.isna(value) else value for key, value in row.items()}
        rows.append(filled | texts | {"evidence": evidence(row)})
    frame = pd.DataFrame(rows)[["verdict", "outcome", "kind"]]
    by = frame.value_counts(["verdict", "outcome"]).reset_index(name="count")
    order = ["count", "verdict", "outcome"]
    by = by.sort_values(order, ascending=[False, True, True])
    filters = {name: sorted(filter(None, frame[name].unique())) for name in frame}
    return {"rows": rows, "counts": by.to_dict("records"), "filters": filters}
