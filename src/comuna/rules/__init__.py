"""The law: acts, and beside each the function that judges it. Pure: imports nothing else here."""
