"""Tables of real databases, which these tests start themselves: PostgreSQL, MariaDB (for MySQL) and SQLite."""

from __future__ import annotations

import datetime as dt
import glob
import os
import pwd
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from customer_patterns import warehouse
from customer_patterns.sources.raw import DeliveryError
from customer_patterns.sources.readers import sql
from customer_patterns.sources.readers.database import Database
from customer_patterns.study.contract import Source
from customer_patterns.study.places import OUTPUT_ROOT

SECRET = "s3cret/geheim"
ADDRESS = "SHOP_DATABASE"
DAY = dt.date(2026, 1, 31)


def declare(location="orders", *, key=("order_id", "product_id"), **columns):
    mapping = {
        "order_id": "id", "customer_id": "customer", "product_id": "sku", "ordered_at": "paid", "quantity": "units",
        "revenue": "amount",
    }  # fmt: skip
    return Source(
        source="shop", table="order_lines", reader="sql", location=location, connection=ADDRESS, key=key,
        provenance="simulated", owner="nobody", party="first", purpose="tests", legal_basis="invented",
        retention="none", columns={**mapping, **columns},
    )  # fmt: skip


@pytest.fixture
def read(tmp_path, monkeypatch):
    """Fetch and read a source; without a database at hand when it was fetched before."""
    backend = warehouse.connect()

    def run(source, *, address=None, as_of=DAY):
        monkeypatch.setenv(ADDRESS, address or "sqlite:///nowhere.db")
        files = sql.fetch(source, folder=tmp_path / "fetched", as_of=as_of)
        return sql.read(backend, source, files)

    return run


def rows(raw, *columns):
    table = raw.records.to_pyarrow().select([*columns]) if columns else raw.records.to_pyarrow()
    return [tuple(row.values()) for row in table.to_pylist()]


# Servers ------------------------------------------------------------------------------------------------------------


def program(name, *places):
    found = shutil.which(name) or next(iter(sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), reverse=True)), None)
    return found or next((place for place in places if Path(place).exists()), None)


def someone():
    """A user who is not root: database servers refuse to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            return {"user": pwd.getpwnam(name).pw_uid, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []}
        except KeyError:
            continue
    return {}


def missing(name):
    """Skip where a server is not installed; where everything must be tested, fail."""
    if os.environ.get("CI"):
        pytest.fail(f"{name} is not installed, and CI must test with it")
    pytest.skip(f"{name} is not installed")


def own_folder(name):
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-"))  # short: a socket's path has at most 107 letters
    as_user = someone()
    if as_user:
        os.chown(folder, as_user["user"], as_user["group"])
    return folder, as_user


@pytest.fixture(scope="module")
def postgres():
    """The address of an empty PostgreSQL."""
    initdb, server = program("initdb"), program("postgres")
    if not (initdb and server):
        missing("PostgreSQL")
    folder, as_user = own_folder("postgres")
    (folder / "password").write_text(SECRET)
    (folder / "password").chmod(0o644)
    command = [initdb, "-D", folder / "data", "-U", "reader", "-A", "scram-sha-256", "--pwfile", folder / "password"]
    options = {"cwd": folder, "check": True, "capture_output": True, **as_user}
    subprocess.run([*command, "--encoding=UTF8", "--locale=C", "--no-sync"], **options)
    command = [server, "-D", folder / "data", "-k", folder, "-c", "listen_addresses=", "-F"]
    options = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **as_user}
    running = subprocess.Popen(command, **options)
    address = sa.URL.create("postgresql", "reader", SECRET, database="postgres", query={"host": str(folder)})
    yield from serve(running, address, folder, driver="postgresql+psycopg", ending=signal.SIGINT)


@pytest.fixture(scope="module")
def mariadb():
    """The address of an empty MariaDB, which speaks MySQL."""
    server = program("mariadbd", "/usr/sbin/mariadbd")
    if not server:
        missing("MariaDB")
    folder, as_user = own_folder("mariadb")
    (folder / "data").mkdir()
    if as_user:
        os.chown(folder / "data", as_user["user"], as_user["group"])
    socket = folder / "socket"
    command = [server, "--no-defaults", f"--datadir={folder / 'data'}", f"--socket={socket}", "--skip-networking"]
    command += ["--skip-grant-tables", f"--pid-file={folder / 'pid'}", "--innodb-buffer-pool-size=16M"]
    options = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **as_user}
    running = subprocess.Popen([*command, "--innodb-log-file-size=4M"], **options)
    address = sa.URL.create("mysql", "reader", SECRET, "localhost", database="shop", query={"unix_socket": str(socket)})
    yield from serve(running, address, folder, driver="mysql+pymysql", ending=signal.SIGTERM, create="shop")


def serve(running, address, folder, *, driver, ending, create=None):
    """Wait for a server, hand out its address, end it."""
    entry = address.set(drivername=driver)
    try:
        engine = sa.create_engine(entry.set(database="information_schema") if create else entry, poolclass=sa.NullPool)
        for _ in range(100):
            try:
                with engine.connect() as connection:
                    if create:
                        connection.exec_driver_sql(f"CREATE DATABASE {create} CHARACTER SET utf8mb4")
                break
            except sa.exc.OperationalError:
                assert running.poll() is None, f"the server in {folder} ended"
                time.sleep(0.1)
        yield entry
    finally:
        running.send_signal(ending)
        running.wait(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


def tell(entry, *statements):
    """Run statements as the shop's own programs would."""
    with sa.create_engine(entry, poolclass=sa.NullPool).begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement.replace("%", "%%"))


