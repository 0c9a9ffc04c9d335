"""`python -m bench [NAME …]`: all benchmarks, or those named."""

from __future__ import annotations

import importlib
import sys

NAMES = ("postings", "judging", "verifying", "balances", "writers")


def main() -> int:
    names = sys.argv[1:] or NAMES
    unknown = [n for n in names if n not in NAMES]
    if unknown:
        print(f"no benchmark {unknown[0]!r}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    for name in names:
        importlib.import_module(f"bench.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
