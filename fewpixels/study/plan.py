"""What ``config.yaml`` asks for: checked, and expanded into models and cells."""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from math import inf
from os.path import realpath
from pathlib import Path
from typing import Any
from unicodedata import category

from fewpixels.images.splits import listed
from fewpixels.study.families import Family, describe
from fewpixels.study.model import Model, Study, honest_split
from fewpixels.study.published import figures_of_cells, place
from fewpixels.study.sources import local_files, options_of
from fewpixels.study.validation import ConfigurationError, among, check, fill, filled


def families(root: Path, kind: str) -> list[str]:
    """Names of the modules in ``fewpixels/{kind}``, which configurations can name."""
    return sorted(f.stem for f in (root / "fewpixels" / kind).glob("[!_]*.py"))


def plan(config: Mapping[str, Any], root: Path) -> Study:
    """Expand a checked configuration, its defaults filled in.

    Parameters
    ----------
    config : mapping
        As the schema says.
    root : Path
        The project's folder, which holds the families and the published tables.

    Returns
    -------
    Study

    Raises
    ------
    ConfigurationError
        If parts of the configuration contradict each other.

    Examples
    --------
    >>> import yaml
    >>> from snakemake.utils import validate
    >>> tiny = yaml.safe_load(Path("config/tiny.yaml").read_text())
    >>> validate(tiny, "workflow/schemas/config.schema.yaml")  # fills the defaults in
    >>> study = plan(tiny, Path())
    >>> next(study.cells("tiny-mnist"))
    Cell(dataset='tiny-mnist', split='heldout', size=7, model='ovr')
    >>> study.models["knn"].parameters
    {'k_max': 10, 'ties': 'nearer'}
    """
    sizes = tuple(config["sizes"])
    _check_subsets(config["subsets"])
    datasets = {
        name: _dataset(name, entry, config, root) for name, entry in config["datasets"].items()
    }
    _check_titles(config)
    taken = dict.fromkeys(("fresh", "tables", "figures"), "folder") | {"remedied": "column"}
    for name, split in config["splits"].items():
        if name in taken:
            raise ConfigurationError(
                f"splits: found {name!r}, the name of another {taken[name]}; choose another name"
            )
        _check_split(name, split, config)
    for name in config["augmentations"]:
        if name in config["splits"] or taken.get(name) == "folder":
            raise ConfigurationError(
                f"augmentations: found {name!r}, the name of another folder; choose another name"
            )
    models: dict[str, Model] = {}
    found: dict[str, Family] = {}  # by what the configuration calls them
    for name, entry in config["models"].items():
        source = entry["family"]
        if source not in found:
            names = [family.name for family in found.values()]
            found[source] = describe(source, root, f"models.{name}.family", names)
        for model in _models(name, entry, config, root, found[source]):
            if model.name in models:
                raise ConfigurationError(
                    f"models.{name}: {model.name} is also a cell of "
                    f"models.{models[model.name].entry}; rename one of them"
                )
            models[model.name] = model
    return Study(
        config["seed"],
        config["replicates"],
        datasets,
        dict(config["subsets"]),
        sizes,
        {name: dict(entry) for name, entry in config["splits"].items()},
        _linked(models, config),
        {family.name: family for family in found.values()},
        {name: dict(entry) for name, entry in config["augmentations"].items()},
    )


def _dataset(
    name: str, entry: Mapping[str, Any], config: Mapping[str, Any], root: Path
) -> dict[str, Any]:
    where = f"datasets.{name}"
    options = _options(name, entry, where, root)
    fresh = dict(entry.get("fresh", {}))
    if fresh:
        fresh["options"] = _options(name, fresh, f"{where}.fresh", root)
    for i, size in enumerate(config["sizes"]):
        if size > entry["side"]:
            raise ConfigurationError(
                f"sizes.{i}: found {size}, expected 1 to {entry['side']}, the side of {name}'s "
                "images in pixels"
            )
    dealt = any(split["kind"] == "dealt" for split in config["splits"].values())
    # Of shares, at least three images; these sources have more.
    wanted = sum(config["subsets"].values()) if dealt else 0
    if options.get("per_class", wanted) < wanted:
        raise ConfigurationError(
            f"subsets: train, validation and test need {wanted} images of each class, but "
            f"{where}.options.per_class is {options['per_class']}; lower one or raise the other"
        )
    return {**entry, "options": options, **({"fresh": fresh} if fresh else {})}


def _options(name: str, entry: Mapping[str, Any], where: str, root: Path) -> dict[str, Any]:
    """Check the options of a dataset's source, or of the source of its fresh images."""
    source = among(entry["source"], families(root, "datasets"), f"{where}.source")
    schema = options_of(source)
    check(entry["options"], schema, f"{where}.options")
    options = filled(entry["options"], schema)
    for file in local_files(options, schema):
        if not set("{}<>").isdisjoint(file):  # to Snakemake, variables
            raise ConfigurationError(
                f"{where}.options: found the file {file!r}, expected a path without any of {{}}<>; "
                "rename it"
            )
        if realpath(file) == realpath(f"data/{name}.npz"):
            raise ConfigurationError(
                f"{where}.options: found {file!r}, which the workflow makes itself; move the file, "
                "or rename the dataset"
            )
    return options


