"""Reads the overlay's environment variables; a wrong value stops the start with a sentence that says what to do."""

from collections.abc import Mapping

from django.core.exceptions import ImproperlyConfigured

_FLAGS = {"true": True, "false": False, "": False}


def flag(environment: Mapping[str, str], name: str) -> bool:
    """The value of a True/False variable; False when it is not set."""
    value = environment.get(name, "")
    if value.lower() not in _FLAGS:
        raise ImproperlyConfigured(f"{name} is {value!r}; allowed are True and False. Correct it or leave it out.")
    return _FLAGS[value.lower()]


def number(environment: Mapping[str, str], name: str, default: int) -> int:
    """The value of a variable that counts something; the default when it is not set."""
    value = environment.get(name) or str(default)
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} is {value!r}; allowed is a whole number. Correct it or leave it out.")
    return int(value)


def items(value: str) -> list[str]:
    """The parts of a comma-separated list, without blanks and empty parts."""
    return [part.strip() for part in value.split(",") if part.strip()]


def host_and_port(name: str, value: str) -> tuple[str, int]:
    """Splits `host:port`; the port of Redis when there is none."""
    host, _, port = value.partition(":")
    if not host or not (port or "6379").isdecimal():
        raise ImproperlyConfigured(
            f"{name} has {value!r}; allowed is host or host:port. Correct that part of the list."
        )
    return host, int(port or "6379")
