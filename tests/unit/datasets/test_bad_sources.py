"""IDX files, folders and tables of rows that are wrong: each is refused in one exact line."""

import gzip
import struct
import zlib
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from own_files import encode, options
from PIL import Image

from fewpixels.datasets import DatasetError, _download, csv, folder, idx, parquet

IMAGES = np.arange(32).reshape(8, 2, 2)
LABELS = np.array([1, 0, 1, 1, 0, 1, 0, 1])
RIGHT = encode(IMAGES, 8)
IDX = "expected a whole IDX file, packed by gzip or not; get another copy"
HUGE = struct.pack(">HBB3I", 0, 8, 3, 2**31, 2**10, 2**10)
FILES = {
    "nothing": (b"", "found nothing at the beginning, expected 00 00, a type and 03, an IDX file "),
    "labels": (encode(LABELS, 8), "found 00 00 08 01 at the beginning, expected 00 00, a type and"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "found 89 50 4e 47 at the beginning, expected 00 00, "),
    "no type": (b"\0\0\x0a\3", "found 00 00 0a 03 at the beginning, expected 00 00, a type and 03"),
    "half a header": (
        RIGHT[:7],
        "found a header of 7 bytes, expected 16; get another copy",
    ),
    "a pixel less": (RIGHT[:-1], "found 31 bytes behind the header, expected 32, 8 × 2 × 2 of "),
    "a pixel more": (RIGHT + b"\0", "found more bytes behind the header, expected 32, 8 × "),
    "a header beyond memory": (HUGE, f"found {2**51} bytes by its header, expected {2**31} at the"),
    "a bomb": (
        gzip.compress(RIGHT + bytes(2**24)),
        "found more bytes behind the header, expected ",
    ),
    "packed and cut": (gzip.compress(RIGHT)[:-9], "found Compressed file ended before the end-of-"),
    "packed and changed": (gzip.compress(RIGHT)[:-8] + bytes(8), "found CRC check failed "),
}


def error_of(load, given, where):
    """The one line that options are refused with, without the file's name."""
    with pytest.raises(DatasetError) as caught:
        load(given)
    (said,) = str(caught.value).splitlines()
    assert said.startswith(f"{where}: ")
    return said.removeprefix(f"{where}: ")


@pytest.fixture
def idx_options(tmp_path):
    (tmp_path / "l").write_bytes(encode(LABELS, 8))
    return partial(options, "idx", folder=str(tmp_path), images="i", labels="l", fresh_per_class=1)


@pytest.mark.parametrize("case", FILES)
def test_a_wrong_idx_file_is_refused_in_one_line(case, idx_options, tmp_path):
    content, expected = FILES[case]
    (tmp_path / "i").write_bytes(content)
    assert error_of(idx.load, idx_options(), tmp_path / "i").startswith(expected)


def test_what_goes_with_no_idx_file(idx_options, tmp_path):
    (tmp_path / "i").write_bytes(encode(IMAGES, 8))
    assert len(idx.load(idx_options()).images) == 6
    assert error_of(idx.load, idx_options(labels="other"), tmp_path) == (
        "found neither other nor other.gz, expected one; correct the path or the name, or give an "
        "address"
    )
    sums = {"x": "0" * 64}
    assert error_of(idx.load, idx_options(sha256=sums), "options.sha256") == (
        "found x, expected one of i, l; correct the name"
    )
    elsewhere = idx_options(labels="other", address="https://localhost/", sha256={})
    assert error_of(idx.load, elsewhere, "options.sha256") == (
        "found none of other, expected that of the unpacked file, which an address needs; add it"
    )


@pytest.mark.parametrize("kind", ["whole", "wrong", "cut", "large", "plain"])
def test_a_download_is_unpacked_and_kept_just_if_it_is_right(kind, tmp_path, monkeypatch):
    """Without a network: what stands in for it writes the file that the address has."""
    content, right = encode(LABELS, 8), sha256(encode(LABELS, 8)).hexdigest()
    served = {
        "whole": gzip.compress(content),
        "wrong": gzip.compress(content + b"x"),
        "cut": gzip.compress(content)[:-5],
        "large": gzip.compress(bytes(2**21)),
        "plain": content,
    }[kind]
    asked = []

    def fetch(self, url, output, pooch):
        asked.append(url)
        with open(output, "wb") as file:
            file.write(served)

    monkeypatch.setattr("pooch.HTTPDownloader.__call__", fetch)
    monkeypatch.setattr(_download, "LARGEST", 2**20)
    address = "https://example.org/l.gz"
    load = partial(_download.local, address, right, tmp_path / "kept", unpack=True)
    if kind in ("whole", "plain"):
        assert load().read_bytes() == load().read_bytes() == content
        assert [file.name for file in (tmp_path / "kept").iterdir()] == [right]
    else:
        said = error_of(lambda _: load(), None, address)
        assert said.startswith("found ")
        assert list((tmp_path / "kept").iterdir()) == []
    assert asked == [address]


