"""A diagram of the workflow: its stages from left to right."""

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup, escape

# Pixels of a box, between columns and rows of boxes, and between arrows that pass below boxes.
WIDTH, HEIGHT, ACROSS, DOWN, LANE = 142, 30, 20, 14, 9


def layers(nodes: Sequence[str], edges: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Put each node one layer behind the last of those it depends on.

    Parameters
    ----------
    nodes : sequence of str
    edges : iterable of (str, str)
        From a node to one that depends on it; without cycles.

    Returns
    -------
    dict of str to int
        From 0.

    Raises
    ------
    ValueError
        If there is a cycle.
    """
    before: dict[str, set[str]] = {node: set() for node in nodes}
    for start, end in edges:
        before[end].add(start)
    found: dict[str, int] = {}
    while len(found) < len(before):
        ready = [n for n, own in before.items() if n not in found and own <= found.keys()]
        if not ready:
            raise ValueError(f"found a cycle among {sorted(before.keys() - found.keys())}")
        found |= {n: 1 + max((found[b] for b in before[n]), default=-1) for n in ready}
    return found


def diagram(edges: Sequence[tuple[str, str]], titles: Mapping[str, str]) -> Markup:
    """Draw what depends on what, as SVG.

    Parameters
    ----------
    edges : sequence of (str, str)
        From a node to one that depends on it; without cycles.
    titles : mapping of str to str
        What stands in a node's box, and in the text for those who do not see it.

    Returns
    -------
    Markup
    """
    nodes = list(dict.fromkeys(node for edge in edges for node in edge))
    layer = layers(nodes, edges)
    columns: dict[int, list[str]] = {}
    for node in nodes:
        columns.setdefault(layer[node], []).append(node)
    place = {
        node: (column * (WIDTH + ACROSS) + 1, row * (HEIGHT + DOWN) + 1)
        for column, own in columns.items()
        for row, node in enumerate(own)
    }
    width = len(columns) * (WIDTH + ACROSS) - ACROSS + 2
    height = max(map(len, columns.values())) * (HEIGHT + DOWN) + 2
    lines = []
    for start, end in edges:
        x, y = place[start][0] + WIDTH, place[start][1] + HEIGHT / 2
        to_x, to_y = place[end][0], place[end][1] + HEIGHT / 2
        path = f"M{x} {y}"
        if layer[end] > layer[start] + 1:  # below what lies between
            path += f"{_curve(x, y, x + ACROSS, height)}H{to_x - ACROSS}"
            x, y = to_x - ACROSS, height
            height += LANE
        lines.append(f'<path d="{path}{_curve(x, y, to_x, to_y)}"/>')
    box = Markup('<rect x="{}" y="{}" width="{}" height="{}" rx="4"/>')
    text = Markup('<text x="{}" y="{}">{}</text>')
    boxes = [
        box.format(x, y, WIDTH, HEIGHT) + text.format(x + 8, y + HEIGHT / 2 + 4, titles[node])
        for node, (x, y) in place.items()
    ]
    words = "; ".join(f"{titles[start]} leads to {titles[end]}" for start, end in edges)
    head = (
        f'<svg class="made-diagram" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-label="{escape(words)}">'
    )
    return Markup(head + "".join(lines) + "".join(boxes) + "</svg>")  # nosec B704 # escaped above


def _curve(x: float, y: float, to_x: float, to_y: float) -> str:
    """A curve that leaves and arrives level."""
    middle = (x + to_x) / 2
    return f"C{middle} {y} {middle} {to_y} {to_x} {to_y}"
