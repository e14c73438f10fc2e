"""Colours of Okabe and Ito (2008), which colour-blind readers can tell apart.

The page has them too, and does not need Matplotlib.
"""

COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7F7F7F"]

ABOVE, BELOW = COLOURS[:2]
"""Above 0 and below it; in the page, --above and --below."""
