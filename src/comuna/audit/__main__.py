"""Run the verifier alone."""

import sys

from comuna.audit.cli import main

sys.exit(main())