def picture(mode, size=(4, 4), value=7):
    return Image.new(mode, size, value)


def saved(image, path):
    path.parent.mkdir(exist_ok=True)
    image.save(path)


@pytest.fixture
def pictures(tmp_path):
    """Three grey images of each of two classes, and options that name them."""
    for i, name in enumerate("aaabbb"):
        (tmp_path / "p" / name).mkdir(parents=True, exist_ok=True)
        saved(picture("L", value=i), tmp_path / "p" / name / f"{i}.png")
    return partial(options, "folder", folder=str(tmp_path / "p"), fresh_per_class=1)


def bomb(path):
    """A PNG of 65,000 × 65,000 pixels, in a hundred bytes."""
    head = struct.pack(">2I5B", 65000, 65000, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    parts = [
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    ]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))


def cut(path):
    saved(Image.effect_noise((64, 64), 50), path)
    path.write_bytes(path.read_bytes()[:900])


def clear(path):
    saved(Image.new("LA", (4, 4), (7, 0)), path)


PICTURES = {
    "colour": (
        lambda p: saved(picture("RGB", value=(1, 2, 3)), p),
        "found colour (RGB), expected grey; set grey: true to convert it",
    ),
    "palette": (
        lambda p: saved(picture("P"), p),
        "found colour (P), expected grey; set grey: true to convert it",
    ),
    "transparent": (clear, "found transparent pixels, expected none; flatten the image"),
    "oblong": (
        lambda p: saved(picture("L", (4, 5)), p),
        "found 5 × 4 pixels, expected a square; set pad: black or pad: white, or cut it",
    ),
    "larger": (
        lambda p: saved(picture("L", (5, 5)), p),
        "found 5 × 5 pixels of 8 bits, expected 4 × 4 pixels of 8 bits as in ",
    ),
    "16 bits": (
        lambda p: saved(Image.fromarray(np.full((4, 4), 999, np.uint16)), p),
        "found 4 × 4 pixels of 16 bits, expected 4 × 4 pixels of 8 bits as in ",
    ),
    "cut": (cut, "found "),
    "text": (lambda p: p.write_text("hello"), "found cannot identify image file "),
    "bomb": (bomb, "found "),
    "a folder": (lambda p: p.mkdir(), "found [Errno 21] Is a directory: "),
}


@pytest.mark.parametrize("case", PICTURES)
def test_a_wrong_picture_is_refused_in_one_line(case, pictures, tmp_path):
    write, expected = PICTURES[case]
    path = tmp_path / "p" / "b" / "7.png"
    write(path)
    assert error_of(folder.load, pictures(), path).startswith(expected)


def test_colour_becomes_grey_and_oblong_square_just_as_asked(pictures, tmp_path):
    path = tmp_path / "p" / "a" / "0.png"
    colour = np.arange(24, dtype=np.uint8).reshape(4, 2, 3) * 10
    saved(Image.fromarray(colour), path)
    image = folder.load(pictures(grey=True, pad="white")).images[0]
    assert (image[:, [0, 3]] == 255).all()
    weighted = colour @ [0.299, 0.587, 0.114]
    np.testing.assert_allclose(image[:, 1:3], weighted, atol=1)
    small = folder.load(pictures(grey=True, pad="black", side=2)).images[0]
    np.testing.assert_allclose(small, weighted.reshape(2, 2, 2).mean(axis=1) / 2, atol=1)


def test_what_goes_with_no_folder(pictures, tmp_path):
    place = tmp_path / "p"
    assert error_of(folder.load, pictures(side=5), place / "a" / "0.png") == (
        "found 4 pixels a side, expected side, 5, or more; lower it"
    )
    gone = str(tmp_path / "gone")
    assert error_of(folder.load, pictures(folder=gone), gone) == (
        "found no such folder, expected one; correct the path"
    )
    flat = tmp_path / "flat"
    flat.mkdir()
    Image.new("L", (2, 2)).save(flat / "0.png")
    for read in (folder.load, folder.outline):
        assert error_of(read, pictures(folder=str(flat)), flat) == (
            "found no files in folders, expected a folder for each class, as in "
            f"{flat}/cat/1.png; move the images there"
        )
    assert error_of(folder.load, pictures(fresh_folder=str(place)), place).startswith(
        "found a fresh_folder, expected none to go with fresh_per_class, 1; "
    )
    (place / ".hidden").mkdir()
    (place / "a" / ".hidden").write_text("")
    assert len(folder.load(pictures()).images) == 4


