"""What of a checkout reaches the builder (G-38), by Docker's own rules."""

from pathlib import Path

import pytest
from docker.utils.build import exclude_paths

from services import IMAGE

PATTERNS = [
    line for line in (IMAGE / "Dockerfile.dockerignore").read_text().splitlines() if line and not line.startswith("#")
]
# The guide's list, an example for each of its entries.
GUIDE = {
    "__pycache__": "__pycache__/module",
    "*.pyc": "module.pyc",
    "*.pyo": "module.pyo",
    "*.pyd": "module.pyd",
    ".Python": ".Python",
    "env/": "env/file",
    "venv/": "venv/file",
    "*.sqlite3": "db.sqlite3",
    ".env": ".env",
    ".git": ".git/config",
    ".gitignore": ".gitignore",
    "node_modules/": "node_modules/package/file",
    "frontend/": "frontend/page.tsx",
    "docs/": "docs/page",
    "*.md": "README.md",
    ".vscode/": ".vscode/file",
    ".idea/": ".idea/file",
}


def context(root: Path, *files: str) -> set[str]:
    """Which of the files a builder gets."""
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).touch()
    return {path for path in exclude_paths(str(root), PATTERNS) if (root / path).is_file()}


@pytest.mark.parametrize("example", GUIDE.values(), ids=GUIDE.keys())
@pytest.mark.parametrize("folder", ["", "backend/", "backend/chats/"])
def test_g38_the_guides_entries_stay_out_at_any_depth(tmp_path: Path, folder: str, example: str) -> None:
    assert context(tmp_path, f"{folder}{example}") == set()


def test_the_image_gets_the_code_and_nothing_else(tmp_path: Path) -> None:
    wanted = {"backend/manage.py", "backend/chats/allowlists.json", "backend/requirements.txt"}
    others = {"certs/key.pem", "infra/main.tf", "backend/media/voice.webm", "backend/.env.production"}
    assert context(tmp_path, *wanted, *others) == wanted


def test_the_overlay_may_lie_in_the_context(tmp_path: Path) -> None:
    wanted = {"image/requirements.txt", "image/chatpop_aws/settings.py"}
    assert context(tmp_path, *wanted, "image/tests/conftest.py") == wanted
