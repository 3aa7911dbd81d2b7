"""Delivered files before any format: where they lie, whether they are whole, how they unpack."""

import gzip
import hashlib
import zipfile

import pytest

from customer_patterns.sources import DeliveryError
from customer_patterns.sources.files import unpacking
from customer_patterns.study.places import OUTPUT_ROOT
from tests.sources.deliveries import collected, contract, files_of, lines, put, study


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path))
    return tmp_path


def refused(code, source):
    """Object unless the delivery is refused with this code; return the message."""
    with pytest.raises(DeliveryError) as error:
        collected(study(source))
    assert error.value.code == code, str(error.value)
    return str(error.value)


def records(source):
    return int(collected(study(source)).account.at[0, "kept"])


def zipped(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_location_is_a_file_a_folder_a_pattern_or_an_archive(root):
    for day in (2, 10, 1):
        put(root, f"daily/lines_{day:02}.csv", lines(day, first=day * 100))
    put(root, "daily/.hidden.csv", "x")
    put(root, "daily/web_01.csv.gz", lines(4))
    zipped(root / "all.zip", {"b.csv": lines(2), "a/c.csv": lines(3, first=9), "__MACOSX/._b.csv": "junk", "a/": ""})
    days = [f"daily/lines_{day}.csv" for day in ("01", "02", "10")]
    assert files_of(contract("daily/lines_01.csv")) == days[:1]
    assert files_of(contract("daily/lines_*.csv")) == days
    assert files_of(contract("daily")) == [*days, "daily/web_01.csv.gz"]
    assert files_of(contract("*/lines_0?.csv")) == days[:2]
    assert files_of(contract("all.zip")) == ["all.zip/a/c.csv", "all.zip/b.csv"]
    assert files_of(contract("all.zip/b.csv")) == ["all.zip/b.csv"]
    assert records(contract("daily")) == 1 + 2 + 10 + 4
    assert records(contract("all.zip")) == 2 + 3


def test_a_packed_file_in_an_archive_is_unpacked_twice(root):
    zipped(root / "all.zip", {"a.csv.gz": gzip.compress(lines(3).encode())})
    assert records(contract("all.zip")) == 3


@pytest.mark.parametrize("location", ["none.csv", "no/folder", "none_*.csv", "all.zip/none.csv", "empty"])
def test_what_is_not_there_is_refused_with_what_to_do(root, location):
    zipped(root / "all.zip", {"a.csv": lines(1)})
    (root / "empty").mkdir()
    said = refused("E_ZIP" if "zip" in location else "E_MISSING", contract(location))
    assert "correct 'location'" in said


@pytest.mark.parametrize("content", [b"receipt,customer\n", gzip.compress(lines(900).encode())[:-40], b"\x1f\x8b\x08"])
def test_a_packed_file_that_is_cut_or_not_packed_is_refused(root, content):
    (root / "lines.csv.gz").write_bytes(content)
    refused("E_GZIP", contract("lines.csv.gz"))


def test_an_archive_that_is_none_is_refused(root):
    (root / "lines.zip").write_bytes(b"PK\x03\x04 nothing")
    refused("E_ZIP", contract("lines.zip"))


@pytest.mark.parametrize("packer", ["gz", "zip"])
def test_a_file_that_unpacks_to_more_than_is_honest_is_refused_before_it_is_read(root, monkeypatch, packer):
    monkeypatch.setattr(unpacking, "ALWAYS_ALLOWED", 1_000_000)
    bomb = lines(1).encode() + b"\n" * 30_000_000
    if packer == "gz":
        (root / "lines.csv.gz").write_bytes(gzip.compress(bomb))
        refused("E_TOO_BIG", contract("lines.csv.gz"))
    else:
        zipped(root / "lines.zip", {"a.csv": bomb})
        refused("E_TOO_BIG", contract("lines.zip"))


def test_many_alike_records_are_no_bomb(root):
    put(root, "lines.csv.gz", lines(20_000))
    assert records(contract("lines.csv.gz")) == 20_000


@pytest.mark.parametrize("beside", ["lines.csv.sha256", "SHA256SUMS"])
def test_a_checksum_beside_a_file_is_verified(root, beside):
    path = put(root, "in/lines.csv", lines(3))
    right = hashlib.sha256(path.read_bytes()).hexdigest()
    put(root, f"in/{beside}", f"{right.upper()}  lines.csv\n")
    assert records(contract("in")) == 3
    flipped = bytearray(path.read_bytes())
    flipped[-5] ^= 1
    path.write_bytes(flipped)
    assert beside in refused("E_CHECKSUM", contract("in"))
    put(root, f"in/{beside}", "not a checksum\n")
    refused("E_CHECKSUM", contract("in"))


def test_a_checksum_of_another_file_says_nothing(root):
    put(root, "in/lines.csv", lines(3))
    put(root, "in/SHA256SUMS", f"{'0' * 64}  other.csv\n# made by hand\n\n")
    assert records(contract("in")) == 3


def test_a_cut_parquet_file_is_refused(root):
    (root / "lines.parquet").write_bytes(b"PAR1 and so on, but not to the end")
    refused("E_PARQUET", contract("lines.parquet", reader="parquet"))


def test_a_flipped_bit_that_parquet_does_not_see_is_seen_by_the_checksum(root):
    import pandas as pd

    path = root / "lines.parquet"
    frame = pd.DataFrame({"receipt": ["R1"], "customer": ["C1"], "product": ["P1"], "pieces": [1], "paid": [2.5]})
    frame.assign(sold=pd.Timestamp("2026-01-05")).to_parquet(path, compression=None)
    put(root, "lines.parquet.sha256", hashlib.sha256(path.read_bytes()).hexdigest())
    source = contract("lines.parquet", reader="parquet")
    assert records(source) == 1
    data = bytearray(path.read_bytes())
    data[data.index(b"R1") + 1] ^= 1
    path.write_bytes(data)
    refused("E_CHECKSUM", source)


def test_the_name_of_a_file_says_when_it_was_handed_over(root):
    put(root, "in/lines_20260105.csv.gz", lines(2))
    put(root, "in/lines_20260120.csv", lines(3, first=5, sold="2026-01-04"))
    source = contract("in", loaded_at={"file": "lines_%Y%m%d"})
    assert records(source) == 5
    early = collected(study(source), as_of=study(source).first_day.replace(day=10)).account
    assert early.at[0, "files"] == 1
    assert early.at[0, "kept"] == 2
    put(root, "in/odd.csv", lines(1))
    assert "does not say when" in refused("E_SCHEMA", source)
