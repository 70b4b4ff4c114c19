"""`python -m chatpop_aws.sbom`: prints what the image is made of (CycloneDX): Debian's packages and Python's."""

import json
import subprocess
from importlib.metadata import distributions
from typing import Any
from urllib.parse import quote


def component(kind: str, name: str, version: str, qualifiers: str = "") -> dict[str, Any]:
    """A package with the address by which scanners know it."""
    purl = f"pkg:{kind}/{quote(name, safe='/')}@{quote(version, safe='')}{qualifiers}"
    return {"type": "library", "bom-ref": purl, "name": name.rpartition("/")[2], "version": version, "purl": purl}


def components() -> list[dict[str, Any]]:
    """All packages of the image, each once."""
    line = ["dpkg-query", "--show", "--showformat", "${Package} ${Version} ${Architecture}\n"]
    debian = subprocess.run(line, capture_output=True, text=True, check=True).stdout.splitlines()  # noqa: S603
    found = [component("pypi", each.name.lower().replace("_", "-"), each.version) for each in distributions()]
    for package in debian:
        name, version, architecture = package.split(" ")
        found.append(component("deb", f"debian/{name}", version, f"?arch={architecture}"))
    return sorted({each["purl"]: each for each in found}.values(), key=lambda each: str(each["purl"]))


def main() -> None:
    """Prints the list."""
    print(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": components()}))


if __name__ == "__main__":
    main()
