"""The container's entry point: lets the load balancer's health check in, then becomes the command."""

import os
import socket
import sys


def allowed_hosts(configured: str | None, address: str | None) -> str:
    """The configured host names, or those of a developer's machine, and the task's own address."""
    hosts = (configured or "localhost,127.0.0.1").split(",")
    if address and address not in hosts:
        hosts.append(address)
    return ",".join(host.strip() for host in hosts if host.strip())


def own_address() -> str | None:
    """The address under which the load balancer reaches this task: on Fargate, the host name's."""
    try:
        return socket.gethostbyname(socket.gethostname())
    except OSError as error:
        print(f"The host name {socket.gethostname()!r} has no address ({error}); ALLOWED_HOSTS stays", file=sys.stderr)
        return None


def main(command: list[str]) -> None:
    """Replaces this process by the command, so that SIGTERM reaches it."""
    if not command:
        sys.exit("No command: give the container one, for example python manage.py migrate")
    # A health check carries the task's address as its Host header, which Django must know (GAP-1).
    os.environ["ALLOWED_HOSTS"] = allowed_hosts(os.environ.get("ALLOWED_HOSTS"), own_address())
    try:
        os.execvp(command[0], command)  # noqa: S606
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}; correct the container's command")


if __name__ == "__main__":
    main(sys.argv[1:])