def as_written(entry):
    """The address as an analyst writes it."""
    return entry.set(drivername=entry.get_backend_name()).render_as_string(hide_password=False)


# PostgreSQL ---------------------------------------------------------------------------------------------------------


def test_postgresql_hands_on_exact_values_in_the_order_of_the_key(postgres, read):
    tell(
        postgres,
        'CREATE TABLE "Orders 2026" (id text, customer varchar(20), sku bigint, paid timestamptz, units smallint, '
        "amount numeric(12,2), card numeric, note text, web boolean, day date, weight float8, PRIMARY KEY (id, sku))",
        """INSERT INTO "Orders 2026" VALUES
        ('b', '00123', 9007199254740993, '2026-01-05 00:30:00+08', 2, 1234567890.12, 123456789012345678901234567890.5,
         '数据', true, '2026-01-05', 0.1),
        ('B', '123', 2, '2026-01-05 10:00:00.000001+00', 1, 0.10, 0.25, NULL, false, NULL, 1e-7),
        ('a', NULL, 1, NULL, -1, -3.00, NULL, '$%', NULL, '0001-01-01', -0.0)""",
    )
    source = declare(
        '"Orders 2026"', coupon_discount="card", channel="note", store_id="web", delivered_week="weight"
    )  # fmt: skip
    raw = read(source, address=as_written(postgres))
    utc = dt.UTC
    assert rows(raw, "id", "customer", "sku", "units", "amount", "card", "note", "web", "weight", "_line") == [
        ("B", "123", 2, 1, Decimal("0.10"), Decimal("0.25"), None, False, 1e-7, 1),
        ("a", None, 1, -1, Decimal("-3.00"), None, "$%", None, 0.0, 2),
        ("b", "00123", 9007199254740993, 2, Decimal("1234567890.12"), Decimal("123456789012345678901234567890.5"),
         "数据", True, 0.1, 3),
    ]  # fmt: skip
    moments = [moment and moment.astimezone(utc).replace(tzinfo=None) for (moment,) in rows(raw, "paid")]
    assert moments == [dt.datetime(2026, 1, 5, 10, 0, 0, 1), None, dt.datetime(2026, 1, 4, 16, 30)]
    assert raw.set_aside.empty


def test_days_that_are_none_set_their_record_aside_and_stop_nothing(postgres, read):
    tell(
        postgres,
        "CREATE TABLE strange (id int PRIMARY KEY, customer text, sku text, paid timestamp, units int, amount float8)",
        "INSERT INTO strange VALUES (1, 'x', 's', 'infinity', 1, 1), (2, 'x', 's', '0044-03-15 BC', 1, 1), "
        "(3, 'x', 's', '2026-01-01', 1, 'NaN'), (4, 'x', 's', '2026-01-01', 1, 2.5)",
    )
    raw = read(declare("public.strange"), address=as_written(postgres))
    assert rows(raw, "id", "amount") == [(4, 2.5)]
    assert raw.set_aside[["line", "code", "column"]].to_numpy().tolist() == [
        [1, "E_DATABASE_VALUE", "paid"], [2, "E_DATABASE_VALUE", "paid"], [3, "E_DATABASE_VALUE", "amount"],
    ]  # fmt: skip
    assert raw.set_aside["raw"][0] == "1,x,s,infinity,1,1"


