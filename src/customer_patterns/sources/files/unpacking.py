"""The bytes of a delivered file, unpacked while they are read, and never more than an honest file can hold."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from customer_patterns.sources.raw import DeliveredFile, DeliveryError

#: A packed file may unpack to so many times its size; text of records packs five to thirty times.
LARGEST_RATIO = 200
#: Up to so many bytes nobody asks.
ALWAYS_ALLOWED = 64 * 1024 * 1024

_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"


class _Bounded(io.RawIOBase):
    """A stream that ends in a refusal once it has given more than its file can honestly hold."""

    def __init__(self, stream: BinaryIO, *, most: int, file: DeliveredFile, table: str, code: str) -> None:
        self._stream, self._most, self._given = stream, most, 0
        self._file, self._table, self._code = file, table, code

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def read(self, size: int = -1) -> bytes:
        try:
            data = self._stream.read(size)
        except (EOFError, OSError, zlib.error, zipfile.BadZipFile, RuntimeError) as error:
            reason = str(error).strip() or type(error).__name__
            raise DeliveryError(
                f"it cannot be unpacked ({reason})", table=self._table, file=self._file.name, code=self._code
            ) from None
        self._given += len(data)
        if self._given > self._most:
            raise DeliveryError(
                f"its {self._file.size:,} bytes unpack to more than {self._most:,}",
                table=self._table,
                file=self._file.name,
                code="E_TOO_BIG",
            )
        return data

    def close(self) -> None:
        self._stream.close()
        super().close()


@contextmanager
def open_bytes(file: DeliveredFile, *, table: str = "") -> Iterator[BinaryIO]:
    """Open a delivered file for reading; ``.gz`` and members of archives are unpacked on the way.

    Parameters
    ----------
    file
        A file, a ``.gz`` file, or a member of a zip archive.
    table
        For messages.

    Raises
    ------
    DeliveryError
        ``E_MISSING``, ``E_GZIP``, ``E_ZIP`` for a file that cannot be opened or unpacked; ``E_TOO_BIG`` while reading
        where it unpacks to more than ``LARGEST_RATIO`` times its size and ``ALWAYS_ALLOWED`` bytes.
    """
    most = max(ALWAYS_ALLOWED, file.size * LARGEST_RATIO)
    try:
        if file.member:
            with zipfile.ZipFile(file.path) as archive:
                info = archive.getinfo(file.member)
                most = max(ALWAYS_ALLOWED, info.compress_size * LARGEST_RATIO)
                with archive.open(info) as stream:
                    unpacked = _Bounded(stream, most=most, file=file, table=table, code="E_ZIP")
                    if info.filename.lower().endswith(".gz"):
                        packed = gzip.GzipFile(fileobj=unpacked)
                        unpacked = _Bounded(packed, most=most, file=file, table=table, code="E_GZIP")
                    yield unpacked
        elif file.path.suffix.lower() == ".gz":
            with file.path.open("rb") as packed:
                if packed.read(2) != _GZIP:
                    raise DeliveryError("it is not compressed", table=table, file=file.name, code="E_GZIP")
                packed.seek(0)
                with gzip.GzipFile(fileobj=packed) as stream:
                    yield _Bounded(stream, most=most, file=file, table=table, code="E_GZIP")
        else:
            with file.path.open("rb") as stream:
                yield stream
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError) as error:
        raise DeliveryError(f"it cannot be unpacked ({error})", table=table, file=file.name, code="E_ZIP") from None
    except OSError as error:
        raise DeliveryError(
            f"it cannot be read ({error.strerror or error})", table=table, file=file.name, code="E_MISSING"
        ) from None


def members(file: DeliveredFile, *, table: str = "") -> list[str]:
    """Return the names of all files in a zip archive, in order of name, without those that packers add."""
    try:
        with zipfile.ZipFile(file.path) as archive:
            names = [info.filename for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, OSError) as error:
        raise DeliveryError(f"it is no zip archive ({error})", table=table, file=file.name, code="E_ZIP") from None
    return sorted(n for n in names if not n.startswith("__MACOSX/") and not n.split("/")[-1].startswith("."))
