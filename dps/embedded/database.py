"""The database that the demo fills: made, marked as the demo's own, opened to the application."""

import enum
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from dps.embedded.children import CannotStart
from dps.embedded.places import APPLICATION

MAINTENANCE_DATABASE = "postgres"
SECONDS_TO_CONNECT = 10
CODE = "; code "


class Filling(enum.StrEnum):
    """How far the demo has filled the database."""

    UNTOUCHED = ""
    BEGUN = "DPS demonstration, being loaded"
    DONE = "DPS demonstration"


@dataclass(frozen=True, slots=True)
class Mark:
    """
    What the demo writes on the database itself, as its comment.

    `code` is the fingerprint of the code that last brought its tables up to date.
    """

    filling: Filling = Filling.UNTOUCHED
    code: str = ""


def make_database(owner_url: str) -> None:
    """
    Create the database that the address names, unless it is there.

    :raises CannotStart: the server cannot be reached, or will not let the role create it.
    """
    name = _database_in(owner_url)
    try:
        _connect(owner_url).close()
    except psycopg.OperationalError as refused:
        try:
            maintenance = _connect(_with_database(owner_url, MAINTENANCE_DATABASE))
        except psycopg.OperationalError:
            raise CannotStart(f"The database cannot be reached: {_one_line(refused)}") from refused
        with maintenance as connection:
            _create(connection, name)


def mark_on(owner_url: str) -> Mark:
    """
    How far the demo got with this database.

    :raises CannotStart: it holds tables of somebody else.
    """
    with _connect(owner_url) as connection:
        comment = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
            " WHERE datname = current_database()"
        ).fetchone()
        tables = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone()
    filling, _, code = str(comment[0] if comment else "").partition(CODE)
    if filling and filling in set(Filling):
        return Mark(Filling(filling), code)
    if tables and tables[0]:
        raise CannotStart(
            f"The database {_database_in(owner_url)} already holds tables that the demo did not"
            " make, so it is left alone: name an empty one in DATABASE_URL."
        )
    return Mark()


def write_mark(owner_url: str, mark: Mark) -> None:
    """Write on the database how far it is filled."""
    text = f"{mark.filling}{CODE}{mark.code}"
    with _connect(owner_url) as connection:
        statement = sql.SQL("COMMENT ON DATABASE {} IS {}")
        name = sql.Identifier(_database_in(owner_url))
        connection.execute(statement.format(name, sql.Literal(text)))


def empty(owner_url: str) -> None:
    """Remove everything from a database that the demo has marked as its own."""
    if mark_on(owner_url).filling is Filling.UNTOUCHED:
        return
    with _connect(owner_url) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


def check_owner(owner_url: str) -> None:
    """
    Make sure that the operator's role can make the application's roles and fill every table.

    :raises CannotStart: it cannot.
    """
    with _connect(owner_url) as connection:
        able = connection.execute(
            "SELECT rolsuper OR (rolcreaterole AND rolbypassrls)"
            " FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    if not able or not able[0]:
        raise CannotStart(
            "The role in DATABASE_URL must be the owner: a superuser, or CREATEROLE BYPASSRLS."
        )


def application_url(owner_url: str, password_file: Path) -> str:
    """Give the application's login a password of its own and return its address."""
    password = _password_in(password_file)
    with _connect(owner_url) as connection:
        statement = sql.SQL("ALTER ROLE {} PASSWORD {}")
        connection.execute(statement.format(sql.Identifier(APPLICATION), sql.Literal(password)))
    return _with_login(owner_url, APPLICATION, password)


def _password_in(file: Path) -> str:
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(32))
    return file.read_text()


def _create(connection: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    statement = sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0")
    try:
        connection.execute(statement.format(sql.Identifier(name)))
    except psycopg.errors.DuplicateDatabase as exists:
        raise CannotStart(f"The database {name} cannot be opened by this role.") from exists
    except psycopg.errors.InsufficientPrivilege as refused:
        raise CannotStart(f"Create the database {name} first: {_one_line(refused)}") from refused


def _connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url, autocommit=True, connect_timeout=SECONDS_TO_CONNECT)


def _database_in(url: str) -> str:
    name = urlsplit(url).path.lstrip("/")
    if not name:
        raise CannotStart("DATABASE_URL must name a database: postgresql://user@host/database")
    return name


def _with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _with_login(url: str, user: str, password: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    kept = [(key, value) for key, value in parse_qsl(parts.query) if key not in _LOGIN_OPTIONS]
    login = f"{quote(user)}:{quote(password, safe='')}"
    query = urlencode(kept, safe="/")
    return urlunsplit(parts._replace(netloc=f"{login}@{host}", query=query))


_LOGIN_OPTIONS = {"user", "password", "passfile"}


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
