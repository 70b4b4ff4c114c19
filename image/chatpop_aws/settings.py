"""ChatPop's own settings, fitted to AWS by environment variables (`docs/image.md` lists them)."""

import os

from chatpop import settings as application
from chatpop.settings import *  # noqa: F403
from chatpop_aws.database_settings import connections, databases
from chatpop_aws.environment import flag, items, number
from chatpop_aws.log_settings import logging
from chatpop_aws.redis_settings import caches, channel_layers

# True: messages reach the rooms only through the outbox (`outbox.py`).
OUTBOX_ENABLED = flag(os.environ, "OUTBOX_ENABLED")

# The application splits the list as it is, so that a blank or an empty part would be a host name.
ALLOWED_HOSTS = items(",".join(application.ALLOWED_HOSTS))

INSTALLED_APPS = [*application.INSTALLED_APPS, "chatpop_aws"]

MIDDLEWARE = [
    # First, so that a health check is answered before anything looks at its Host header or opens a session.
    "chatpop_aws.health.health",
    "chatpop_aws.affinity.affinity",
    "chatpop_aws.turns.turns",
    # Second to the application's first, which is Django's SecurityMiddleware: static files come from the image, since
    # Daphne serves none when DEBUG is off (GAP-20).
    *application.MIDDLEWARE[:1],
    "whitenoise.middleware.WhiteNoiseMiddleware",
    *application.MIDDLEWARE[1:],
]

DATABASES = databases(application.DATABASES["default"], os.environ)
# Each request holds a thread and a connection. The sockets share one connection more, and one is spare.
REQUESTS_AT_ONCE = (connections(os.environ) or 10) - 2
DATABASE_ROUTERS = ["chatpop_aws.db_router.ChatReadReplicaRouter"] if "read_replica" in DATABASES else []

CHANNEL_LAYERS = channel_layers(application.CHANNEL_LAYERS, os.environ, OUTBOX_ENABLED)
CACHES = caches(application.CACHES, os.environ)

# The program names an origin to trust where there is HTTPS; without it, browsers would not send secure cookies back.
if any(origin.startswith("https://") for origin in items(os.environ.get("CSRF_TRUSTED_ORIGINS", ""))):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    # An hour, so that a browser forgets it soon should the certificate go.
    SECURE_HSTS_SECONDS = number(os.environ, "CHATPOP_HSTS_SECONDS", 3_600)
    # The load balancer redirects to HTTPS (W008); other subdomains and browsers' lists are their owner's (W005, W021).
    SILENCED_SYSTEM_CHECKS = [
        *getattr(application, "SILENCED_SYSTEM_CHECKS", []),
        "security.W005",
        "security.W008",
        "security.W021",
    ]

LOGGING = logging(getattr(application, "LOGGING", {}))

# October's revision has no place to collect static files in (GAP-20).
STATIC_ROOT = getattr(application, "STATIC_ROOT", None) or application.BASE_DIR / "staticfiles"

if os.environ.get("AWS_STORAGE_BUCKET_NAME"):
    # Media go to S3 with the task's role, also in October's revision, which would ask for keys (GAP-16).
    DEFAULT_FILE_STORAGE = "storages.backends.s3boto3.S3Boto3Storage"
    AWS_S3_FILE_OVERWRITE = False
    # A bucket whose owner owns everything refuses any ACL; without one, objects are private (GAP-19).
    AWS_DEFAULT_ACL = None
    # boto3 signs URLs of older regions with version 2, which S3 phases out and KMS refuses.
    AWS_S3_SIGNATURE_VERSION = "s3v4"
    # And names S3's global host in them, which knows no region that opened after 2019.
    AWS_S3_ADDRESSING_STYLE = os.environ.get("AWS_S3_ADDRESSING_STYLE", "virtual")

# April's revision looks at these after each upload, and defines them no more.
AWS_ACCESS_KEY_ID = getattr(application, "AWS_ACCESS_KEY_ID", "")
AWS_SECRET_ACCESS_KEY = getattr(application, "AWS_SECRET_ACCESS_KEY", "")
