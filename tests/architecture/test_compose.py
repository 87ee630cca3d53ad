"""
The production composition, as far as it can be tried without a Docker engine.

docker-compose.yml is read and compared with what the demonstration runs; its nginx
configuration runs in this machine's nginx, before an application of a few lines.
"""

import datetime
import http.client
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dps import edge

PROJECT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("web", "worker", "relay", "beat", "migrate")
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")


def test_compose_runs_every_part() -> None:
    assert set(SERVICES) == {*OURS, "nginx", "postgres", "redis", "clamav"}


def test_every_service_that_stays_says_whether_it_is_well() -> None:
    assert [name for name in SERVICES if "healthcheck" not in SERVICES[name]] == ["migrate"]


def test_only_the_edge_has_a_port_and_only_a_socket_leads_behind_it() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    networks = {name: service["networks"] for name, service in SERVICES.items()}
    socket_volume = "web_socket:/run/dps"

    assert published == {"nginx": ["80:80", "443:443"]}
    assert networks.pop("nginx") == ["front"]
    assert all(names == ["back"] for names in networks.values())
    assert [n for n in SERVICES if socket_volume in SERVICES[n].get("volumes", [])] == [
        "nginx",
        "web",
    ]


def test_the_application_is_told_the_publisher_and_the_mail_servers_login() -> None:
    optional = ("OCDS_PREFIX", "EMAIL_USER", "EMAIL_PASSWORD", "EMAIL_SECURITY", "EMAIL_PORT")
    passed = {f"DPS_{name}": f"${{DPS_{name}:-}}" for name in optional}

    for name in OURS:
        environment = SERVICES[name]["environment"]
        assert {key: environment.get(key) for key in passed} == passed, name


def test_application_runs_as_its_own_login_and_only_migrate_as_the_owner() -> None:
    logins = {
        name: SERVICES[name]["environment"]["DATABASE_URL"].split("//")[1].split(":")[0]
        for name in OURS
    }

    assert logins == dict.fromkeys(OURS, "dps_app") | {"migrate": "postgres"}
    for name in OURS:
        waits_for = SERVICES[name]["depends_on"]
        assert "migrate" in waits_for or name == "migrate"


def test_secrets_come_from_the_environment_alone() -> None:
    secret = ("PASSWORD", "SECRET", "KEY", "AUTH", "URL")
    for name, service in SERVICES.items():
        for key, value in service.get("environment", {}).items():
            if any(word in key for word in secret):
                assert "${" in value, f"{name}.{key} is written into docker-compose.yml"
        assert "env_file" not in service


def test_files_are_scanned_where_the_scanner_is() -> None:
    addresses = {SERVICES[name]["environment"]["CLAMAV_ADDRESS"] for name in OURS}

    assert addresses == {"tcp://clamav:3310"}


def test_database_has_room_for_a_lock_on_every_partition() -> None:
    assert "max_locks_per_transaction=256" in SERVICES["postgres"]["command"]


def test_mounted_files_exist() -> None:
    mounted = [
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
        if volume.startswith("./")
    ]

    assert sorted(name for name in mounted if not (PROJECT / name).exists()) == ["./deploy/tls"]


@dataclass
class Edge:
    """A running nginx and the headers that reached the application behind it."""

    port: int
    seen: list[dict[str, str]]
    log: Path
    certificate: Path

    def ask(
        self,
        path: str = "/",
        *,
        body: bytes = b"",
        length: int | None = None,
        headers: tuple[tuple[str, str], ...] = (),
        pause: float = 0.0,
    ) -> tuple[int, bytes]:
        """One request over TLS; with a pause, its last byte follows that much later."""
        trusting = ssl.create_default_context(cafile=str(self.certificate))
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        with trusting.wrap_socket(plain, server_hostname="localhost") as connection:
            lines = [f"POST {path} HTTP/1.1", "Host: localhost", "Connection: close"]
            lines += [f"Content-Length: {length or len(body)}", *(f"{k}: {v}" for k, v in headers)]
            connection.sendall("\r\n".join([*lines, "", ""]).encode() + body[:-1])
            time.sleep(pause)
            connection.sendall(body[-1:])
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            return answer.status, answer.read()


@pytest.fixture(scope="module")
def nginx() -> Iterator[Edge]:
    assert NGINX, "nginx is missing: apt-get install nginx"
    # Not below pytest's own directory, which nginx's own user may not pass through.
    with tempfile.TemporaryDirectory(prefix="dps-edge-") as name:
        Path(name).chmod(0o755)
        yield from running_nginx(Path(name))