def _models(
    name: str, entry: Mapping[str, Any], config: Mapping[str, Any], root: Path, family: Family
) -> Iterator[Model]:
    """Expand one entry into its cells."""
    where = f"models.{name}"
    schema = family.schema
    honest = honest_split(config["splits"])
    splits = entry.get("splits", [honest])
    for split in splits:
        among(split, list(config["splits"]), f"{where}.splits")
    if honest not in splits:
        raise ConfigurationError(
            f"{where}.splits: found {', '.join(splits)}, expected {honest} too, where fresh images "
            "are labelled"
        )
    for key in ("remedy_of", "remedy"):
        if ("remedy_of" in entry) != ("remedy" in entry) and key not in entry:
            raise ConfigurationError(f"{where}.{key}: missing; a remedy needs remedy_of and remedy")
    if "mistake" in entry and "remedy" not in entry:
        raise ConfigurationError(f"{where}.remedy: missing; a mistake is of what was remedied")
    if "remedy_of" in entry:
        among(entry["remedy_of"], list(config["models"]), f"{where}.remedy_of")
        if "beyond" in entry:
            raise ConfigurationError(
                f"{where}.beyond: found it in a remedy of {entry['remedy_of']}; leave one of the "
                "two out"
            )
    if "augmentation" in entry:
        among(entry["augmentation"], list(config["augmentations"]), f"{where}.augmentation")
    _check_show(entry, family, f"{where}.show")
    published = dict(entry.get("published", {}))
    table = figures_of_cells(root, published.pop("table", None), f"{where}.published.table")
    found: dict[str, Model] = {}
    for i, grid in enumerate(entry.get("grid", [{}])):
        wanted = grid.get("sizes", entry.get("sizes", config["sizes"]))
        for size in wanted:
            among(size, list(config["sizes"]), f"{where}.sizes")
        axes = _axes(grid)
        fixed = {k: v for k, v in grid.items() if k not in axes and k != "sizes"}
        for values in product(*(grid[axis] for axis in axes)):
            point = dict(zip(axes, values, strict=True))
            parameters = {**entry["parameters"], **fixed, **point}
            spot = f"{where}.grid.{i}" if "grid" in entry else f"{where}.parameters"
            check(parameters, schema, spot)
            parameters = filled(parameters, schema)
            _check_limits(parameters, schema, config, spot)
            cell = _cell([name, *values], where)
            sizes = set(wanted) | set(found[cell].sizes if cell in found else ())
            figures = dict(table.get(place(point), {}))
            if "test_accuracy" in figures:
                accuracy = figures.pop("test_accuracy")
                figures["accuracy"] = {f"{size}px": accuracy for size in wanted}
            if cell in found and found[cell].parameters != parameters:
                raise ConfigurationError(
                    f"{spot}: {cell} has other hyperparameters in another grid; make what differs "
                    "an axis"
                )
            found[cell] = Model(
                cell,
                name,
                fill(entry["title"], point, f"{where}.title"),
                family.name,
                parameters,
                point,
                tuple(s for s in config["sizes"] if s in sizes),
                tuple(splits),
                {**published, **figures},
                entry.get("remedy_of", ""),
                entry.get("remedy", ""),
                tuple(entry["show"]),
                entry["overview"],
                entry.get("augmentation", ""),
                entry.get("beyond", ""),
                entry.get("mistake", ""),
            )
    unused = set(table) - {place(model.axes) for model in found.values()}
    if unused:
        raise ConfigurationError(
            f"{where}.published.table: found a row for {dict(min(unused))}, expected only cells of "
            "the grid"
        )
    yield from found.values()


def _linked(models: dict[str, Model], config: Mapping[str, Any]) -> dict[str, Model]:
    """Turn remedies of entries into remedies of cells: those with the same place on the axes."""
    linked: dict[str, Model] = {}
    improved: dict[str, str] = {}
    for name, entry in config["models"].items():
        below = entry.get("remedy_of", "")
        if below and improved.setdefault(below, name) != name:
            raise ConfigurationError(
                f"models.{name}.remedy_of: {improved[below]} is a remedy of {below} already; a "
                "ladder has no branches"
            )
    for model in models.values():
        below = [m for m in models.values() if m.entry == model.remedy_of and m.axes == model.axes]
        linked[model.name] = Model(
            **{**vars(model), "remedy_of": below[0].name if below else ""},
        )
    for model in linked.values():
        if model.beyond:
            among(model.beyond, list(linked), f"models.{model.entry}.beyond")
    for model in linked.values():
        rung, passed = model, {model.name}
        while below := rung.remedy_of or rung.beyond:
            if below in passed:
                key = "beyond" if model.beyond else "remedy_of"
                raise ConfigurationError(f"models.{model.entry}.{key}: a circle through {below}")
            passed.add(below)
            rung = linked[below]
    return linked


