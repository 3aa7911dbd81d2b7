"""A service that delivers page by page, fails, throttles, repeats and ends early; it runs here, on this machine."""

from __future__ import annotations

import datetime as dt
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customer_patterns import warehouse
from customer_patterns.sources.raw import DeliveryError
from customer_patterns.sources.readers import api
from customer_patterns.study.contract import Source

DAY = dt.date(2026, 1, 31)
TOKEN = "t0ken-geheim"


class Service:
    """A service that answers from a script; what it was asked is noted."""

    def __init__(self):
        self.asked, self.tokens, self.script, self.answer = [], [], [], None
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                service.asked.append(self.path)
                service.tokens.append(self.headers.get("Authorization"))
                status, headers, body = service.script.pop(0) if service.script else service.answer(self.path)
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response_only(status)  # without the real clock
                for name, value in {"Content-Length": str(len(data)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def delivers(self, pages, **about):
        """Deliver these pages by a cursor: the address says which comes next."""

        def answer(path):
            number = int(parse_qs(urlsplit(path).query).get("after", ["0"])[0])
            following = str(number + 1) if number + 1 < len(pages) else None
            return 200, {}, {"data": {"items": pages[number]}, "paging": {"after": following}, **about}

        self.answer = answer
        return self

    def close(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def service():
    running = Service()
    yield running
    running.close()


@pytest.fixture
def waits():
    return []


@pytest.fixture
def fetch(service, waits, tmp_path, monkeypatch):
    """Fetch and read from the service; waits are noted and take no time."""
    monkeypatch.setenv("CRM_TOKEN", TOKEN)
    backend = warehouse.connect()

    def run(location="/contacts", *, as_of=DAY, connection="CRM_TOKEN", folder="fetched", **form):
        source = declare(location if "://" in location else service.address + location, connection, **form)
        files = api.fetch(source, folder=tmp_path / folder, as_of=as_of, sleep=waits.append)
        return api.read(backend, source, files)

    return run


def declare(location, connection, watch=None, **form):
    if not form:
        form = {"cursor": {"parameter": "after", "field": "paging.after"}}
    return Source(
        source="crm", table="contacts", reader="api", location=location, connection=connection, provenance="simulated",
        owner="nobody", party="first", purpose="tests", legal_basis="invented", retention="none",
        columns={"contact_id": "id", "customer_id": "who.id", "opened_at": "at"},
        format={"records": "data.items", **form}, watch=watch,
    )  # fmt: skip


def contact(number, **more):
    return {"id": number, "who": {"id": f"00{number}"}, "at": "2026-01-05", **more}


def ids(raw):
    return raw.records.order_by("_line").to_pyarrow()["id"].to_pylist()


def test_pages_follow_a_cursor_and_the_token_goes_in_a_header(service, fetch, waits):
    service.delivers([[contact(1), contact(2)], [contact(12345678901234567890)]])
    raw = fetch(cursor={"parameter": "after", "field": "paging.after"}, throttle=1.5)
    assert ids(raw) == ["1", "2", "12345678901234567890"]
    assert raw.records.to_pyarrow()["who.id"].to_pylist() == ["001", "002", "0012345678901234567890"]
    assert service.asked == ["/contacts", "/contacts?after=1"]
    assert service.tokens == [f"Bearer {TOKEN}"] * 2
    assert waits == [1.5]


def test_pages_are_counted_until_one_is_not_full(service, fetch):
    pages = {"0": [contact(1), contact(2)], "1": [contact(3)]}
    service.answer = lambda path: (200, {}, pages[parse_qs(urlsplit(path).query)["p"][0]])
    raw = fetch("/contacts?size=2", records=None, page={"parameter": "p", "first": 0, "size": 2})
    assert ids(raw) == ["1", "2", "3"]
    assert service.asked == ["/contacts?size=2&p=0", "/contacts?size=2&p=1"]


def test_pages_follow_the_address_of_the_next(service, fetch):
    bodies = {"/contacts": ("?from=2", [contact(1)]), "/contacts?from=2": (None, [contact(2)])}
    service.answer = lambda path: (200, {}, {"next": bodies[path][0], "data": {"items": bodies[path][1]}})
    assert ids(fetch(next="next")) == ["1", "2"]


def test_a_service_that_fails_and_throttles_is_asked_again_and_waited_for(service, fetch, waits):
    service.delivers([[contact(1)], [contact(2)]])
    page = json.dumps({"data": {"items": []}}).encode()
    service.script = [
        (503, {}, b"busy"),
        (429, {"Retry-After": "17"}, b""),
        (429, {"Retry-After": "Mon, 05 Jan 2026 10:01:00 GMT", "Date": "Mon, 05 Jan 2026 10:00:20 GMT"}, b""),
        (200, {}, b"<html>come back later</html>"),
        (200, {"Content-Length": str(len(page) + 5)}, page),
    ]
    assert ids(fetch()) == ["1", "2"]
    assert waits == [1, 17, 40, 8, 16, 0]  # 2 and 4 are less than the service asks for; the last is no throttle


@pytest.mark.parametrize(
    ("answer", "code", "says", "asked"),
    [
        ((500, {}, b""), "E_SERVICE", "it answers 500, 6 times", 6),
        ((200, {}, b"<html>"), "E_NOT_JSON", "no JSON, 6 times", 6),
        ((404, {}, b""), "E_SERVICE", "404 .*; correct 'location'", 1),
        ((401, {}, b""), "E_TOKEN", "401", 1),
        ((429, {"Retry-After": "86400"}, b""), "E_SERVICE", "asks to wait 86,400 seconds", 1),
        ((302, {"Location": "https://elsewhere.example/x"}, b""), "E_ADDRESS", "sends to another host", 1),
        ((200, {}, {"data": {"items": {}}}), "E_RECORDS", "no list at 'data.items'", 1),
        (
            (200, {}, {"data": {"items": [contact(1)]}, "next": "https://elsewhere.example/2"}),
            "E_ADDRESS",
            "elsewhere.example.*another host",
            1,
        ),
    ],
)
def test_what_the_service_does_wrong_is_said_without_the_token(service, fetch, answer, code, says, asked):
    service.answer = lambda path: answer
    with pytest.raises(DeliveryError, match=says) as refusal:
        fetch("/contacts?key=value", next="next")
    assert refusal.value.code == code
    assert len(service.asked) == asked
    for secret in (TOKEN, "key=value"):
        assert secret not in str(refusal.value)


def test_a_redirection_within_the_host_is_followed(service, fetch):
    service.delivers([[contact(1)]])
    service.script = [(301, {"Location": "/v2/contacts"}, b"")]
    assert ids(fetch()) == ["1"]
    assert service.asked == ["/contacts", "/v2/contacts"]


@pytest.mark.parametrize(
    ("location", "says"),
    [
        ("http://crm.example/contacts", "without encryption"),
        ("https://name:word@crm.example/contacts", "name or password stands in 'location'"),
        ("ftp://crm.example/contacts", "no address of a service"),
        ("file:///etc/passwd", "no address of a service"),
    ],
)
def test_an_address_that_may_not_be_read_is_refused_before_anything_is_sent(fetch, location, says):
    with pytest.raises(DeliveryError, match=says) as refusal:
        fetch(location)
    assert refusal.value.code == "E_ADDRESS"
    assert "word" not in str(refusal.value).replace("password", "")


def test_a_token_that_is_missing_or_none_is_asked_for_by_the_name_of_its_variable(fetch, monkeypatch):
    monkeypatch.setenv("CRM_TOKEN", "two\nlines")
    with pytest.raises(DeliveryError, match="CRM_TOKEN holds what cannot be a token") as refusal:
        fetch()
    assert "lines" not in str(refusal.value)
    monkeypatch.delenv("CRM_TOKEN")
    with pytest.raises(DeliveryError, match="CRM_TOKEN is not set"):
        fetch()


def test_a_page_larger_than_allowed_is_refused(service, fetch, monkeypatch):
    monkeypatch.setattr(api, "PAGE_LIMIT", 100)
    service.delivers([[contact(number) for number in range(9)]])
    with pytest.raises(DeliveryError, match="more than 100 bytes"):
        fetch()


def test_pages_and_records_that_come_again_are_counted_and_read_once(service, fetch):
    page = [contact(1), contact(1), contact(2)]  # two equal records within a page are two
    shifted = [{"at": "2026-01-05", "who": {"id": "002"}, "id": 2}, contact(3)]  # the same record, other order of keys
    service.delivers([page, page, shifted])
    raw = fetch()
    assert ids(raw) == ["1", "1", "2", "3"]
    assert raw.records.order_by("_line").to_pyarrow()["_line"].to_pylist() == [1, 2, 3, 8]
    assert raw.set_aside["code"].tolist() == ["D_REPEATED"] * 4
    assert raw.set_aside["detail"][3] == "page-000003.json, line 1"


def test_a_service_whose_pages_go_in_a_circle_is_left(service, fetch):
    service.answer = lambda path: (200, {}, {"data": {"items": [contact(1)]}, "paging": {"after": "x"}})
    with pytest.raises(DeliveryError, match="circle"):
        fetch()
    service.asked.clear()
    with pytest.raises(DeliveryError, match="circle"):  # it does not look at the number of the page
        fetch(folder="other", page={"parameter": "page"})
    assert len(service.asked) == 1 + api.STALE_PAGES + 1


def test_a_download_that_was_killed_goes_on_where_it_stopped(service, fetch, tmp_path):
    service.delivers([[contact(1)], [contact(2)], [contact(3)]])
    healthy, service.answer = service.answer, None
    service.script = [healthy("/contacts"), healthy("/contacts?after=1"), (403, {}, b"")]
    with pytest.raises(DeliveryError, match="E_TOKEN"):
        fetch()
    journal = next(tmp_path.rglob("journal.jsonl"))
    journal.write_text(journal.read_text() + '{"name": "page-0000')  # the machine stopped amid a line
    (journal.parent / ".page-000003.json.part").write_text('{"data"')
    service.answer, service.asked = healthy, []
    raw = fetch()
    assert service.asked == ["/contacts?after=2"]
    assert ids(raw) == ["1", "2", "3"]
    everything = fetch(folder="anew")
    assert everything.files[0].sha256 == raw.files[0].sha256


def test_an_earlier_day_needs_no_service_and_a_later_one_asks_it(service, fetch):
    service.delivers([[contact(1)]])
    first = fetch()
    service.delivers([[contact(1), contact(2)]])
    service.asked.clear()
    assert ids(fetch(as_of=DAY - dt.timedelta(days=30))) == ["1"]
    assert fetch().files == first.files
    assert service.asked == []
    assert ids(fetch(as_of=DAY + dt.timedelta(days=1))) == ["1", "2"]
    assert ids(fetch()) == ["1"]


def test_a_total_that_differs_is_reported_and_one_that_differs_much_is_refused(service, fetch):
    pages = [[contact(number) for number in range(50)], [contact(number) for number in range(50, 99)]]
    service.delivers(pages, total=99)
    how = {"cursor": {"parameter": "after", "field": "paging.after"}, "total": "total"}
    assert fetch(**how).repairs.empty
    service.delivers(pages, total="100")
    assert fetch(folder="near", **how).repairs[["line", "code", "column"]].to_numpy().tolist() == [
        [0, "S_TOTAL", "total"]
    ]
    service.delivers(pages[:1], total=99)
    with pytest.raises(DeliveryError, match="50 records came, of 99") as refusal:
        fetch(folder="short", **how)
    assert refusal.value.code == "E_INCOMPLETE"
    service.delivers(pages, total=99)
    assert len(ids(fetch(folder="short", **how))) == 99  # the short download was not kept


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pages=st.lists(st.lists(st.integers(0, 10**25).map(contact), max_size=4, unique_by=lambda c: c["id"]), max_size=5),
    failures=st.lists(st.sampled_from([429, 500, 502, 503, 504]), max_size=5),
)
def test_whatever_the_pages_and_the_failures_each_record_is_there_once(service, fetch, tmp_path, pages, failures):
    service.delivers(pages or [[]])
    service.script = [(status, {}, b"") for status in failures]
    number = len(list(tmp_path.glob("run-*")))
    raw = fetch(folder=f"run-{number}")
    (tmp_path / f"run-{number}").mkdir(exist_ok=True)
    told = [record["id"] for page in pages for record in page]
    once = list(dict.fromkeys(map(str, told)))
    circle = raw.set_aside["code"].eq("D_REPEATED").sum()
    assert ids(raw) == once
    assert circle == len(told) - len(once)


def test_the_broken_twin_that_takes_pages_as_they_come_is_found_out(service, fetch):
    """What a loop around a request does when a record is written meanwhile and the pages shift."""
    service.delivers([[contact(1), contact(2)], [contact(2), contact(3)]])
    twin, after = [], "0"
    while after:
        _, _, body = service.answer(f"/contacts?after={after}")
        twin += [str(record["id"]) for record in body["data"]["items"]]
        after = body["paging"]["after"]
    assert ids(fetch()) == ["1", "2", "3"] != twin


CURSOR = {"parameter": "after", "field": "paging.after"}


@pytest.mark.parametrize(
    ("watch", "again"), [(None, False), ((), False), (("total",), True)], ids=["nobody", "the first page", "the total"]
)
def test_a_watched_service_is_fetched_again_when_it_says_something_else(service, fetch, watch, again):
    service.delivers([[contact(1)]], total=1)
    assert ids(fetch(watch=watch, cursor=CURSOR)) == ["1"]
    assert ids(fetch(watch=watch, cursor=CURSOR)) == ["1"]
    assert len(service.asked) == (1 if watch is None else 2)  # once to fetch, and once to ask
    service.delivers([[contact(1)], [contact(2)]], total=2)  # the first page says the same
    assert ids(fetch(watch=watch, cursor=CURSOR)) == (["1", "2"] if again else ["1"])


def test_other_records_on_the_first_page_are_seen(service, fetch):
    service.delivers([[contact(1)]])
    fetch(watch=(), cursor=CURSOR)
    service.delivers([[contact(1, rated=5)]])
    raw = fetch(watch=(), cursor=CURSOR)
    assert "rated" in raw.columns


def test_what_was_fetched_counts_where_the_service_is_away_and_it_is_asked_once(service, fetch, waits):
    service.delivers([[contact(1)]])
    fetch(watch=(), cursor=CURSOR)
    service.answer = lambda path: (503, {}, b"busy")
    assert ids(fetch(watch=(), cursor=CURSOR)) == ["1"]
    assert (len(service.asked), waits) == (2, [])


def test_a_second_download_that_breaks_off_leaves_the_first_in_force_and_goes_on(service, fetch, tmp_path):
    service.delivers([[contact(1)], [contact(2)]], total=2)
    fetch(watch=("total",), cursor=CURSOR)
    service.delivers([[contact(1)], [contact(2)], [contact(3)]], total=3)
    whole = service.answer
    service.answer = lambda path: whole(path) if path != "/contacts?after=2" else (404, {}, b"")
    with pytest.raises(DeliveryError, match="E_SERVICE"):
        fetch(watch=("total",), cursor=CURSOR)
    (state,) = (tmp_path / "fetched").rglob("state.json")
    assert state.parent.name == DAY.isoformat()
    service.answer, asked = whole, len(service.asked)
    assert ids(fetch(watch=("total",), cursor=CURSOR)) == ["1", "2", "3"]
    assert service.asked[asked:] == ["/contacts", "/contacts?after=2"]  # asked what it says, then only what is missing
    assert len(list((tmp_path / "fetched").rglob("page-*.json"))) == 3
