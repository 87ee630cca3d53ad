"""
Where the embedded servers keep their data, sockets and logs.

Pure path arithmetic: settings ask here for the default addresses, the supervisor
creates what stands here. Both must come to the same answer from the state directory alone.
"""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

OWNER = "postgres"
APPLICATION = "dps_app"
DATABASE = "dps"

POSTGRES_PORT = 5432
# The kernel refuses socket paths of 108 bytes; the margin is for the servers' own lock files.
LONGEST_SOCKET_PATH = 100
# Broker addresses are not unquoted alike by every library, so nothing in them may need quoting.
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")


@dataclass(frozen=True, slots=True)
class Places:
    """
    Every path of one installation.

    `state` holds what the application keeps (secrets, documents, logs, the lock);
    `servers` holds what the two servers own, and may lie elsewhere for root.
    """

    state: Path
    servers: Path
    sockets: Path

    @property
    def postgres_data(self) -> Path:
        return self.servers / "postgres"

    @property
    def postgres_socket_dir(self) -> Path:
        return self.sockets

    @property
    def redis_data(self) -> Path:
        return self.servers / "redis"

    @property
    def redis_socket(self) -> Path:
        return self.sockets / "redis.sock"

    @property
    def programs(self) -> Path:
        """Copies of the servers' programs, where their user cannot reach the originals."""
        return self.servers / "programs"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    def database_url(self, user: str = APPLICATION, database: str = DATABASE) -> str:
        host = quote(str(self.postgres_socket_dir), safe="/")
        return f"postgresql://{user}@/{database}?host={host}"

    def redis_url(self) -> str:
        """The address as Celery writes it."""
        return f"redis+socket://{self.redis_socket}"

    def cache_url(self) -> str:
        """The same address as redis-py writes it."""
        return f"unix://{self.redis_socket}"


def places(state_dir: str | os.PathLike[str], *, root: bool | None = None) -> Places:
    """
    Work out every path from the state directory.

    Root's servers give up root, so their files lie where another user can reach them,
    whatever directory the project itself is in.
    """
    state = Path(state_dir).absolute()
    as_root = os.geteuid() == 0 if root is None else root
    own_name = f"dps-{_fingerprint(state)}"
    servers = Path("/var/tmp") / own_name if as_root else state  # noqa: S108 -- its owner is checked
    sockets = servers / "run"
    if not _can_hold_sockets(sockets):
        sockets = Path("/tmp") / f"{own_name}-{os.geteuid()}"  # noqa: S108 -- its owner is checked
    return Places(state=state, servers=servers, sockets=sockets)


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _can_hold_sockets(directory: Path) -> bool:
    longest = directory / f".s.PGSQL.{POSTGRES_PORT}"
    short_enough = len(os.fsencode(longest)) < LONGEST_SOCKET_PATH
    return short_enough and PLAIN_PATH.fullmatch(str(directory)) is not None