def _check_subsets(subsets: Mapping[str, float]) -> None:
    """Refuse what is neither three numbers of images nor three shares of each class."""
    for subset, n in subsets.items():
        if n >= 1 and not isinstance(n, int):
            raise ConfigurationError(
                f"subsets.{subset}: found {n}, expected a whole number of images, or a share of "
                "each class, below 1"
            )
    if len({n < 1 for n in subsets.values()}) > 1:
        raise ConfigurationError(
            f"subsets: found {listed(subsets)}, expected numbers of images or shares of each class "
            "alone; set all three as the one or the other"
        )
    total = sum(Fraction(str(n)) for n in subsets.values())
    if total > 1 and min(subsets.values()) < 1:
        raise ConfigurationError(
            f"subsets: found shares that add up to {float(total):g}, expected 1 at the most; lower "
            "them"
        )


def _axes(grid: Mapping[str, Any]) -> list[str]:
    return [key for key, value in grid.items() if isinstance(value, list) and key != "sizes"]


def _check_show(entry: Mapping[str, Any], family: Family, where: str) -> None:
    """Refuse figures that a family, or the entry's grid, has nothing for."""
    shows = {
        "weights": family.draws_weights,
        "runs": "diagnostics" in family.tables["train"],
        "curves": family.iterates,
    }
    for figure in entry["show"]:
        if not shows.get(figure, True):
            raise ConfigurationError(
                f"{where}: found {figure!r}, for which {family.name} has nothing to show; remove it"
            )
    if "tuning" in entry["show"]:
        grids = entry.get("grid", [{}])
        axes = {tuple(_axes(grid)) for grid in grids}
        values = [value for grid in grids for axis in _axes(grid) for value in grid[axis]]
        if list(map(len, axes)) != [1] or any(type(value) not in (int, float) for value in values):
            raise ConfigurationError(
                f"{where}: found 'tuning', expected a grid with one axis, of numbers; remove it, "
                "or change the grid"
            )


def _check_split(name: str, split: Mapping[str, Any], config: Mapping[str, Any]) -> None:
    """Check what goes with a split's kind."""
    where = f"splits.{name}"
    needed, others = {"test"}, {"trains_as"}
    if split["kind"] == "fixed":
        needed, others = {"train", "validation"}, {"overlap", "order"}
    for key in sorted(needed - set(split)):
        raise ConfigurationError(
            f"{where}: the key {key} is missing; a {split['kind']} split has "
            f"{', '.join(sorted(needed))}"
        )
    for key in sorted(set(split) - needed - others - {"kind", "title"}):
        raise ConfigurationError(
            f"{where}.{key}: found it in a {split['kind']} split, which has "
            f"{', '.join(sorted(needed | others))}"
        )
    if "trains_as" in split:
        own = [
            s for s, e in config["splits"].items() if e["kind"] == "dealt" and "trains_as" not in e
        ]
        among(split["trains_as"], own, f"{where}.trains_as")
        if split["test"] != "last":
            raise ConfigurationError(
                f"{where}.trains_as: found it in a split whose test images are held out, which the "
                f"models of {split['trains_as']} may have been trained on; remove it"
            )


def _check_limits(
    parameters: Mapping[str, Any], schema: Mapping[str, Any], config: Mapping[str, Any], where: str
) -> None:
    """Refuse hyperparameters, marked ``at_most_train`` in the schema, above the training images.

    Of shares it is not known here how many train: see `fewpixels.study.pools.check_limits`.
    """
    classes = min(entry["classes"] for entry in config["datasets"].values())
    dealt = config["subsets"]["train"]
    dealt = inf if dealt < 1 else classes * dealt
    images = min(
        split["train"] if split["kind"] == "fixed" else dealt for split in config["splits"].values()
    )
    for key, rule in schema["properties"].items():
        if rule.get("at_most_train") and parameters[key] > images:
            raise ConfigurationError(
                f"{where}.{key}: found {parameters[key]}, expected {images} or less, the number of "
                "training images"
            )


def _cell(parts: list[Any], where: str) -> str:
    """Join an entry's name and values on axes to a name that is safe in a path."""
    cell = "-".join(str(part).lower() for part in parts)
    if len(cell) > 100 or not re.fullmatch("[a-z0-9]+([.-][a-z0-9]+)*", cell):
        raise ConfigurationError(
            f"{where}.grid: found values that name a cell {cell!r:.110}, expected a name that is "
            "safe in a path, of 100 or fewer characters"
        )
    return cell


def _check_titles(config: Mapping[str, Any]) -> None:
    """Refuse line breaks, control characters and the like, which break tables and figures."""
    for section in ("datasets", "splits", "models"):
        for name, entry in config[section].items():
            for key in ("title", "remedy", "mistake"):
                text = entry.get(key, "")
                if not {"Cc", "Cn", "Cs", "Zl", "Zp"}.isdisjoint(map(category, text)):
                    raise ConfigurationError(
                        f"{section}.{name}.{key}: found {text!r:.100}, expected one line without "
                        "control characters"
                    )
