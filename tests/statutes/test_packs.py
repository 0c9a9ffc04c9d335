"""Every pack that comes with Comuna, and every way in which a pack can be wrong."""

import json

import msgspec
import pytest

from comuna.book.canonical import encode
from comuna.rules.pack import InvalidPack, parse
from comuna.rules.statute import Statute, fraction
from comuna.statutes import UnknownPack, load, names, text

ALL = pytest.mark.parametrize("pack", names())
LIVED_IN = pytest.mark.parametrize(
    "pack", ["simple", "br-5764-1971", "es-27-1999", "us-colab", "ve-comunas-2010", "ve-locc-2023"]
)
POWERS = {
    *("call-assembly", "preside", "record-paper", "tell", "request-payment", "approve-payment"),
    *("keep-accounts", "oversee", "keep-register"),
}


# --- the packs there are ---


@ALL
def test_every_rule_of_every_pack_names_an_article_and_a_source(comuna, pack):
    statute = load(pack)
    for place, rule in statute.rules():
        assert rule.article.strip(), place
        assert rule.status in ("seen", "draft"), f"{place}: nobody has signed for it"
    assert statute.sources
    _, out, _ = comuna("statutes", pack)
    for step in statute.surplus.steps:
        assert f"surplus.steps.{step.id} " in out
    assert out.count("art. ") >= len(list(statute.rules()))


@ALL
def test_a_statute_fits_whole_into_a_founding_act(pack):
    statute = load(pack)
    data = msgspec.json.decode(msgspec.json.encode(statute))
    assert len(encode(data)) < 40_000
    assert msgspec.convert(data, Statute) == statute
    assert json.loads(json.dumps(msgspec.to_builtins(statute))) == data


@ALL
def test_what_rests_on_memory_says_draft_wherever_it_is_named(comuna, pack):
    statute = load(pack)
    assert statute.draft == any(rule.status == "draft" for _, rule in statute.rules())
    assert ("DRAFT" in comuna("statutes", pack)[1]) == statute.draft
    assert comuna.json("statutes", pack)["draft"] == statute.draft


def test_all_venezuelan_packs_are_drafts():
    venezuelan = [name for name in names() if name.startswith("ve-")]
    assert len(venezuelan) == 5
    assert all(load(name).draft for name in venezuelan)


@ALL
def test_every_fund_is_a_line_of_the_chart_and_every_step_feeds_a_fund_or_people(pack):
    statute = load(pack)
    for fund in statute.treasury.funds:
        assert statute.account(fund.id).group == "funds"
    for step in statute.surplus.steps:
        assert statute.fund(step.fund) or step.fund in ("members", "workers", "capital")


@LIVED_IN
def test_a_body_can_live_on_it_every_power_has_a_holder(pack):
    statute = load(pack)
    held = {power for office in statute.offices for power in office.powers}
    assert held == POWERS
    approvers = sum(o.seats for o in statute.offices if "approve-payment" in o.powers)
    assert approvers >= statute.treasury.signatures >= 2
    assert all(office.recall is not None for office in statute.offices)


@ALL
def test_no_decision_and_no_payment_rests_on_the_word_of_the_server(pack):
    for kind in ("vote", "approve-payment", "petition-recall", "sign-minutes"):
        assert load(pack).forms(kind) == ("signed", "witnessed")


def test_what_a_partial_pack_takes_over_keeps_its_law_and_article():
    statute = load("es-pv-11-2019")
    assert statute.call(1).law == "Comuna, simple statutes"
    assert statute.surplus.law == ""
    assembly = load("br-5764-1971").assembly
    assert assembly.article_of("notice_days") == "38 §1"
    assert assembly.article_of("tellers") == "Comuna, simple statutes, 3"


def test_a_matter_that_is_not_singled_out_takes_the_general_majority():
    statute = load("br-5764-1971")
    assert statute.majority("budget") is statute.majority("default")
    assert fraction(statute.majority("amend-statute").at_least) == fraction("2/3")


def test_a_statute_knows_no_call_beyond_its_last():
    assert load("br-5764-1971").call(3).count == 10
    assert load("br-5764-1971").call(4) is None


