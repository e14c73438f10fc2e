"""Claims are expanded into what is to be measured, and wrong ones are refused in one line."""

import re

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st
from random_configurations import mutated
from snakemake.exceptions import WorkflowError
from snakemake.utils import validate

from fewpixels.claims.expansion import expand
from fewpixels.claims.parts import METRICS
from fewpixels.study.plan import plan
from fewpixels.study.validation import ConfigurationError, fill


@pytest.fixture(scope="module")
def schema(root):
    return yaml.safe_load((root / "workflow/schemas/claims.schema.yaml").read_text())


@pytest.fixture(scope="module")
def file(root):
    return yaml.safe_load((root / "workflow/claims.yaml").read_text())


def planned(root, config):
    validate(config, str(root / "workflow/schemas/config.schema.yaml"))
    return plan(config, root)


@pytest.fixture(scope="module")
def study(root):
    return planned(root, yaml.safe_load((root / "config.yaml").read_text()))


def measured_in(study):
    """Models that have rows in a table, told by their family's name."""
    families = {"sweep": ["knn"], "history": ["mlp", "perceptron"], "diagnostics": ["mlp"]}

    def tables(name):
        return [m.name for m in study.models.values() if m.family in families.get(name, [m.family])]

    return tables


def expanded(ledger, schema, study):
    return expand(ledger, schema, study, measured_in(study), "claims.yaml")


def test_every_published_number_is_a_claim(file, schema, study, root):
    claims = expanded(file, schema, study)["claims"]
    values = {c["id"]: c for c in claims if c["kind"] == "value"}
    assert len(values) == 15 + 1 + 54 + 3
    assert values["accuracy-ovo-4px"]["parts"][0]["published"] == 0.41
    assert values["accuracy-ovo-4px"]["claim"].startswith("One-vs-one perceptrons label 0.41 ")
    assert values["mlp-mini-2-64-sigmoid-7px"]["parts"][0]["published"] == 0.84
    assert values["knn-best"]["parts"][0]["above"]["metric"] == "best_accuracy"
    assert values["long-run-peak"]["parts"][0]["published"] == 750
    assert values["long-run-peak"]["parts"][0]["unit"] == 10
    assert "label 0.90 of" in values["accuracy-ovr-14px"]["claim"]
    assert "trains for 219 updates" in values["small-init-updates"]["claim"]
    assert len({c["id"] for c in claims}) == len(claims)


def test_claims_need_all_their_sizes_and_comparisons(file, schema, study):
    claims = {c["id"]: c for c in expanded(file, schema, study)["claims"]}
    beats = claims["ovo-beats-ovr"]
    assert [p["above"]["cells"] for p in beats["parts"]] == [
        [["ovo", s]] for s in (28, 14, 7, 4, 2)
    ]
    assert [p["below"]["cells"] for p in beats["remedied"]] == [
        [["ovr-bias", s]] for s in (28, 14, 7, 4, 2)
    ]
    wide = claims["width-64-best"]["parts"]
    assert [len(p["below"]["cells"]) for p in wide] == [18, 18]
    assert {m for p in wide for m, _ in p["above"]["cells"]} == {
        m.name for m in study.models.values() if m.entry == "mlp" and m.axes["width"] == 64
    }
    assert len(claims["relu-chance"]["parts"]) == 18
    assert claims["relu-chance"]["parts"][0]["below"] is None
    assert claims["long-run-decline"]["remedied"] is None
    # Of the 54 networks only those with a cell of the same place on the remedied grid have one.
    remedied = [c for i, c in claims.items() if i.startswith("mlp-") and c["remedied"]]
    assert len(remedied) == 18 + 6
    faster = claims["mini-batch-updates"]
    assert [p["above"]["metric"] for p in faster["own"]] == ["seconds"]
    assert [round(p["published"], 1) for p in faster["own"]] == [8.6]  # 21.7 against 13.1
    similar = claims["ovr-14-similar"]["parts"]
    assert [(p["above"]["cells"], p["below"]["cells"], p["published"]) for p in similar] == [
        ([["ovr", 14]], [["ovr", 28]], -0.09)
    ]


