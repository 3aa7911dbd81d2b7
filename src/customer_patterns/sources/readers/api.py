"""Reads a service that delivers JSON page by page: a social platform, a CRM, a survey tool.

Pages are fetched once, one after the other, and kept as files; reading is reading JSON. A download that was interrupted
goes on at the page where it stopped. The address stands in the study file, the token in the environment variable that
the contract names, and nowhere else: it is sent as a header, to that host only, over TLS, and in no message.

The standard library fetches: one GET at a time needs no more, and its redirections can be refused.
"""

from __future__ import annotations

import http.client
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from customer_patterns.sources.fetched import Download, anew, download_for, is_outdated, opened
from customer_patterns.sources.raw import WHOLE_FILE, DeliveredFile, DeliveryError, Raw, repair_frame
from customer_patterns.sources.readers import json as json_reader
from customer_patterns.sources.readers.addresses import (
    LOCAL,
    Elsewhere,
    SameHost,
    check_address,
    found_at,
    next_address,
    origin_of,
    token_of,
    with_parameter,
)
from customer_patterns.sources.readers.attempts import PASSING, Again, asked_to_wait
from customer_patterns.sources.readers.json_records import Syntax, digest_of
from customer_patterns.study import Source

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend


#: Bytes that one page may have.
PAGE_LIMIT = 64_000_000


#: Pages that one download may have.
PAGES_LIMIT = 100_000


#: Seconds to wait for an answer.
PATIENCE = 60


#: How often one page is asked for, and the longest wait between.
ATTEMPTS, LONGEST_WAIT = 6, 300


#: Pages without anything new that are taken for a hiccup; more are taken for a circle.
STALE_PAGES = 3


def fetch(
    source: Source, *, folder: Path, as_of: date, sleep: Callable[[float], None] = time.sleep
) -> tuple[DeliveredFile, ...]:
    """Fetch all pages, go on with those that are missing, or find the pages that were fetched for this day.

    Parameters
    ----------
    source
        ``location`` is the address of the first page; ``connection`` names the environment variable that holds the
        token, if the service wants one; ``format`` says where the records are and how pages follow each other.
    folder
        Where downloads of the study lie.
    as_of
        The study's last moment; see :mod:`~customer_patterns.sources.fetched`.
    sleep
        Waits so many seconds.

    Returns
    -------
    tuple
        The download as one file: the folder of its pages.

    Raises
    ------
    DeliveryError
        ``E_ADDRESS``, ``E_TOKEN``, ``E_SERVICE`` (after several attempts, or where pages go in a circle),
        ``E_TOO_BIG``, ``E_NOT_JSON``, ``E_RECORDS``, ``E_INCOMPLETE`` (fewer records than the
        service says). What arrived is kept.
    """
    check_address(source, source.location)
    download = download_for(source, folder=folder, as_of=as_of)
    if is_outdated(download, source, as_of=as_of, ask=watched):
        download = anew(download, source)
    if download.about is None:
        _Fetching(source, download, sleep).run()
    pages = download.files(source)
    size = sum(page.size for page in pages)
    return (DeliveredFile(download.name, download.folder, download.sha256, size),)


def watched(source: Source) -> dict[str, Any]:
    """Ask a service once for its first page: what its contract watches there, and a digest of the page's records.

    Raises
    ------
    DeliveryError
        As of :func:`fetch`.
    """
    check_address(source, source.location)
    fetching = _Fetching(source, Download(Path(), source.name), time.sleep, attempts=1)
    return fetching.watched(fetching.first_page())


def read(backend: Backend, source: Source, files: tuple[DeliveredFile, ...]) -> Raw:
    """Read the pages that were fetched.

    Parameters
    ----------
    files
        One download.

    Returns
    -------
    Raw
        One row per record, each once; see :func:`customer_patterns.sources.readers.json.read_pages`. A total of the
        service that differs from what came is among the repairs (``S_TOTAL``).
    """
    (file,) = files
    download = opened(file)
    raw = json_reader.read_pages(backend, source, file, download.files(source))
    if download.about["total"] in (None, download.about["records"]):
        return raw
    note = {"file": 0, "line": WHOLE_FILE, "code": "S_TOTAL", "column": source.format.total}
    return replace(raw, repairs=repair_frame([*raw.repairs.to_dict("records"), note]))


