"""What modules say of themselves is read without importing them."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fewpixels.staleness.literals import literal, parsed


def test_a_literal_is_read_without_importing_its_module(tmp_path):
    file = tmp_path / "family.py"
    file.write_text(
        "import nothing_of_that_name\nA = {'k': [1, -2.5, True]}\nB: int = 3\nC = f()\n"
    )
    assert literal(file, "A") == {"k": [1, -2.5, True]}
    assert literal(file, "B") == 3
    with pytest.raises(ValueError, match=r"family\.py: found no D, expected a literal"):
        literal(file, "D")
    with pytest.raises(ValueError, match=r"family\.py: found C = f\(\), expected a literal"):
        literal(file, "C")
    assert literal(file, "D", 7) == 7
    assert literal(file, "B", 7) == 3


@given(st.binary(max_size=20) | st.sampled_from([b"A = 1", b"def f():\n    pass"]))
def test_any_file_is_parsed_or_refused_as_no_python(tmp_path_factory, content):
    file = tmp_path_factory.mktemp("any") / "any.py"
    file.write_bytes(content)
    try:
        ast.parse(content)
    except (SyntaxError, ValueError):
        with pytest.raises(SyntaxError):
            parsed(file)
    else:
        assert ast.dump(parsed(file)) == ast.dump(ast.parse(content))