WRONG = {
    "unknown model": (
        "above: [{model: ovo}]",
        "above: [{model: ovi}]",
        "claims.3 (ovo-beats-ovr).above.0.model: found 'ovi', expected one of",
    ),
    "unknown size": (
        "{model: ovr, size: 14}",
        "{model: ovr, size: 13}",
        "of.0.size: found 13, expected one of 28, 14, 7, 4, 2",
    ),
    "unknown metric": (
        "metric: best_accuracy",
        "metric: best_acuracy",
        "of.0.metric: found 'best_acuracy', expected one of accuracy, ",
    ),
    "metric of another family": (
        "{model: mlp-long, metric: decline}",
        "{model: knn, metric: decline}",
        "of.0.metric: found 'decline', which knn does not measure",
    ),
    "unknown axis": (
        "[{model: mlp, where: {width: 64}}]",
        "[{model: mlp, where: {widht: 64}}]",
        "above.0.where: found 'widht', expected one of batch, layers, width, activation",
    ),
    "unknown place on an axis": (
        "[{model: mlp, where: {width: 64}}]",
        "[{model: mlp, where: {width: 65}}]",
        "above.0.where.width: found 65, expected one of 16, 32, 64",
    ),
    "axis of a model without any": (
        "above: [{model: ovo}]",
        "above: [{model: ovo, where: {width: 64}}]",
        "above.0.where: found 'width', but ovo has no grid",
    ),
    "unknown split": (
        "split: published",
        "split: publisht",
        "claims.yaml.split: found 'publisht', expected one of published, heldout",
    ),
    "model that the split lacks": (
        "above: [{model: ovo}]",
        "above: [{model: ovo-remedied}]",
        "above.0.model: found ovo-remedied, which does not run on the split published",
    ),
    "metrics that differ": (
        "above: [{model: ovo}]",
        "above: [{model: ovo, metric: validation_accuracy}]",
        "found validation_accuracy on one side and accuracy on the other, expected one metric",
    ),
    "unknown kind": (
        "kind: chance",
        "kind: change",
        "kind: found 'change', expected one of value, order, equality, chance",
    ),
    "misspelt key": ("by_margin: true", "by_margins: true", "found the unknown key 'by_margins'"),
    "key of another kind": (
        "kind: chance",
        "kind: chance\n    to: [{model: ovr}]",
        "claims.5 (chance-2px).to: found it in a claim of kind chance, which has of, own",
    ),
    "missing term": (
        "    below: [{model: ovo-unordered}]\n",
        "",
        "claims.4 (ovo-90-pairs).below: missing; a claim of kind order has above, below, own",
    ),
    "no published number": (
        "[{model: ovr}, {model: ovo}, {model: ovr-quadratic}]",
        "[{model: ovo-unordered}]",
        "of.0: found no published accuracy of ovo-unordered, expected one in its `published`",
    ),
    "remedied test of another form": (
        "remedied: {of: [",
        "remedied: {above: [",
        "claims.1 (knn-best).remedied: found above, expected of",
    ),
    "own numbers that were not published": (
        "    own: # published in seconds, which differ between machines: repeated are updates\n"
        "      above: [{model: mlp, where: {batch: full}, metric: seconds}]",
        "    own:\n      above: [{model: mlp-remedied, where: {batch: full}, metric: seconds}]",
        "(mini-batch-updates).own: found no published seconds of the mean of 6 mlp-remedied, batch",
    ),
    "seconds to repeat": (
        "metric: updates}]\n    below",
        "metric: seconds}]\n    below",
        "above.0.metric: found 'seconds', expected one of accuracy, ",
    ),
    "unit of an unknown metric": (
        "units: {peak_update: 10",
        "units: {peak_updates: 10",
        "claims.yaml.units: found 'peak_updates', expected one of accuracy, ",
    ),
    "another word for remedied": (
        "remedied: none",
        "remedied: nothing",
        "remedied: found 'nothing', expected",
    ),
    "unknown text in braces": (
        "{title} label {published}",
        "{titel} label {published}",
        "claim: found '{titel} label",
    ),
    "twice": ("id: chance-2px", "id: ovo-90-pairs", "found 'ovo-90-pairs' twice; rename one"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_claim_is_refused_in_one_line(case, root, schema, study):
    old, new, said = WRONG[case]
    text = (root / "workflow/claims.yaml").read_text()
    assert old in text
    with pytest.raises(ConfigurationError) as error:
        expanded(yaml.safe_load(text.replace(old, new, 1)), schema, study)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_both_sides_are_compared_at_the_sizes_that_they_share(root, file, schema, study):
    wide = {"model": "mlp-remedied", "where": {"width": 64}, "each": True}
    claim = {"id": "a", "claim": "a", "source": "a", "kind": "order", "above": [wide]}
    ledger = file | {"split": "heldout", "claims": [claim | {"below": [{"model": "ovr"}]}]}
    parts = expanded(ledger, schema, study)["claims"][0]["parts"]
    assert len(parts) == 15 + 12  # fifteen networks at 7×7, three of them at four other sizes
    narrow = {"model": "mlp-remedied", "where": {"width": 16}, "size": 7}
    ledger["claims"] = [claim | {"above": [{"model": "ovr", "size": 14}], "below": [narrow]}]
    (part,) = expanded(ledger, schema, study)["claims"][0]["parts"]
    assert (part["above"]["cells"], part["below"]["cells"][0][1]) == ([["ovr", 14]], 7)
    config = yaml.safe_load((root / "config.yaml").read_text())
    config["models"] = {name: config["models"][name] for name in ("ovr", "knn")}
    config["models"]["ovr"]["sizes"], config["models"]["knn"]["sizes"] = [28, 14], [4, 2]
    ledger["claims"] = [claim | {"above": [{"model": "ovr"}], "below": [{"model": "knn"}]}]
    with pytest.raises(ConfigurationError, match="no size that both sides have"):
        expanded(ledger, schema, planned(root, config))


def test_a_claim_is_not_tested_by_half_under_the_remedied_protocol(root, file, schema):
    """The remedy of nearest neighbours runs at one of two sizes, and a perceptron has no k."""
    config = yaml.safe_load((root / "config.yaml").read_text())
    kept = ("ovr", "knn", "knn-nearer", "ovr-shuffled")
    config["models"] = {name: config["models"][name] for name in kept}
    config["models"]["knn-nearer"]["sizes"] = [7, 4]
    told = {"id": "a", "claim": "a", "source": "a", "kind": "chance"}
    study = planned(root, config)
    for size, remedied in ((7, True), (2, False)):
        quantities = [{"model": "knn", "size": 7}, {"model": "knn", "size": size}]
        ledger = file | {"claims": [told | {"of": quantities}]}
        (claim,) = expanded(ledger, schema, study)["claims"]
        assert bool(claim["remedied"]) == remedied
    config["models"]["ovr-shuffled"]["remedy_of"] = "knn"
    del config["models"]["knn-nearer"]
    best = told | {"of": [{"model": "knn", "metric": "best_accuracy"}]}
    ledger = file | {"claims": [best]}
    (claim,) = expanded(ledger, schema, planned(root, config))["claims"]
    assert claim["remedied"] is None


def test_what_lies_beyond_the_remedies_changes_no_claim(file, schema, study, root):
    config = yaml.safe_load((root / "config.yaml").read_text())
    beyond = [name for name, entry in config["models"].items() if "beyond" in entry]
    assert beyond
    config["models"] = {n: e for n, e in config["models"].items() if n not in beyond}
    assert expanded(file, schema, planned(root, config)) == expanded(file, schema, study)


@given(st.data(), mutated())
def test_claims_about_any_study_measure_cells_that_it_has(root, schema, data, config):
    """Claims drawn for a random study: every cell is one of the study's, on the claim's split."""
    try:
        study = planned(root, config)
    except (ConfigurationError, WorkflowError):
        assume(False)
    entries = sorted({m.entry for m in study.models.values()})
    models = list(study.models.values())
    quantity = st.fixed_dictionaries(
        {"model": st.sampled_from(entries), "each": st.booleans()},
        optional={
            "metric": st.sampled_from(list(METRICS)),
            "size": st.sampled_from(list(study.sizes)),
        },
    )
    claim = {"id": "c", "claim": "any", "source": "any"} | data.draw(
        st.one_of(
            st.fixed_dictionaries(
                {"kind": st.just("order")}
                | {k: st.lists(quantity, min_size=1, max_size=2) for k in ("above", "below")}
            ),
            st.fixed_dictionaries(
                {"kind": st.sampled_from(["equality", "chance"])}
                | {"of": st.lists(quantity, min_size=1, max_size=2)}
            ),
        )
    )
    split = data.draw(st.sampled_from(list(study.splits)))
    ledger = {"split": split, "margin": 0.02, "claims": [claim]}
    found, message = {}, ""
    try:
        (found,) = expand(ledger, schema, study, measured_in(study), "claims")["claims"]
    except ConfigurationError as error:
        message = str(error)
    if message:
        assert re.match(r"claims\.claims\.0 \(c\)", message)
        return
    assert found["parts"]
    for own, parts in ((split, found["parts"]), (study.honest, found["remedied"] or [])):
        for part in parts:
            for side in filter(None, (part["above"], part["below"])):
                for name, size in side["cells"]:
                    (model,) = [m for m in models if m.name == name]
                    assert size in model.sizes
                    assert own in model.splits


@given(st.dictionaries(st.sampled_from("abc"), st.integers(), min_size=1), st.text("{}abc: !"))
def test_braces_hold_nothing_but_names(values, text):
    found, message = "", ""
    try:
        found = fill(text, values, "where")
    except ConfigurationError as error:
        message = str(error)
    if message:
        assert message.startswith("where: found ")
        return
    plain = text.replace("{{", "\0").replace("}}", "\1")
    for name, value in values.items():
        plain = plain.replace(f"{{{name}}}", str(value))
    assert found == plain.replace("\0", "{").replace("\1", "}")
