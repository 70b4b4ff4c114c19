"""Refuses packages whose licence is not permissive: `<environment>/bin/python tools/licences.py`, of that environment's packages."""

import re
import sys
from importlib.metadata import Distribution, distributions

PERMISSIVE = re.compile(
    r"^(0BSD|Apache( Software)?( License)?[- ,v]*(Version )?2(\.0)?|Apache Software License|Apache-2\.0|"
    r"(\w+ )?BSD([- ][23]-Clause)?( License)?|(Modified|New|Simplified) BSD( License)?|CC0-1\.0|"
    r"ISC( License \(ISCL\)|L)?|(The )?MIT( License)?|MIT-0|MIT-CMU|PSF(-2\.0)?|PSFL|Python Software Foundation License|"
    r"Python-2\.0|Unlicense|The Unlicense \(Unlicense\)|Zlib|ZPL-2\.1|Zope Public License)$",
    re.IGNORECASE,
)
# Package whose licence is another one, and why it may stay.
EXCEPTIONS = {
    "pathspec": "MPL-2.0 binds changes to its own files; mypy and the tests alone use it",
    "bidict": "MPL-2.0 binds changes to its own files; Locust's web page uses it",
    "certifi": "MPL-2.0 binds changes to its own files, a list of certificates",
}


def licence(package: Distribution) -> str:
    """As the package says it: an expression, or classifiers, or a text."""
    about = package.metadata
    named = [
        each.split(" :: ")[-1]
        for each in about.get_all("Classifier") or []
        if each.startswith("License :: ") and each != "License :: OSI Approved"
    ]
    text = (about.get("License") or "").strip().split("\n")[0]
    said = about.get("License-Expression") or " AND ".join(named) or text
    if said:
        return said
    files = [file for file in package.files or [] if re.search(r"dist-info/.*LICEN[CS]E", str(file))]
    return files[0].read_text().strip().split("\n")[0] if files else ""


def is_permissive(expression: str) -> bool:
    """Whether one side of each OR, and every side of each AND, is."""
    parts = re.split(r"\bAND\b", expression.replace("(", " ").replace(")", " "))
    return all(
        any(PERMISSIVE.match(side.strip()) for side in re.split(r"\bOR\b", part)) for part in parts
    )


def main() -> int:
    found = {package.metadata["Name"]: licence(package) for package in distributions()}
    refused = [
        f"{name}: {said or 'no licence'}"
        for name, said in sorted(found.items())
        if name.lower() not in EXCEPTIONS and not is_permissive(said)
    ]
    for line in refused:
        print(f"licence is not permissive: {line}", file=sys.stderr)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
