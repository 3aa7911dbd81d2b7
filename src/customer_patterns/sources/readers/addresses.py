"""Addresses of a service's pages: which are allowed, with which token, and what stands at a path of a page."""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from customer_patterns.sources.raw import DeliveryError
from customer_patterns.study import Source
from customer_patterns.study.format import Format

if TYPE_CHECKING:
    pass


LOCAL = ("localhost", "127.0.0.1", "::1")


class SameHost(urllib.request.HTTPRedirectHandler):
    """Follows a redirection only within the host: the token is for no other."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        """Return the request to make instead, or raise."""
        if origin_of(newurl) != origin_of(req.full_url):
            raise urllib.error.URLError(Elsewhere())
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Elsewhere(Exception):
    """The service sends to another host."""


def check_address(source: Source, address: str) -> None:
    """Object to an address that is not of a web service over TLS, or that holds a password."""
    parts = urlsplit(address)

    def refusal(what: str, remedy: str = "") -> DeliveryError:
        return DeliveryError(what, table=source.name, code="E_ADDRESS", remedy=remedy)

    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise refusal("'location' is no address of a service")
    if parts.scheme == "http" and parts.hostname not in LOCAL:
        raise refusal(f"{parts.hostname} would be asked without encryption")
    if parts.username is not None or parts.password is not None:
        raise refusal("a name or password stands in 'location'", "name an environment variable as 'connection'")


def token_of(source: Source) -> dict[str, str]:
    """The header with the token from the environment, if the contract names a variable."""
    if source.connection is None:
        return {}
    token = os.environ.get(source.connection, "").strip()
    if not token or not token.isprintable() or not token.isascii():
        what = "is not set" if not token else "holds what cannot be a token"
        raise DeliveryError(
            f"the environment variable {source.connection} {what}", table=source.name, code="E_TOKEN",
            remedy="set it to the token of the service",
        )  # fmt: skip
    how = source.format.token
    return {how.header: f"{how.prefix}{token}"}


def origin_of(address: str) -> tuple[str, str | None, int | None]:
    """Return scheme, host and port of an address: where they differ, somebody else answers."""
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme)


def with_parameter(address: str, parameter: str, value: str) -> str:
    """The address with a parameter set."""
    parts = urlsplit(address)
    query = [(name, given) for name, given in parse_qsl(parts.query, keep_blank_values=True) if name != parameter]
    return urlunsplit(parts._replace(query=urlencode([*query, (parameter, value)])))


def found_at(page: Any, path: str | None) -> Any:
    """What stands at a dotted path; ``None`` where nothing does."""
    for part in path.split(".") if path else ():
        page = page.get(part) if isinstance(page, dict) else None
    return page


def next_address(form: Format, page: Any, address: str, records: int) -> str | None:
    """Return the address of the page after one, as the contract says that pages follow; ``None`` after the last.

    Parameters
    ----------
    form
        The contract's format.
    page, address, records
        The page, where it was found, and how many records it has.
    """
    if form.next is not None:
        found = found_at(page, form.next)
        return None if found in (None, "", False) else urljoin(address, str(found))
    if form.cursor is not None:
        found = found_at(page, form.cursor.field)
        return None if found in (None, "", False) else with_parameter(address, form.cursor.parameter, str(found))
    if form.page is None or not records or (form.page.size is not None and records < form.page.size):
        return None
    number = int(dict(parse_qsl(urlsplit(address).query))[form.page.parameter])
    return with_parameter(address, form.page.parameter, str(number + 1))