class _Fetching:
    """A download while it goes on."""

    def __init__(
        self, source: Source, download: Download, sleep: Callable[[float], None], attempts: int = ATTEMPTS
    ) -> None:
        self._source, self._download, self._sleep, self._attempts = source, download, sleep, attempts
        self._headers = {"Accept": "application/json", "Accept-Encoding": "identity", **token_of(source)}
        own = [urllib.request.ProxyHandler({})] if urlsplit(source.location).hostname in LOCAL else []
        self._opener = urllib.request.build_opener(SameHost(), *own)
        self._syntax = Syntax()

    def run(self) -> None:
        """Fetch page after page until the service says that there are no more."""
        taken = self._download.taken
        address = taken[-1]["next"] if taken else self._first()
        asked, contents, stale = {page["address"] for page in taken}, {page["content"] for page in taken}, 0
        while address is not None:
            if asked:
                self._sleep(self._source.format.throttle)
            if len(asked) >= PAGES_LIMIT:
                raise self._refusal(f"it has more than {PAGES_LIMIT:,} pages", "E_TOO_BIG", address)
            body, page, records = self._page(address)
            asked.add(address)
            following = self._following(page, address, len(records))
            content = digest_of(records).hex()
            stale = stale + 1 if content in contents and records else 0
            contents.add(content)
            if stale > STALE_PAGES or (following is not None and following in asked):
                raise self._refusal("its pages go in a circle", "E_SERVICE", address, "correct how pages follow")
            name = f"page-{len(taken) + 1:06d}.json"
            self._download.part(name).write_bytes(body)
            total = found_at(page, self._source.format.total) if self._source.format.total else None
            self._download.take(name, address=address, next=following, content=content, total=total)
            address = following
        self._finish()

    def _finish(self) -> None:
        """Compare what came with what the service says it has."""
        totals = [page["total"] for page in self._download.taken if page["total"] is not None]
        records, earlier = 0, set()
        for page in self._download.taken:
            found = self._parse((self._download.folder / page["name"]).read_bytes())[1]
            digests = [digest_of(record) for record in found]
            records += sum(digest not in earlier for digest in digests)
            earlier |= set(digests)
        total = None
        if totals:
            try:
                total = int(totals[-1])
            except (TypeError, ValueError):
                self._download.forget()
                raise self._refusal("its total is no number", "E_RECORDS", None, "correct 'total'") from None
            if total - records > total * self._source.format.worst_share:
                self._download.forget()
                raise self._refusal(f"{records:,} records came, of {total:,} that it says it has", "E_INCOMPLETE")
        about = {"records": records, "total": total}
        if self._source.watch is not None:
            first = (self._download.folder / self._download.taken[0]["name"]).read_bytes()
            about["watched"] = self.watched(self._parse(first))
        self._download.finish(**about)

    def first_page(self) -> tuple[Any, list[Any]]:
        """Ask for the first page: its content and its records."""
        return self._page(self._first())[1:]

    def watched(self, page: tuple[Any, list[Any]]) -> dict[str, Any]:
        """What the contract watches on the first page, and a digest of its records."""
        content, records = page
        said = {path: found_at(content, path) for path in self._source.watch or ()}
        return {**said, "first records": digest_of(records).hex()}

    # Pages ----------------------------------------------------------------------------------------------------------

    def _first(self) -> str:
        """The address of the first page."""
        paging = self._source.format.page
        if paging is None or paging.parameter in dict(parse_qsl(urlsplit(self._source.location).query)):
            return self._source.location
        return with_parameter(self._source.location, paging.parameter, str(paging.first))

    def _following(self, page: Any, address: str, records: int) -> str | None:
        """The address of the next page; ``None`` where this was the last."""
        following = next_address(self._source.format, page, address, records)
        if following is not None and origin_of(following) != origin_of(self._source.location):
            raise self._refusal("its next page is at another host", "E_ADDRESS", following)
        return following

    def _page(self, address: str) -> tuple[bytes, Any, list[Any]]:
        """One page, asked for until it comes: its bytes, its content, its records."""
        for attempt in range(1, self._attempts + 1):
            try:
                body = self._get(address)
                return body, *self._parse(body)
            except Again as again:
                if again.wait is not None and again.wait > LONGEST_WAIT:
                    asks = f"it asks to wait {again.wait:,.0f} seconds ({again.why})"
                    raise self._refusal(asks, "E_SERVICE", address) from None
                if attempt == self._attempts:
                    raise self._refusal(f"{again.why}, {attempt} times", again.code, address) from None
                self._sleep(max(2.0 ** (attempt - 1), again.wait or 0.0))
        raise AssertionError("the last attempt returns or raises")

    def _get(self, address: str) -> bytes:
        request = urllib.request.Request(address, headers=self._headers)
        try:
            with self._opener.open(request, timeout=PATIENCE) as response:
                body = response.read(PAGE_LIMIT + 1)
                promised = response.headers.get("Content-Length")
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in (401, 403):
                raise self._refusal(f"it answers {error.code}", "E_TOKEN", address) from None
            if error.code in PASSING:
                raise Again(f"it answers {error.code}", asked_to_wait(error.headers)) from None
            raise self._refusal(f"it answers {error.code}", "E_SERVICE", address, "correct 'location'") from None
        except urllib.error.URLError as error:
            if isinstance(error.reason, ssl.SSLCertVerificationError):
                raise self._refusal("its certificate is not valid", "E_ADDRESS", address) from None
            if isinstance(error.reason, Elsewhere):
                raise self._refusal("it sends to another host", "E_ADDRESS", address, "name that host") from None
            raise Again(f"it cannot be reached ({type(error.reason).__name__})") from None
        except (OSError, http.client.HTTPException) as error:
            raise Again(f"it broke off ({type(error).__name__})") from None
        if len(body) > PAGE_LIMIT:
            raise self._refusal(
                f"a page has more than {PAGE_LIMIT:,} bytes", "E_TOO_BIG", address, "ask for smaller pages"
            )
        if promised is not None and promised.isdigit() and len(body) < int(promised):
            raise Again("it broke off")
        return body

    def _parse(self, body: bytes) -> tuple[Any, list[Any]]:
        """The content of a page and its records."""
        try:
            text = body.decode("utf-8-sig" if self._source.format.encoding == "utf-8" else self._source.format.encoding)
            page, end = self._syntax.decode(text.strip())
            if end != len(text.strip()):
                raise ValueError
        except ValueError:
            raise Again("it answers with what is no JSON", code="E_NOT_JSON") from None
        records = found_at(page, self._source.format.records)
        if not isinstance(records, list):
            place = f"'{self._source.format.records}'" if self._source.format.records else "the top"
            raise self._refusal(f"there is no list at {place}", "E_RECORDS")
        return page, records

    def _refusal(self, what: str, code: str, address: str | None = None, remedy: str = "") -> DeliveryError:
        """Say what went wrong, with the host and the path; a query may hold what is nobody's business."""
        place = urlsplit(address or self._source.location)
        return DeliveryError(
            what, table=self._source.name, file=f"{place.hostname}{place.path}", code=code, remedy=remedy
        )
