"""Django's PostgreSQL backend with connections that are kept: see `base.py`."""
