"""What is no workbook, is locked, or would unpack to too much: refused before any of it is unpacked."""

from __future__ import annotations

import zipfile

from customer_patterns.sources.raw import DeliveredFile, DeliveryError
from customer_patterns.study import Source

#: Bytes that a workbook may unpack to, and how many times its size above ``SMALL``.
UNPACKED_LIMIT, TIMES_LIMIT, SMALL = 1_000_000_000, 100, 50_000_000
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def refuse_others(source: Source, file: DeliveredFile) -> None:
    """Object to what is no workbook, is locked, or would unpack to too much, before any of it is unpacked."""

    def refusal(what: str, code: str, remedy: str = "") -> DeliveryError:
        return DeliveryError(what, table=source.name, file=file.name, code=code, remedy=remedy)

    data = file.path.open("rb")
    with data:
        start = data.read(8)
        if not start:
            raise refusal("nothing is in it", "E_EMPTY")
        if start == _OLE:
            locked = "EncryptedPackage".encode("utf-16-le") in data.read()
            if locked:
                raise refusal("it is protected by a password", "E_PASSWORD")
            raise refusal("it is a workbook in the old format xls", "E_NOT_EXCEL")
    if not zipfile.is_zipfile(file.path):
        raise refusal("it is no workbook", "E_NOT_EXCEL", "if it is delimited text, write 'reader: csv'")
    with zipfile.ZipFile(file.path) as archive:
        members = archive.infolist()
        unpacked = sum(member.file_size for member in members)
        size = max(file.path.stat().st_size, 1)
        if unpacked > UNPACKED_LIMIT or (unpacked > SMALL and unpacked / size > TIMES_LIMIT):
            raise refusal(f"it would unpack to {unpacked:,} bytes, from {size:,}", "E_TOO_BIG")
        if not any(member.filename.lower().startswith("xl/workbook") for member in members):
            raise refusal("it is an archive, but no workbook", "E_NOT_EXCEL")
        if any(member.filename.endswith("workbook.bin") for member in members):
            raise refusal("it is a workbook in the format xlsb", "E_NOT_EXCEL")
        if any(member.flag_bits & 1 for member in members):
            raise refusal("it is protected by a password", "E_PASSWORD")
        if damaged := archive.testzip():  # a part under another name would be passed over: dates become numbers
            raise refusal(f"its part {damaged!r} is damaged", "E_NOT_EXCEL", "ask for the file again")