ROWS = {
    "no labels": ("a,b\n1,2\n", "found no column 'label', expected one of labels; set label to "),
    "no square": ("label,a,b\n0,1,2\n1,1,2\n", "found 2 columns besides the labels', expected a "),
    "text": ("label,a\n0,1\n1,x\n", "found str in the column 'a', expected pixels in all columns"),
    "a pixel missing": ("label,a\n0,1\n1,\n", "found str in the column 'a', expected pixels in "),
    "too few": ("label,a,b,c,d\n0,1,2,3,4\n1,2\n", "found "),
    "too many": ("label,a\n0,1\n1,2,3\n", "found "),
    "empty": ("", "found No columns to parse from file, expected a table with a row an image; "),
    "no rows": ("label,a\n", "found "),
    "not a number": ("label,a\n0,1\n1,nan\n", "found "),
    "infinite": ("label,a\n0,1\n1,inf\n", "found the pixel inf in image 1, expected finite "),
    "no name": ("label,a\n0,1\n,2\n", "found the label '', expected 1 to 100 printable "),
    "bytes": ("label,a\n0,1\n\udcff,2\n", "found 'utf-8' codec can't decode byte 0xff in "),
}


@pytest.mark.parametrize("case", ROWS)
def test_wrong_rows_are_refused_in_one_line(case, tmp_path):
    text, expected = ROWS[case]
    path = tmp_path / "rows"
    path.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(DatasetError) as caught:
        csv.load(options("csv", file=str(path)))
    (said,) = str(caught.value).splitlines()
    assert said.startswith(f"{path}: ")
    assert expected in said


def test_wrong_parquet_files_are_refused_in_one_line(tmp_path, monkeypatch):
    path = tmp_path / "rows"
    given = options("parquet", file=str(path), fresh_per_class=0)
    path.write_bytes(b"PAR1hello")
    assert error_of(parquet.load, given, path).startswith("found ")
    pd.DataFrame({"label": ["a", None], "p": [1, 2]}).to_parquet(path)
    assert error_of(parquet.load, given, path).startswith("labels: found ")
    pd.DataFrame({"label": ["a", "b"], "p": [1, None]}).to_parquet(path)
    assert error_of(parquet.load, given, path).startswith("images: found the pixel nan in image 1")
    monkeypatch.setattr(parquet, "LARGEST", 24)
    assert error_of(parquet.load, given, path).startswith("found 4 numbers by its header, expected")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("delta", "found a way of storing columns that is not read (encoding 5)"),
        ("split", "found a way of storing columns that is not read (encoding 9)"),
        ("crash", "found damage that no reader survives, expected a table with a row an image"),
        ("endless", "found that reading it takes more than 2 seconds, expected a table"),
    ],
)
def test_parquet_files_that_fastparquet_cannot_be_trusted_with_are_refused(
    name, expected, monkeypatch
):
    """It reads some encodings wrongly; two files with damage end its process, or never end it."""
    monkeypatch.setattr(parquet, "_SECONDS", 2)
    path = Path(__file__).parent / "parquet" / f"{name}.parquet"
    given = options("parquet", file=str(path), fresh_per_class=0)
    assert error_of(parquet.load, given, path).startswith(expected)


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        ({"count": 31}, "found a damaged header"),
        ({"values": 29}, "found 29 values in a column of 30 rows"),
        ({"rows": -1, "values": -1, "count": -1}, "found a damaged header"),
        ({"names": ["p", "p"]}, "found columns within columns, or two of a name"),
    ],
)
def test_parquet_headers_that_contradict_themselves_are_refused(damage, expected):
    """Rows that are not there would be read from memory that nobody wrote."""
    told = {"count": 30, "rows": 30, "values": 30, "names": ["label", "p"]} | damage
    chunk = SimpleNamespace(num_values=told["values"], encodings=[0, 3])
    column = SimpleNamespace(meta_data=chunk)
    group = SimpleNamespace(num_rows=told["rows"], columns=[column, column])
    schema = [SimpleNamespace(name=name) for name in ["schema", *told["names"]]]
    file = SimpleNamespace(
        count=lambda: told["count"],
        columns=told["names"],
        fmd=SimpleNamespace(schema=schema, row_groups=[group]),
    )
    with pytest.raises(DatasetError, match=expected):
        parquet._check(file, Path("x.parquet"))