def test_a_large_table_is_streamed_and_not_written_to(postgres, read, tmp_path):
    tell(
        postgres,
        "CREATE TABLE many (id int, customer text, sku text, paid timestamp, units int, amount numeric(9,2))",
        "INSERT INTO many SELECT (i * 7919) % 45000, 'c', i, '2026-01-01', 1, i FROM generate_series(1, 45000) AS i",
    )
    raw = read(declare("many", key=("order_id",)), address=as_written(postgres))
    found = raw.records.to_pyarrow()
    assert found.num_rows == 45_000 == found["_line"][-1].as_py()
    assert found["id"].to_pylist() == sorted(found["id"].to_pylist())
    with Database(declare("many")) as database, pytest.raises(sa.exc.InternalError, match="read-only"):
        database.connection.exec_driver_sql("DELETE FROM many")


@pytest.mark.parametrize(
    ("location", "columns", "code", "says"),
    [
        ("ordres", {}, "E_DATABASE_TABLE", r"no such table; did you mean 'orders'"),
        ("public.orders", {"revenue": "amuont"}, "E_SCHEMA", "'amuont': .* no such column; did you mean 'amount'"),
        ("orders; DROP TABLE orders", {}, "E_DATABASE_TABLE", "no such table"),
        ('orders" WHERE "1"="1', {}, "E_DATABASE_TABLE", "no such table"),
        ("a.b.c", {}, "E_DATABASE_TABLE", "is no table"),
        ("blobs", {}, "E_SCHEMA", "bytes"),
        ("hidden", {}, "E_DATABASE_TABLE", "permission denied"),
    ],
)
def test_a_table_that_is_not_as_declared_is_refused(postgres, read, location, columns, code, says):
    shape = "(id int, customer text, sku text, paid timestamp, units int, amount numeric(9,2))"
    tell(
        postgres,
        f"CREATE TABLE IF NOT EXISTS orders {shape}",
        f"CREATE TABLE IF NOT EXISTS hidden {shape}",
        f"CREATE TABLE IF NOT EXISTS blobs {shape.replace('paid timestamp', 'paid bytea')}",
        "DO $$ BEGIN CREATE ROLE guest LOGIN PASSWORD 'other-word'; EXCEPTION WHEN duplicate_object THEN END $$",
        "GRANT SELECT ON orders, blobs TO guest",
    )
    guest = postgres.set(username="guest", password="other-word")
    with pytest.raises(DeliveryError, match=says) as refusal:
        read(declare(location, **columns), address=as_written(guest))
    assert refusal.value.code == code
    assert "other-word" not in str(refusal.value)
    assert read(declare("orders"), address=as_written(guest)).records.count().to_pyarrow().as_py() == 0


def test_no_message_holds_the_address_or_a_part_of_it(postgres, read):
    wrong = postgres.set(password="wr0ng/word", database="till-data")
    for address in (wrong, wrong.set(host="no-such-host.invalid", query={})):
        with pytest.raises(DeliveryError, match="E_CONNECTION") as refusal:
            read(declare(), address=as_written(address))
        for secret in ("wr0ng", "reader", "till-data", "no-such-host", str(postgres.query["host"])):
            assert secret not in str(refusal.value)
        assert refusal.value.__cause__ is None
        assert refusal.value.__suppress_context__


# MariaDB ------------------------------------------------------------------------------------------------------------


def test_mysql_hands_on_unsigned_numbers_moments_and_days_that_do_not_exist(mariadb, read):
    with sa.create_engine(mariadb, poolclass=sa.NullPool).begin() as connection:
        connection.exec_driver_sql("SET SESSION sql_mode = '', time_zone = '+08:00'")
        connection.exec_driver_sql(
            "CREATE TABLE `lines` (id varchar(9) COLLATE utf8mb4_general_ci, customer bigint unsigned, "
            "sku enum('x','y'), paid timestamp(6) NULL, units tinyint(1), amount decimal(20,4), web bit(1), "
            "till datetime, day date, note varchar(20)) ENGINE=InnoDB"
        )
        connection.exec_driver_sql(
            "INSERT INTO `lines` VALUES ('b', 18446744073709551615, 'x', '2026-01-05 00:30:00', 2, "
            "1234567890123456.7891, b'1', '2026-01-05 00:30:00', '2026-01-05', '数据😀'), "
            "('B', 1, 'y', NULL, 1, 0.1, b'0', NULL, NULL, NULL), "
            "('c', 1, 'y', NULL, 1, 0, b'0', '0000-00-00', NULL, '')"
        )
    raw = read(
        declare("lines", channel="note", delivered_week="web", status="till", payment_method="day"),
        address=as_written(mariadb),
    )
    assert rows(raw, "id", "customer", "sku", "units", "amount", "web", "note", "_line") == [
        ("B", 1, "y", 1, Decimal("0.1000"), 0, None, 1),
        ("b", 18446744073709551615, "x", 2, Decimal("1234567890123456.7891"), 1, "数据😀", 2),
    ]
    moment = rows(raw, "paid")[1][0].astimezone(dt.UTC).replace(tzinfo=None)
    assert moment == dt.datetime(2026, 1, 4, 16, 30)
    assert rows(raw, "till", "day")[1] == (dt.datetime(2026, 1, 5, 0, 30), dt.date(2026, 1, 5))
    assert raw.set_aside[["line", "code", "column"]].to_numpy().tolist() == [[3, "E_DATABASE_VALUE", "till"]]
    with Database(declare("lines")) as database, pytest.raises(sa.exc.DBAPIError, match="READ ONLY"):
        database.connection.exec_driver_sql("DELETE FROM `lines`")


