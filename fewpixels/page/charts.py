"""Charts of the page: all are of Vega-Lite, and take their colours from the page's styles.

Each stands in the page twice: drawn, for readers without JavaScript and for print; and specified,
for the page to draw again in the width that there is.
"""

from typing import Any

import altair as alt
import vl_convert
from markupsafe import Markup

# In CSS, so that a chart follows the scheme without being drawn again.
_INK = "currentColor"
CONFIG: dict[str, Any] = {
    "font": "system-ui, sans-serif",
    "background": None,
    "view": {"stroke": None},
    "axis": {
        "labelColor": _INK,
        "titleColor": _INK,
        "domainColor": _INK,
        "tickColor": _INK,
        "gridColor": _INK,
        "gridOpacity": 0.15,
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
    },
    "legend": {"labelColor": _INK, "titleColor": _INK, "labelFontSize": 13, "titleFontSize": 13},
    "text": {"color": _INK, "fontSize": 13},
    "rule": {"color": _INK},
}

Specification = dict[str, Any]


def specified(chart: alt.TopLevelMixin) -> Specification:
    """Specify a chart for the page, with the configuration that all share.

    Parameters
    ----------
    chart : altair chart
        ``width="container"`` where it fills the width that there is.

    Returns
    -------
    dict
        Of Vega-Lite.
    """
    with alt.data_transformers.disable_max_rows():
        found: Specification = chart.to_dict()
    found.pop("$schema")  # an address; the page has its own Vega-Lite
    return found | {"config": CONFIG}


def drawn(specification: Specification, width: int = 640) -> Markup:
    """Draw a chart as SVG.

    Parameters
    ----------
    specification : dict
        Of `specified`.
    width : int
        Pixels, where it would fill the width that there is.

    Returns
    -------
    Markup
    """
    fixed = specification
    if fixed.get("width") == "container":
        fixed = fixed | {"width": width}
    return Markup(vl_convert.vegalite_to_svg(fixed))  # nosec B704 # of numbers and escaped text
