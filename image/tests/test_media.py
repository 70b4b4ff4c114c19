"""Media reach S3 with the task's role and without an ACL (GAP-16, GAP-19)."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from conftest import World

# As October's revision, whose settings ask for keys, and as April's, whose settings no longer know them.
REVISIONS = {
    "October": "",
    "April": "from chatpop import settings; del settings.AWS_ACCESS_KEY_ID, settings.AWS_SECRET_ACCESS_KEY",
}

SAVE = """
import django; django.setup()
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
default_storage.save("voice/one.webm", ContentFile(b"sound"))
# What ChatPop's MediaStorage looks at after it has saved.
print(bool(settings.AWS_ACCESS_KEY_ID and settings.AWS_SECRET_ACCESS_KEY))
print(default_storage.url("voice/one.webm"))
"""


class Bucket(BaseHTTPRequestHandler):
    """Takes objects as S3 does, and remembers what came with them."""

    requests: list[tuple[str, str, dict[str, str]]] = []

    def do_GET(self) -> None:
        """Gives credentials as the ECS agent does for a task's role."""
        credentials = {
            "AccessKeyId": "ROLE",
            "SecretAccessKey": "secret",
            "Token": "token",
            "Expiration": "2099-01-01T00:00:00Z",
        }
        self._answer(200, json.dumps(credentials).encode())

    def do_HEAD(self) -> None:
        """No object is there yet."""
        self._answer(404)

    def do_PUT(self) -> None:
        """Stores an object."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.requests.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
        self._answer(200)

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"1"')
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Says nothing."""


@pytest.mark.parametrize("revision", REVISIONS)
def test_gap16_gap19_uploads_carry_no_acl_and_the_roles_credentials(world: World, revision: str) -> None:
    Bucket.requests.clear()
    server = HTTPServer(("127.0.0.1", 0), Bucket)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environment = world.environment(
        AWS_STORAGE_BUCKET_NAME="media",
        AWS_ENDPOINT_URL_S3=f"http://127.0.0.1:{server.server_port}",
        AWS_CONTAINER_CREDENTIALS_FULL_URI=f"http://127.0.0.1:{server.server_port}/role",
    )
    command = [sys.executable, "-c", f"{REVISIONS[revision]}\n{SAVE}"]
    printed = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    server.shutdown()
    server.server_close()
    [(_, path, headers)] = Bucket.requests
    assert path.startswith("/media/voice/one.webm")
    assert "x-amz-acl" not in headers
    assert "Credential=ROLE/" in headers["authorization"]
    [keys, url] = printed.splitlines()
    assert keys == "False"
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in url
    assert "X-Amz-Credential=ROLE%2F" in url
