"""The load test's command (`loadtest/README.md`)."""

import sys

from .main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