def running_nginx(folder: Path) -> Iterator[Edge]:
    port, plain_port = free_port(), free_port()
    configuration = adapted(folder, port=port, plain_port=plain_port)
    certificate(folder / "tls")
    seen: list[dict[str, str]] = []
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(folder / "web.sock"))
    (folder / "web.sock").chmod(0o777)
    listener.listen()
    threading.Thread(target=answer_all, args=(listener, seen), daemon=True).start()
    command = [str(NGINX), "-p", str(folder), "-c", str(configuration)]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    running = subprocess.Popen([*command, "-g", "daemon off;"])
    try:
        wait_for(port)
        yield Edge(port, seen, folder / "access.log", folder / "tls" / "certificate.pem")
    finally:
        running.terminate()
        running.wait(10)
        listener.close()


def test_stamp_of_a_client_never_passes_the_edge(nginx: Edge) -> None:
    forged = (("X-Received-At", "1600000000.000"), ("X_Received_At", "1600000000.000"))
    nginx.seen.clear()

    status, _ = nginx.ask(body=b"price=1", headers=forged)

    arrived = edge.received_at({edge.KEY: nginx.seen[0]["x-received-at"]})
    assert (status, len(nginx.seen)) == (200, 1)
    assert arrived is not None
    assert abs(arrived.timestamp() - time.time()) < 5
    assert "x_received_at" not in nginx.seen[0]


def test_edge_stamps_when_the_last_byte_has_arrived(nginx: Edge) -> None:
    nginx.seen.clear()
    began = time.time()

    nginx.ask(body=b"price=1", pause=1.0)

    assert float(nginx.seen[0]["x-received-at"]) - began >= 1.0


def test_edge_says_where_a_request_came_from_whatever_it_claims(nginx: Edge) -> None:
    nginx.seen.clear()

    nginx.ask(headers=(("X-Forwarded-For", "10.9.9.9"), ("X-Forwarded-Proto", "http")))

    names = ("x-forwarded-for", "x-forwarded-proto", "host")
    assert [nginx.seen[0][name] for name in names] == ["127.0.0.1", "https", "localhost"]


@pytest.mark.parametrize("path", ["/your-evidence/", "/add/upload/"])
def test_edge_refuses_the_same_bodies_as_the_demonstration(nginx: Edge, path: str) -> None:
    nginx.seen.clear()

    status, page = nginx.ask(path, length=edge.largest_body(path) + 1)

    assert (status, nginx.seen) == (400, [])
    assert f"<h1>{edge.too_large(path)}</h1>".encode() in page


@pytest.mark.parametrize("path", ["/your-evidence/", "/add/upload/"])
def test_edge_lets_the_same_bodies_through_as_the_demonstration(nginx: Edge, path: str) -> None:
    nginx.seen.clear()

    status, _ = nginx.ask(path, body=b"x" * edge.largest_body(path))

    assert (status, len(nginx.seen)) == (200, 1)


def test_access_log_keeps_no_query_and_no_link_of_a_parent(nginx: Edge) -> None:
    token = "A" * 43

    nginx.ask(f"/choice/{token}/compare?code=123456")

    wait_until(lambda: "/choice/***/compare" in nginx.log.read_text())
    assert token not in nginx.log.read_text()
    assert "123456" not in nginx.log.read_text()


def adapted(folder: Path, *, port: int, plain_port: int) -> Path:
    """The configuration with other ports and places, and nothing else changed."""
    text = (PROJECT / "deploy" / "nginx.conf").read_text()
    changes = {
        "listen 443 ssl default_server": f"listen 127.0.0.1:{port} ssl default_server",
        "listen [::]:443 ssl default_server;": "",
        "listen 80 default_server": f"listen 127.0.0.1:{plain_port} default_server",
        "listen [::]:80 default_server;": "",
        "unix:/run/dps/web.sock": f"unix:{folder}/web.sock",
        "pid /run/nginx.pid": f"pid {folder}/nginx.pid",
        "access_log /dev/stdout": f"access_log {folder}/access.log",
        "error_log /dev/stderr": f"error_log {folder}/error.log",
    }
    for old, new in changes.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    folders = [f"{kind}_temp_path {folder};" for kind in ("client_body", "proxy", "fastcgi")]
    folders += [f"{kind}_temp_path {folder};" for kind in ("uwsgi", "scgi")]
    text = text.replace("http {", "http {\n" + "\n".join(folders), 1)
    path = folder / "nginx.conf"
    path.write_text(text)
    return path


def certificate(folder: Path) -> None:
    folder.mkdir()
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def answer_all(listener: socket.socket, seen: list[dict[str, str]]) -> None:
    """An application of a few lines: remembers the headers, reads the body, says yes."""
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:  # the test is over
            return
        with connection, connection.makefile("rb") as stream:
            if not stream.readline():
                continue
            headers = http.client.parse_headers(stream)
            stream.read(int(headers.get("Content-Length", 0)))
            seen.append({name.lower(): value for name, value in headers.items()})
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
            )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def wait_for(port: int) -> None:
    def answers() -> bool:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return False
        return True

    wait_until(answers)


def wait_until(condition: Any, *, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)
