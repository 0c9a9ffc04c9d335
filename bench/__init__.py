"""Speed, as ratios measured in one run: `python -m bench [NAME …]` (docs/speed.md says how
to read it). The peers come with the extra `bench`; PostgreSQL, hledger and ledger from Debian."""
