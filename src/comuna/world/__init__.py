"""A seeded generator of living communes: for the demo, for tests and for load.

It lives a body's year by recording acts through the clerk, and puts nothing in behind it. The same
seed gives the same book, byte for byte. Its people are invented, and so are their keys: they follow
from the seed, so a generated body is fit to be looked at and tested, never to be lived in.
"""

from comuna.world.year import Sheet, Year, live_a_year

__all__ = ["Sheet", "Year", "live_a_year"]