# SQLite -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """A file of SQLite, whose columns hold whatever someone put there."""
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path))
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE orders (id, customer TEXT, sku, paid TEXT, units INTEGER, amount REAL)")
        connection.executemany(
            "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?)",
            [
                ("b", "00123", 1, "2026-01-05", 2, 19.99),
                ("a", "00124", 2, "05.01.2026", 1, 1e-7),
                ("c", "x\0y", 3, None, 1, None),
                ("d", b"\xff\0", 4, None, 1, None),
                ("e", "f", 5, None, 1, float("inf")),
            ],
        )
        connection.execute("INSERT INTO orders VALUES ('g', CAST(x'ff41' AS TEXT), 1, NULL, 1, 1)")
    return "sqlite:///shop.db"


def test_sqlite_hands_on_what_is_stored_and_sets_aside_what_is_no_value(shop, read):
    raw = read(declare(), address=shop)
    assert rows(raw, "id", "customer", "sku", "paid", "units", "amount", "_line") == [
        ("a", "00124", 2, "05.01.2026", 1, Decimal("0.0000001"), 1),
        ("b", "00123", 1, "2026-01-05", 2, Decimal("19.9900000"), 2),
    ]
    assert raw.set_aside[["line", "code", "column"]].to_numpy().tolist() == [
        [3, "E_NUL", "customer"], [4, "E_DATABASE_VALUE", "customer"], [5, "E_DATABASE_VALUE", "amount"],
        [6, "E_ENCODING", "customer"],
    ]  # fmt: skip


def test_an_earlier_day_is_read_from_what_was_fetched_and_a_later_one_is_fetched(shop, read, tmp_path):
    first = read(declare(), address=shop)
    (tmp_path / "shop.db").rename(tmp_path / "away.db")
    again = read(declare(), address=shop, as_of=DAY - dt.timedelta(days=9))
    assert rows(again) == rows(first)
    assert again.files == first.files
    with pytest.raises(DeliveryError, match="E_CONNECTION"):
        read(declare(), address=shop, as_of=DAY + dt.timedelta(days=1))
    with pytest.raises(DeliveryError, match="E_CONNECTION"):  # other columns are another download
        read(declare(customer_id="id"), address=shop)


def test_a_stored_download_that_was_changed_is_refused(shop, read, tmp_path):
    fetched = read(declare(), address=shop).files[0].path
    fetched.write_bytes(fetched.read_bytes()[:-1] + b"!")
    with pytest.raises(DeliveryError, match="E_CHECKSUM"):
        read(declare(), address=shop)


def test_what_is_missing_for_a_connection_is_said(read, monkeypatch):
    for address, says in [("oracle://x:geheim@y/z", "kind of database"), ("geheim", "no address")]:
        with pytest.raises(DeliveryError, match=says) as refusal:
            read(declare(), address=address)
        assert "geheim" not in str(refusal.value)
    monkeypatch.delenv(ADDRESS)
    with pytest.raises(DeliveryError, match=r"SHOP_DATABASE is not set .*; set it"):
        sql.fetch(declare(), folder=Path("nowhere"), as_of=DAY)


def test_the_broken_twin_that_reads_through_floats_is_found_out(shop, postgres, read):
    """What pandas.read_sql does with an id column that has a gap, and with decimals of PostgreSQL."""
    import pandas as pd

    tell(
        postgres,
        "CREATE TABLE twin (id bigint, customer text, sku text, paid timestamp, units int, amount numeric(20,2))",
        "INSERT INTO twin VALUES (9007199254740993, 'c', 's', '2026-01-01', 1, 123456789012345678.91), "
        "(NULL, 'c', 's', '2026-01-01', 1, 1)",
    )
    raw = read(declare("twin", key=()), address=as_written(postgres))
    ours = {(str(id), str(amount)) for id, amount in rows(raw, "id", "amount")}
    true = {("9007199254740993", "123456789012345678.91"), ("None", "1.00")}
    with sa.create_engine(postgres, poolclass=sa.NullPool).connect() as connection:
        frame = pd.read_sql(sa.text("SELECT id, amount FROM twin"), connection)
    theirs = {(str(row.id), str(row.amount)) for row in frame.itertuples()}
    assert ours == true
    assert theirs != true


