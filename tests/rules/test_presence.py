"""Who is there: on sheets that nobody writes alone."""

from comuna.rules.assembly import CheckIn, CheckOut
from tests.rules import both_sides
from tests.rules.village import each_pack


@each_pack
def test_a_sheet_of_presence_is_signed_by_somebody_there_who_is_not_of_that_office(village):
    v = village
    assembly = v.call()
    alone, sheet = v.plain[0], tuple(v.plain[1:5])
    v.do(alone, CheckIn(assembly=assembly, members=(alone,)))
    entered = CheckIn(assembly=assembly, members=sheet)
    v.refused("presence_unconfirmed", lambda: v.send(v.secretary, entered))
    absent = v.plain[-1]
    v.refused("presence_unconfirmed", lambda: v.send(v.secretary, entered, absent))
    v.do(v.secretary, entered, alone)


def test_who_is_on_the_sheet_signs_it_where_nobody_is_there_yet(village):
    v = village
    sheet = tuple(v.plain[1:5])
    v.do(v.secretary, CheckIn(assembly=v.call(), members=sheet), sheet[0])


@each_pack
def test_nobody_is_sent_away_by_one_hand(village):
    v = village
    assembly = v.meet(v.propose())
    out = CheckOut(assembly=assembly, members=tuple(v.plain[1:3]))
    both_sides.refused(v, "presence_unconfirmed", "presence_unconfirmed", v.secretary, out)
    v.do(v.secretary, out, v.plain[0])