def test_the_two_rules_of_the_consultation_follow_one_another():
    first, second = load("ve-consulta-popular").counts
    assert (first.settings["seats"], second.settings["seats"]) == ("1", "2")
    assert first.valid_until < second.valid_from


def test_an_unknown_pack_is_answered_with_those_there_are(comuna):
    with pytest.raises(UnknownPack, match="br-5764-1971"):
        load("../simple")
    status, _, err = comuna("statutes", "br", "--lang", "es")
    assert status == 2
    assert "No hay paquete «br»" in err


def test_the_list_of_packs_is_data_too(comuna):
    listed = {pack["id"]: pack for pack in comuna.json("statutes")}
    assert set(listed) == set(names())
    assert listed["ve-comunas-2010"]["valid_until"] == "2025-12-29"
    assert set(listed["simple"]["title"]) == {"en", "es"}


# --- packs that are refused ---


def errors(source, base=None):
    with pytest.raises(InvalidPack) as caught:
        parse(source, base)
    return caught.value.errors


def broken(line, replacement, pack="br-5764-1971"):
    """The errors of a pack in which one line is replaced; and the number of that line."""
    source = text(pack)
    assert line in source
    number = source[: source.index(line)].count("\n") + 1
    base = load("simple") if "extends" in source else None
    return errors(source.replace(line, replacement, 1), base), number


def header_above(number, pack="br-5764-1971"):
    """The line of the table that a line belongs to."""
    above = text(pack).splitlines()[:number]
    return max(n for n, line in enumerate(above, 1) if line.startswith("["))


@pytest.mark.parametrize(
    ("line", "replacement", "field"),
    [
        ('at_least = "2/3"', 'at_least = "3/2"', "assembly.calls[0].at_least"),
        ('at_least = "2/3"', 'at_least = "0"', "assembly.calls[0].at_least"),
        ('at_least = "2/3"', 'at_least = "two"', "assembly.calls[0].at_least"),
        ('at_least = "2/3"', 'at_least = "2/0"', "assembly.calls[0].at_least"),
        ('at_least = "2/3"', "at_least = 0.66", "assembly.calls[0].at_least"),
        ("call = 2", "call = 3", "assembly.calls[1].call"),
        ("notice_days = 10", "notice_day = 10", "assembly.notice_day"),
        ("notice_days = 10", "notice_days = -10", "assembly.notice_days"),
        ('half_plus_one = "floor"', 'half_plus_one = "up"', "assembly.calls[1].half_plus_one"),
        ('matter = "dissolve"', 'matter = "disolve"', "majorities[2].matter"),
        ('matter = "dissolve"', 'matter = "amend-statute"', "majorities[2].matter"),
        ('matters = ["accounts"]', 'matters = ["acounts"]', "assembly.barred[0].matters"),
        ('offices = ["board", ', 'offices = ["bored", ', "assembly.barred[0].offices"),
        ('fund = "fates"', 'fund = "faates"', "surplus.steps[1].fund"),
        ('base = "non_member_result"', 'base = "outsiders"', "surplus.steps[2].base"),
        ('base = "non_member_result"', 'base = "outside_result"', "surplus.steps[2].base"),
        ('share = "1/10"', "", "surplus.steps[0].share"),
        ('rate = "rest"', 'rate = "residue"', "surplus.steps[6].rate"),
        ('order = ["member_result"]', 'order = ["result"]', "surplus.prior_losses.order"),
        ('powers = ["oversee"]', 'powers = ["rule"]', "offices[3].powers"),
        ('use = "use-reserve"', 'use = "spend"', "treasury.funds[0].use"),
        ('valid_from = "1971-12-16"', 'valid_from = "16/12/1971"', "valid_from"),
        ('id = "fates"', 'id = "reserve"', "treasury.funds[1].id"),
        ('id = "fates"', 'id = "Fates!"', "treasury.funds[1].id"),
        ('es = "Fondo de reserva"', 'pt = "Fundo de reserva"', "treasury.funds[0].title"),
        ('keys = ["activity", "equal"]', "keys = []", "surplus.keys"),
        ("seats = 3", "seats = 0", "offices[0].seats"),
    ],
)
def test_a_fault_is_refused_with_its_line_and_what_would_be_right(line, replacement, field):
    found, number = broken(line, replacement)
    by_field = {error.field: error for error in found}
    assert field in by_field
    error = by_field[field]
    assert error.line == (number if replacement else header_above(number))
    for lang in ("en", "es"):
        assert error.what[lang]
        assert error.remedy[lang]


