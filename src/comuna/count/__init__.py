"""How ballots become results: pure functions from arrays to results with their working shown.

The result is a pure function of the rule, the ballots and the recorded lot. The room knows no
body, reads no clock and draws no chance of its own.
"""
