"""`python -m comuna`: the verbs of `comuna.cli`."""

import sys

from comuna.cli import main

if __name__ == "__main__":
    sys.exit(main())
