"""Verdicts of real runs, computed again from raw predictions."""

import math
import shutil

import numpy as np
import pandas as pd
import pytest
import yaml
from running import ROOT, attempt, snakemake
from scipy.stats import norm, t

pytestmark = pytest.mark.slow

DATASET = "tiny-mnist"
OVR = {"model": "ovr"}
CLAIMS = {
    "split": "published",
    "margin": 0.02,
    "claims": [
        {"id": "value", "kind": "value", "of": [OVR]},
        {"id": "beats", "kind": "order", "above": [{"model": "averaged"}], "below": [OVR]},
        {"id": "chance", "kind": "chance", "of": [OVR | {"size": 2}]},
        {"id": "fall", "kind": "equality", "of": [OVR | {"metric": "fall"}], "remedied": "none"},
    ],
}


def write(folder, claims):
    """The tiny study with a split that leaks, a remedy, and claims; they are told all alike."""
    study = yaml.safe_load((ROOT / "config" / "tiny.yaml").read_text())
    study["splits"]["published"] = {"title": "p", "test": "last", "trains_as": "heldout"}
    models = study["models"]
    models["ovr"]["splits"] = ["heldout", "published"]
    models["averaged"] = models["ovr"] | {
        "title": "Averaged",
        "parameters": models["ovr"]["parameters"] | {"weights": "averaged"},
        "remedy_of": "ovr",
        "remedy": "average",
    }
    del models["averaged"]["published"]
    study["claims"] = str(folder / "claims.yaml")
    told = {"claim": "A claim", "source": "a test"}
    ledger = claims | {"claims": [claim | told for claim in claims["claims"]]}
    (folder / "claims.yaml").write_text(yaml.safe_dump(ledger))
    (folder / "study.yaml").write_text(yaml.safe_dump(study))
    return folder / "study.yaml"


@pytest.fixture(scope="session")
def judged(one_core, once):
    """The results of a study with claims."""

    def judge(folder):
        shutil.copytree(one_core, folder / "run")
        snakemake(folder / "run", "--cores", "2", study=write(folder, CLAIMS))

    return once("judged", judge) / "run" / "results" / DATASET


def right(judged, split, size, model, subset):
    """Which images each replicate labels rightly, from the files themselves."""
    folder = judged / split / f"{size}px"
    images = judged / "fresh" / f"{size}px.npz" if subset == "fresh" else folder / f"{subset}.npz"
    with np.load(folder / model / "predictions.npz") as labels, np.load(images) as truth:
        y = truth["labels"]
        return labels[subset] == (y if subset == "fresh" else y[truth["place"]])


def test_a_ledger_is_made_beside_the_tables(judged):
    ledger = pd.read_csv(judged / "claims.csv")
    assert ledger["id"].tolist() == ["value-ovr-7px", "value-ovr-2px", "beats", "chance", "fall"]
    report = (judged / "tables" / "claims.md").read_text()
    assert "Of 2 published values" in report
    assert all(f"- **{name}**: " in report for name in ledger["id"])


def test_a_value_is_held_against_raw_predictions(judged):
    row = pd.read_csv(judged / "claims.csv").set_index("id").loc["value-ovr-7px"]
    values = right(judged, "published", 7, "ovr", "test").mean(axis=1)
    half = t.ppf(0.975, 1) * values.std(ddof=1) * math.sqrt(1.5)
    assert row["measured"] == pytest.approx(values.mean())
    assert row["low"] == pytest.approx(max(0, values.mean() - half))
    inside = row["low"] - 0.005 <= 0.49 <= row["high"] + 0.005
    assert row["repeated"] == ("repeated" if inside else "not repeated")


def test_a_remedy_is_held_against_raw_predictions(judged):
    """200 training images of a pool of 300, two replicates."""
    row = pd.read_csv(judged / "claims.csv").set_index("id").loc["value-ovr-7px"]
    scores = right(judged, "heldout", 7, "averaged", "fresh").astype(float)
    images = scores.mean(axis=0)
    # Among the images z² imaginary ones, half of them right.
    z2, n = norm.ppf(0.975) ** 2, len(images)
    middle = (images.sum() + z2 / 2) / (n + z2)
    squares = ((images - middle) ** 2).sum() + z2 / 2 * (middle**2 + (1 - middle) ** 2)
    variance = (1 / 2 + 200 / 100) * scores.mean(axis=1).var(ddof=1) + squares / (n + z2) ** 2
    half = t.ppf(0.975, 1) * math.sqrt(variance)
    ends = middle - half, middle + half
    assert row["remedied"] == pytest.approx(scores.mean())
    assert (row["remedied_low"], row["remedied_high"]) == pytest.approx(np.clip(ends, 0, 1))
    interval = pd.read_csv(judged / "tables" / "intervals.csv").set_index(["model", "size"])
    shown = interval.loc[("averaged", 7), ["fresh", "sample_low", "sample_high"]]
    assert shown.tolist() == pytest.approx([scores.mean(), *np.clip(ends, 0, 1)])


def test_a_pair_is_held_against_raw_predictions(judged):
    pairs = pd.read_csv(judged / "tables" / "pairs.csv").set_index(["comparison", "size", "model"])
    row = pairs.loc[("remedy", 2, "averaged")]
    above, below = (right(judged, "heldout", 2, m, "fresh") for m in ("averaged", "ovr"))
    differences = above.mean(axis=1) - below.mean(axis=1)
    assert row["other"] == "ovr"
    assert row["difference"] == pytest.approx(differences.mean())
    wins = (differences > 0).mean() + (differences == 0).mean() / 2
    assert row["probability"] == pytest.approx(wins)


@pytest.mark.parametrize(
    ("quantity", "said"),
    [
        ({"model": "owr"}, "of.0.model: found 'owr', expected one of averaged, knn, mlp, ovr"),
        ({"model": "ovr", "size": 14}, "of.0.size: found 14, expected one of 7, 2"),
        ({"model": "ovr", "metric": "acuracy"}, "of.0.metric: found 'acuracy', expected one of"),
    ],
    ids=["model", "size", "metric"],
)
def test_a_claim_that_names_what_is_not_there_is_refused_at_start(tmp_path, quantity, said):
    wrong = CLAIMS | {"claims": [{"id": "wrong", "kind": "chance", "of": [quantity]}]}
    done = attempt(tmp_path / "run", "--cores", "1", study=write(tmp_path, wrong))
    assert done.returncode != 0
    assert said in done.stdout
    assert not (tmp_path / "run" / "results").exists()


def test_the_copied_numbers_are_what_the_default_study_makes(tmp_path):
    """Of its smallest cells, which are soon made anew."""
    splits = ("published", "heldout")
    targets = [f"results/mini-mnist/{split}/2px/ovr/metrics.csv" for split in splits]
    snakemake(tmp_path, "--cores", "2", *targets, study="config.yaml")
    accuracy = pd.read_csv(ROOT / "docs" / "results" / "accuracy.csv")
    copied = accuracy.set_index(["model", "size"]).loc[("ovr", 2)]
    made = pd.concat([pd.read_csv(tmp_path / target) for target in targets])
    means = made.groupby(["split", "subset"])["accuracy"].mean()
    assert copied["published_test_mean"] == pytest.approx(means["published", "test"])
    assert copied["heldout_test_mean"] == pytest.approx(means["heldout", "test"])
    assert copied["fresh_mean"] == pytest.approx(means["heldout", "fresh"])
