"""The interpreters: one with the application's packages, made when it is first needed."""

import hashlib
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
IMAGE = REPOSITORY / "image"
STANDIN = REPOSITORY / "loadtest" / "standin"
_KEPT = REPOSITORY / ".engine"


def backend(source: Path | None) -> Path:
    """The application's folder."""
    folder = source / "backend" if source else STANDIN
    if not (folder / "manage.py").exists():
        raise SystemExit(
            f"loadtest: {source}: no ChatPop checkout, for it has no backend/manage.py; clone one and name it"
        )
    return folder


def for_application(source: Path | None) -> Path:
    """An interpreter with what the image installs for this application."""
    lists = (
        [backend(source) / "requirements.txt", IMAGE / "requirements.txt"]
        if source
        else [IMAGE / "tests" / "requirements.txt"]
    )
    wanted = "\n".join(file.read_text() for file in lists)
    folder = _KEPT / f"application-{hashlib.sha256(wanted.encode()).hexdigest()[:12]}"
    installed = folder / "installed.txt"
    if not installed.exists() or installed.read_text() != wanted:
        print(f"packages: installing what {', '.join(str(file) for file in lists)} names")
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        names = [word for file in lists for word in ("--requirement", str(file))]
        pip = [str(folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", *names]
        subprocess.run(pip, check=True)
        installed.write_text(wanted)
    return folder / "bin" / "python"


def revision(source: Path | None) -> str:
    """Which application a figure belongs to."""
    if source is None:
        return "stand-in"
    words = ["git", "-C", str(source), "rev-parse", "--short=7", "HEAD"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return f"ChatPop {done.stdout.strip()}" if done.returncode == 0 else "ChatPop"
