"""The Dockerfile as its instructions."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

from dockerfile_parse import DockerfileParser

from services import IMAGE


@dataclass
class Stage:
    """One FROM with what follows."""

    base: str
    name: str
    instructions: list[tuple[str, str]] = field(default_factory=list)

    def values(self, instruction: str) -> list[str]:
        """What stands after each such instruction."""
        return [value for name, value in self.instructions if name == instruction]

    def last(self, instruction: str) -> str:
        """The one that holds."""
        return self.values(instruction)[-1]


def stages() -> list[Stage]:
    """The Dockerfile's stages in order; the image is made of the last."""
    found: list[Stage] = []
    for line in DockerfileParser(path=str(IMAGE / "Dockerfile")).structure:
        name, value = line["instruction"], line["value"]
        if name == "FROM":
            base, _, alias = value.partition(" AS ")
            found.append(Stage(base, alias))
        elif found and name != "COMMENT":
            found[-1].instructions.append((name, value))
    return found


def entry_point() -> list[str]:
    """The image's ENTRYPOINT, which must be a list: a shell between would swallow SIGTERM."""
    result: list[str] = json.loads(stages()[-1].last("ENTRYPOINT"))
    return result


def command() -> list[str]:
    """The image's CMD."""
    result: list[str] = json.loads(stages()[-1].last("CMD"))
    return result


def lock_of(*lists: Path) -> Path:
    """Where the build looks for exact versions of what these lists and the overlay's name."""
    content = b"".join(file.read_bytes() for file in [*lists, IMAGE / "requirements.txt"])
    return IMAGE / "locks" / f"{hashlib.sha256(content).hexdigest()[:16]}.txt"