def test_a_majority_without_a_tie_rule_is_refused_with_its_line():
    found, number = broken('tie = "status-quo"\n', "")
    (error,) = found
    assert (error.line, error.field) == (header_above(number), "majorities[0].tie")
    assert "status-quo" in found[0].remedy["es"]


@pytest.mark.parametrize(
    ("line", "replacement", "field"),
    [
        ('method = "irv"', 'method = "by-drum"', "counts[0].method"),
        ('method = "irv"', 'method = "irv"\nmarks = "several"', "counts[0].marks"),
        ('method = "irv"', 'method = "irv"\npoints_max = 5', "counts[0].points_max"),
        ('method = "irv"', 'method = "irv"\nsettings = { seats = "2" }', "counts[0].settings"),
        ('method = "irv"', 'method = "irv"\nsettings = { ties = "id" }', "counts[0].settings"),
        ('method = "irv"', 'method = "irv"\nsettings = { budget = "9" }', "counts[0].settings"),
        (
            'method = "irv"',
            'method = "equal-shares"\nsettings = { endowments = "Hill:1" }',
            "counts[0].settings",
        ),
        ('ways = ["roll-call", "papers"]', "ways = []", "counts[0].ways"),
        ('id = "two-by-two"', 'id = "one-of-several"', "counts[1].id"),
        ('"authorise", "elect"]', '"authorise", "elects"]', "counts[0].matters"),
        ('tie = "status-quo"', 'tie = "status-quo"\nminus = 1', "majorities[0].minus"),
        ('tie = "status-quo"', 'tie = "status-quo"\nagreement = "consent"', "majorities[0]"),
        (
            'tie = "status-quo"',
            'tie = "lot"\napproval_quorum = "2"',
            "majorities[0].approval_quorum",
        ),
    ],
)
def test_a_count_or_an_agreement_that_could_not_be_held_is_refused(line, replacement, field):
    found, _ = broken(line, replacement, "simple")
    assert [error.field for error in found] == [field]
    assert all(found[0].remedy[lang] for lang in ("es", "en"))


def test_a_quorum_said_in_two_ways_is_refused():
    found, number = broken('at_least = "2/3"', 'at_least = "2/3"\ncount = 10')
    assert (found[0].field, found[0].line) == ("assembly.calls[0]", header_above(number))


def test_a_quorum_said_in_no_way_is_refused():
    found, _ = broken("count = 10\n", "")
    assert found[0].field == "assembly.calls[2]"


def test_more_than_all_is_refused():
    found, _ = broken('more_than = "1/2"', 'more_than = "1"', "simple")
    assert "never" in found[0].what["en"]


def test_a_rule_without_an_article_is_refused():
    found, _ = broken('article = "87"\n', "")
    assert [error.field for error in found] == ["surplus.steps[2].article"]


def test_dates_that_run_backwards_are_refused():
    found, number = broken(
        'valid_until = "2025-12-29"', 'valid_until = "2009-12-29"', "ve-comunas-2010"
    )
    assert (found[0].field, found[0].line) == ("valid_until", number)


def test_more_signatures_than_there_are_seats_is_refused():
    found, number = broken("signatures = 2", "signatures = 4", "simple")
    assert (found[0].field, found[0].line) == ("treasury.signatures", number)


def test_a_statute_that_takes_the_server_s_word_for_everything_is_refused():
    found, _ = broken('["signed", "witnessed"]', '["signed", "attested"]', "simple")
    assert found[0].field == "authorship[0].forms"


def test_a_loss_that_nobody_bears_to_the_end_is_refused():
    found, _ = broken('source = "members"\nrate = "rest"', 'source = "members"\nrate = "open"')
    assert found[0].field == "surplus.losses"


def test_all_faults_are_told_at_once_in_the_order_of_their_lines():
    source = text("br-5764-1971").replace("notice_days", "notice").replace('tie = "repeat"', "")
    found = errors(source, load("simple"))
    assert len(found) >= 2
    assert [error.line for error in found] == sorted(error.line for error in found)


