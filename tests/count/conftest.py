"""The outside engines are compared with where the extra `oracles` is installed."""

from importlib.util import find_spec

ORACLES = ("pabutools", "pref_voting", "apportionment")
collect_ignore = [] if all(map(find_spec, ORACLES)) else ["test_oracles.py"]