# What changed since it was fetched -----------------------------------------------------------------------------------


@pytest.fixture
def changing(tmp_path, monkeypatch):
    """A shop's table that changes between two runs, and what each run fetches of it."""
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path))
    backend, database = warehouse.connect(), tmp_path / "shop.db"
    monkeypatch.setenv(ADDRESS, "sqlite:///shop.db")
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE orders (id, customer, sku, paid, units, amount, updated)")
        connection.execute("INSERT INTO orders VALUES ('a', '1', 'x', '2026-01-05', 1, 9.5, '2026-01-05')")

    def amounts(watch, *, as_of=DAY, change=None):
        if change:
            with sqlite3.connect(database) as connection:
                connection.execute(change)
        source = declare().model_copy(update={"watch": watch})
        files = sql.fetch(source, folder=tmp_path / "fetched", as_of=as_of)
        return [amount for (amount,) in rows(sql.read(backend, source, files), "amount")]

    amounts.database = database
    return amounts


def test_a_watched_table_is_fetched_again_when_it_changed_and_only_then(changing):
    assert changing(("updated",)) == [Decimal("9.5")]
    assert changing(("updated",), change="UPDATE orders SET amount = 1") == [Decimal("9.5")]  # nothing says so
    assert changing(("updated",), change="UPDATE orders SET amount = 2, updated = '2026-01-06'") == [2]
    more = "INSERT INTO orders VALUES ('b', '2', 'x', '2026-01-02', 1, 7, '2026-01-03')"  # the newest stays the same
    assert changing(("updated",), change=more) == [2, 7]


def test_the_number_of_rows_alone_is_watched_where_no_column_is_named(changing):
    changing(())
    assert changing((), change="UPDATE orders SET amount = 3, updated = '2026-02-01'") == [Decimal("9.5")]
    assert changing((), change="INSERT INTO orders VALUES ('b', '2', 'x', '2026-01-02', 1, 7, '')") == [3, 7]


def test_a_table_that_nobody_watches_stays_as_it_was_fetched(changing):
    changing(None)
    assert changing(None, change="DELETE FROM orders") == [Decimal("9.5")]


def test_a_past_day_stays_as_it_was_fetched_though_its_source_is_watched(changing):
    changing(("updated",))
    later = dt.date(2026, 2, 28)
    assert changing(("updated",), as_of=later, change="UPDATE orders SET amount = 5, updated = '2026-02-02'") == [5]
    assert changing(("updated",)) == [Decimal("9.5")]


def test_what_was_fetched_counts_where_the_database_is_away(changing):
    changing(("updated",))
    changing.database.unlink()
    assert changing(("updated",)) == [Decimal("9.5")]


def test_a_watched_column_that_is_not_there_is_refused(changing):
    with pytest.raises(DeliveryError, match=r"column 'changed'.*E_SCHEMA"):
        changing(("changed",))


def test_a_run_that_was_killed_while_it_exchanged_downloads_is_found_whole(changing, tmp_path):
    changing(("updated",))
    (folder,) = (tmp_path / "fetched").rglob(DAY.isoformat())
    folder.rename(folder.with_name(f".{DAY.isoformat()}.anew"))  # the old one is gone, the new one not yet in place
    changing.database.unlink()
    assert changing(("updated",)) == [Decimal("9.5")]


def test_a_watched_table_of_postgresql_is_asked_for_rows_and_newest(postgres, monkeypatch):
    columns = "id text, customer text, sku text, paid date, units int, amount numeric, at timestamptz"
    with sa.create_engine(postgres).begin() as connection:
        connection.exec_driver_sql(f"CREATE TABLE watched ({columns})")
        connection.exec_driver_sql(
            "INSERT INTO watched VALUES ('a', '1', 'x', '2026-01-05', 1, 2, '2026-01-05 08:00+08')"
        )
    monkeypatch.setenv(ADDRESS, postgres.render_as_string(hide_password=False))
    source = declare("watched").model_copy(update={"watch": ("at", "paid")})
    assert sql.watched(source) == {"rows": 1, "at": "2026-01-05 00:00:00+00", "paid": "2026-01-05"}