def test_text_that_is_not_toml_is_refused_with_its_line():
    found = errors('id = "x"\nversion = \n')
    assert found[0].line == 2


def test_a_pack_that_extends_another_must_be_given_it():
    assert errors(text("br-5764-1971"))[0].field == "extends"
    assert errors(text("br-5764-1971"), load("us-colab"))[0].field == "extends"


def test_a_pack_alone_must_have_every_section():
    source = text("br-5764-1971").split("[[sources]]")[0].replace('extends = "simple"\n', "")
    fields = {error.field for error in errors(source)}
    assert {"members", "assembly", "majorities", "treasury", "surplus", "oversight"} <= fields


@pytest.mark.parametrize("value", ["3", '"text"', "[1, 2]", "[[1]]", "true"])
@pytest.mark.parametrize(
    "section", ["members", "assembly", "treasury", "surplus", "offices", "recall", "counts"]
)
def test_a_section_of_another_shape_is_a_fault_and_not_a_crash(section, value):
    head = text("br-5764-1971").split("[[sources]]")[0]
    found = errors(f"{head}{section} = {value}\n", load("simple"))
    assert any(error.field.startswith((section, "offices")) for error in found)


def test_lines_are_found_past_comments_and_long_texts():
    source = text("simple").replace(
        'article = "2"\n',
        'article = "2"\nnote = """\n[[offices]]\nx = 1 # no\n"""\nfounders = 3 # [ "\n',
        1,
    )
    (error,) = [e for e in errors(source) if e.field == "members.founders"]
    assert source.splitlines()[error.line - 1].startswith("founders = 3")


# --- cases that are refused ---


@pytest.mark.parametrize(
    ("case", "field"),
    [
        ("[]", "case"),
        ("{}", "results"),
        ('{"results": {}}', "results"),
        ('{"results": {"member_result": 1.5}}', "results.member_result"),
        ('{"results": {"member_result": "12"}}', "results.member_result"),
        ('{"results": {"member_result": true}}', "results.member_result"),
        ('{"results": {"profit": 1}}', "results.profit"),
        ('{"results": {"prior_losses": -1}}', "results.prior_losses"),
        ('{"results": {"member_result": 1}, "fund": {}}', "case.fund"),
        ('{"results": {"member_result": 1}, "choices": {"reserve": "3/2"}}', "choices.reserve"),
        ('{"results": {"member_result": 1}, "choices": {"reserve": -1}}', "choices.reserve"),
        ('{"results": {"member_result": 1}, "choices": {"reserve": "much"}}', "choices.reserve"),
        ('{"results": {"member_result": 1}, "members": {"1": 3}}', "members.1"),
        ('{"results": {"member_result": 1}, "members": {"1": {"hours": -1}}}', "members.1.hours"),
        ('{"results": {"member_result": 1}, "members": {"1": {"on": true}}}', "members.1.on"),
        ('{"results": {"member_result": 1}, "key": {"hours": 0}}', "key"),
        ('{"results": {"member_result": NaN}}', "results.member_result"),
        ("not json", "JSON"),
        ("[" * 100_000, "JSON"),
    ],
)
@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_case_that_cannot_be_read_is_told_where_and_what_would_be_right(
    comuna, case, field, lang
):
    words = ("surplus", "--statute", "simple", "--lang", lang)
    status, out, err = comuna(*words, given=case)
    assert status == 2
    assert field in err
    assert not out


def test_a_share_with_a_point_is_taken_exactly_and_never_as_a_float(comuna):
    given = '{"results": {"member_result": 1000000000000000003}, "choices": {"reserve": 0.1}}'
    answer = comuna.json("surplus", "--statute", "simple", given=given)
    assert answer["steps"][0]["amount"] == 100000000000000000


def test_a_surplus_in_words_shows_the_article_behind_each_step(comuna):
    given = '{"unit": "BRL", "results": {"member_result": 1000}}'
    _, out, _ = comuna("surplus", "--statute", "br-5764-1971", "--lang", "es", given=given)
    for article in ("28 I", "28 II", "87", "4 VII"):
        assert f"art. {article}" in out
    assert "BORRADOR" in out
