"""Claims of a published study: what is to be tested, checked and expanded against a study."""

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

from fewpixels.claims.parts import COUNTS, METRICS, UNREPEATED, Part, Quantity, form
from fewpixels.study.model import Model, Study
from fewpixels.study.validation import ConfigurationError, among, check, fill

TERMS = {
    "value": ("of",),
    "order": ("above", "below"),
    "equality": ("of", "to"),
    "chance": ("of",),
}
"""The keys of each kind's quantities; ``to`` may be missing, and is 0 then."""


def expand(
    ledger: Mapping[str, Any],
    schema: Mapping[str, Any],
    study: Study,
    tables: Callable[[str], list[str]],
    where: str,
) -> dict[str, Any]:
    """Check claims against a study, and expand them into what is to be measured.

    Parameters
    ----------
    ledger : mapping
        As ``workflow/claims.yaml`` holds it.
    schema : mapping
        JSON Schema of it.
    study : Study
    tables : callable
        Gives the names of the models that have rows in a table, by its name.
    where : str
        The file, for messages.

    Returns
    -------
    dict
        ``split`` and ``margin``, and ``claims``, each with ``id``, ``claim``, ``source``,
        ``kind``, ``by_margin``, ``parts``, and ``own`` and ``remedied``, parts too, or None. A
        part has ``above`` and ``below`` (None for 0, or for guessing), each a ``label``, a
        ``metric`` and ``cells``, pairs of a model and a size; ``published``, the number that
        was published for it, or None; and ``unit``, the place that it was rounded to. The
        publication's own numbers are those of ``own``, or where that is None of ``parts``.

    Raises
    ------
    ConfigurationError
        If they are not as the schema says, or name a split, model, axis, size or metric that
        the study does not have.
    """
    check(ledger, schema, where)
    among(ledger["split"], list(study.splits), f"{where}.split")
    if study.splits[study.honest]["kind"] == "fixed":
        raise ConfigurationError(
            f"{where}: found claims in a study of the fixed split {study.honest}, expected a split "
            "that is dealt to each replicate anew; leave claims out"
        )
    for metric in ledger.get("units", {}):
        among(metric, [*METRICS, *UNREPEATED], f"{where}.units")
    expander = _Expander(study, tables, ledger["split"], ledger.get("units", {}))
    claims: list[dict[str, Any]] = []
    for i, claim in enumerate(ledger["claims"]):
        claims.extend(expander(claim, f"{where}.claims.{i} ({claim['id']})"))
    seen: set[str] = set()
    for claim in claims:
        if claim["id"] in seen:
            raise ConfigurationError(f"{where}: found {claim['id']!r} twice; rename one")
        seen.add(claim["id"])
    return {"split": ledger["split"], "margin": ledger["margin"], "claims": claims}


class _Expander:
    """Expands one claim after another."""

    def __init__(
        self,
        study: Study,
        tables: Callable[[str], list[str]],
        split: str,
        units: Mapping[str, float],
    ) -> None:
        self.study, self.tables, self.split, self.units = study, tables, split, units

    def __call__(self, claim: Mapping[str, Any], where: str) -> Iterator[dict[str, Any]]:
        """One claim, or one for each published number."""
        kind, terms = claim["kind"], TERMS[claim["kind"]]
        allowed = terms if kind == "value" else (*terms, "own")
        form = ", ".join(sorted(allowed))
        for key in ("of", "to", "above", "below", "own"):
            if key in claim and key not in allowed:
                raise ConfigurationError(
                    f"{where}.{key}: found it in a claim of kind {kind}, which has {form}"
                )
            if key in terms and key not in claim and key != "to":
                raise ConfigurationError(
                    f"{where}.{key}: missing; a claim of kind {kind} has {form}"
                )
        for key in ("own", "remedied"):
            test = claim.get(key)
            if isinstance(test, Mapping) and set(test) != {t for t in terms if t in claim}:
                raise ConfigurationError(
                    f"{where}.{key}: found {', '.join(sorted(test)) or 'nothing'}, expected "
                    f"{', '.join(t for t in terms if t in claim)}, as in the claim"
                )
        made = {key: claim[key] for key in ("id", "claim", "source", "kind")} | {
            "by_margin": claim.get("by_margin", False),
            "own": None,
        }
        if kind == "value":
            yield from self._values(claim, made, where)
            return
        parts = self._parts(claim, terms, self.split, where)
        yield made | {
            "parts": parts,
            "own": self._own(claim.get("own"), terms, where),
            "remedied": self._remedied(claim.get("remedied"), terms, parts, where),
        }

    def _values(
        self, claim: Mapping[str, Any], made: dict[str, Any], where: str
    ) -> Iterator[dict[str, Any]]:
        """A claim for each published number."""
        for i, quantity in enumerate(claim["of"]):
            spot = f"{where}.of.{i}"
            groups = self._groups({**quantity, "each": True}, self.split, spot)
            parts = [self._part(one, None) for group in groups for one in group.values()]
            if all(part["published"] is None for part in parts):
                raise ConfigurationError(
                    f"{spot}: found no published {parts[0]['above']['metric']} of "
                    f"{quantity['model']}, expected one in its `published`"
                )
            for part in parts:
                if part["published"] is None:
                    continue
                name, size = part["above"]["cells"][0]
                values = {
                    "title": self.study.models[name].title,
                    "size": size,
                    "published": format(part["published"], form(part["unit"])),
                }
                own = "" if name.startswith(claim["id"]) else f"{claim['id']}-"
                several = len(claim["of"]) > 1 or len(parts) > 1
                yield made | {
                    "id": f"{own}{name}-{size}px" if several else claim["id"],
                    "claim": fill(claim["claim"], values, f"{where}.claim"),
                    "parts": [part],
                    "remedied": self._remedied(claim.get("remedied"), ("of",), [part], where),
                }

    def _parts(
        self, test: Mapping[str, Any], terms: tuple[str, ...], split: str | None, where: str
    ) -> list[Part]:
        """Each first quantity with each second one, at each size that they share."""
        sides = [
            [
                group
                for i, quantity in enumerate(test.get(term, []))
                for group in self._groups(quantity, split, f"{where}.{term}.{i}")
            ]
            for term in terms
        ]
        if len(sides) == 1 or not sides[1]:
            return [self._part(one, None) for group in sides[0] for one in group.values()]
        named = all("size" in quantity for term in terms for quantity in test[term])
        parts: list[Part] = []
        for first, second in product(*sides):
            pairs = [(first[size], second[size]) for size in first if size in second]
            if named:
                pairs = list(product(first.values(), second.values()))
            if not pairs:
                raise ConfigurationError(
                    f"{where}: found no size that both sides have; name a size for each"
                )
            for above, below in pairs:
                if above["metric"] != below["metric"]:
                    raise ConfigurationError(
                        f"{where}: found {above['metric']} on one side and {below['metric']} on "
                        "the other, expected one metric; name the same for both"
                    )
                parts.append(self._part(above, below))
        return parts

    def _groups(
        self, quantity: Mapping[str, Any], split: str | None, where: str
    ) -> list[dict[int, Quantity]]:
        """A quantity at each of its sizes; of each model by itself, if that is asked for.

        Without a split it need not be measured.
        """
        models = self._models(quantity, where)
        metrics = list(METRICS) if split else [*METRICS, *UNREPEATED]
        metric = among(quantity.get("metric", "accuracy"), metrics, f"{where}.metric")
        for model in models if split else []:
            if model.name not in self.tables(METRICS[metric]):
                raise ConfigurationError(
                    f"{where}.metric: found {metric!r}, which {model.family} does not measure"
                )
            if split not in model.splits:
                raise ConfigurationError(
                    f"{where}.model: found {model.name}, which does not run on the split {split}; "
                    "add that to its splits"
                )
        found = []
        for group in [[m] for m in models] if quantity.get("each") else [models]:
            sizes = [s for s in self.study.sizes if all(s in m.sizes for m in group)]
            if "size" in quantity:
                sizes = [among(quantity["size"], sizes, f"{where}.size")]
            if not sizes:
                raise ConfigurationError(f"{where}: found no size that all its models have")
            if metric == "best_accuracy":  # over all sizes
                sizes = sizes[:1]
            label = group[0].title
            if len(group) > 1:
                place = [f"{axis} = {value}" for axis, value in quantity.get("where", {}).items()]
                label = ", ".join([f"the mean of {len(group)} {group[0].entry}", *place])
            found.append(
                {
                    size: {
                        "label": label,
                        "metric": metric,
                        "cells": [[m.name, size] for m in group],
                    }
                    for size in sizes
                }
            )
        return found

    def _models(self, quantity: Mapping[str, Any], where: str) -> list[Model]:
        entries = list(dict.fromkeys(m.entry for m in self.study.models.values()))
        among(quantity["model"], entries, f"{where}.model")
        models = [m for m in self.study.models.values() if m.entry == quantity["model"]]
        for axis, value in quantity.get("where", {}).items():
            if not models[0].axes:
                raise ConfigurationError(
                    f"{where}.where: found {axis!r}, but {quantity['model']} has no grid; remove it"
                )
            among(axis, list(models[0].axes), f"{where}.where")
            among(value, list(dict.fromkeys(m.axes[axis] for m in models)), f"{where}.where.{axis}")
        wanted = quantity.get("where", {}).items()
        models = [m for m in models if all(m.axes[a] == v for a, v in wanted)]
        if not models:
            raise ConfigurationError(f"{where}.where: found no model there; change a value")
        return models

    def _own(
        self, test: Mapping[str, Any] | None, terms: tuple[str, ...], where: str
    ) -> list[Part] | None:
        """Parts to hold against published figures alone: those asked for."""
        if test is None:
            return None
        parts = self._parts(test, terms, None, f"{where}.own")
        for part in parts:
            if part["published"] is None:
                raise ConfigurationError(
                    f"{where}.own: found no published {part['above']['metric']} of "
                    f"{part['above']['label']}, expected one in its `published`"
                )
        return parts

    def _remedied(
        self, remedied: Any, terms: tuple[str, ...], parts: list[Part], where: str
    ) -> list[Part] | None:
        """Parts under the remedied protocol: those asked for, or the last rungs of the ladders."""
        if remedied == "none":
            return None
        if remedied is not None:
            return self._parts(remedied, terms, self.study.honest, f"{where}.remedied")
        found = []
        for part in parts:
            sides = {side: self._last_rungs(part[side]) for side in ("above", "below")}
            if all(sides[side] or not part[side] for side in sides):
                found.append({**part, **sides, "published": None})
        return found if len(found) == len(parts) else None  # no half of a claim

    def _part(self, above: Quantity, below: Quantity | None) -> Part:
        sides = [self._published(side) for side in (above, below) if side]
        known = None if None in sides else round(sides[0] - sum(sides[1:]), 12)
        metric = above["metric"]
        unit = self.units.get(metric, 1 if metric in COUNTS else 0.01)
        return {"above": above, "below": below, "published": known, "unit": unit}

    def _published(self, quantity: Quantity) -> Any:
        """What was published of a quantity: the mean over its cells, or None."""
        numbers: list[Any] = []
        for name, size in quantity["cells"]:
            published = self.study.models[name].published
            if quantity["metric"] == "accuracy":
                published = {"accuracy": published.get("accuracy", {}).get(f"{size}px")}
            numbers.append(published.get(quantity["metric"]))
        return None if None in numbers else sum(numbers) / len(numbers)

    def _last_rungs(self, quantity: Quantity | None) -> Quantity | None:
        """The same quantity of the models that remedy its models; None if one has no remedy."""
        if not quantity:
            return None
        tops = [(name, size, self.study.ladder(name)[-1]) for name, size in quantity["cells"]]
        able = self.tables(METRICS[quantity["metric"]])
        for name, size, top in tops:
            if top.name == name or size not in top.sizes or top.name not in able:
                return None
        label = tops[0][2].title if len(tops) == 1 else f"{quantity['label']}, remedied"
        return {**quantity, "label": label, "cells": [[top.name, size] for _, size, top in tops]}
