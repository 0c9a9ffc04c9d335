"""The tables of the readings: names, keys and columns as plain data, and how to make them.

Every table is keyed by the body first, so that many bodies share one database. A column holds a
whole number unless it is marked `:text`. Nothing is null: 0 and "" mean "not" or "none". Amounts
are in smallest steps, debit positive; moments are UTC seconds; dates are "YYYY-MM-DD"; lists are
words with a space between; a yes or no is 1 or 0. `number` is the number of the act in the book
that made the thing.
"""

from __future__ import annotations

from typing import NamedTuple

from comuna.book.database import Database

PREFIX = "reading_"


class Column(NamedTuple):
    """A column and whether it holds text."""

    name: str
    text: bool

    @property
    def default(self) -> str | int:
        return "" if self.text else 0


class Table(NamedTuple):
    """A table: `key` are the columns that name a row, `columns` all of them, in their order."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    indices: tuple[str, ...]  # each "column, column" or "column WHERE condition"

    @property
    def sql_name(self) -> str:
        return PREFIX + self.name


def table(name: str, key: str, rest: str, *indices: str) -> Table:
    """A table of a body from two lines of column names."""
    columns = []
    for word in f"body:text {key} {rest}".split():
        column, _, kind = word.partition(":")
        columns.append(Column(column, kind == "text"))
    names = tuple(word.partition(":")[0] for word in f"body {key}".split())
    return Table(name, names, tuple(columns), indices)


TABLES = (
    # The body and its law. `law` is the whole statute as JSON, in force since `since`.
    table("body", "", "name:text unit:text decimals founded_at head at"),
    table("statute", "number", "pack:text version since decision law:text"),
    # The roll: numbers, never names.
    table(
        "person",
        "number",
        "kind:text commitment:text votes_from applied_at admitted_at admitted_by ended_at ended_by"
        " household member_body:text formerly declared_at",
    ),
    # Kinship and interests as declared, withdrawn ones too: `declaration` and `confirmed` are acts.
    table("kin", "member kin declaration", "degree since until confirmed"),
    table("interest", "member party:text declaration", "since until"),
    table("charge", "number", "member by text:text at"),
    table("key", "key:text", "member public:text since until revoked_at number", "member"),
    # What was entered from paper as ending in a member's name; until `due` they can undo it.
    table("ending", "number", "member kind:text what:text at ends_at due undone_at", "member"),
    # Offices: a mandate in force has since <= now < (ended_at or until).
    table(
        "mandate",
        "number place",
        "office:text member alternate since until decision powers:text ended_at ended_by"
        " reason:text barred_until",
        "member",
    ),
    table(
        "petition",
        "number",
        "office:text member by text:text at supporters reached_at heard_at answer:text decided",
    ),
    table("support", "petition member", "at"),
    # Assemblies: `call` is the call that was opened, `size` and `root` the checkpoint read aloud.
    table(
        "assembly",
        "number",
        "called_by called_at starts_at place:text extraordinary call present required size"
        " root:text opened_at adjourned_until closed_at minutes minutes_at minutes_sha256:text"
        " minutes_signers:text remarks:text approved_by",
    ),
    table(
        "item", "assembly item", "title:text purpose:text proposal taken taken_at taken_title:text"
    ),
    table("notice", "number", "assembly channel:text reached at", "assembly"),
    table("call", "assembly call", "present required held at"),
    table("attendance", "assembly member number", "since until"),
    table("turn", "number", "assembly member given at", "assembly"),
    table("pause", "number", "assembly since planned until", "assembly"),
    # Proposals and the decisions they became. `outcome` is "", adopted, rejected, tie or few
    # (fewer took part than `needed`), of the last vote; `accepted` is "", yes or no. The state by
    # the clock is computed: `law.state_of`.
    # Of a vote `outcome` may also be withdrawn. Of a contest: `contest` as it was proposed, the
    # options still `standing`, the `winners` in the order of the choice; `effects` are then theirs.
    # Of a vote: the hash of the rule of its `count`, the `papers` counted and the `working`. JSON,
    # empty where there is none.
    table(
        "proposal",
        "number",
        "proposer title:text text:text effects:text digest:text matters:text at amends amended_by"
        " responsible:text due:text assembly withdrawn_at ballot voting outcome:text decided_at"
        " yes no abstain blank present roll statute_version enacted_at suspended_at repealed_by"
        " reported_at accepted:text accepted_by contest:text standing:text winners:text"
        " recorded_at",
    ),
    table(
        "ballot",
        "number",
        "assembly proposal digest:text method:text present roll entitled:text opened_at closes_at"
        " closed_at outcome:text yes no abstain blank statute_version tellers:text count:text"
        " ballots papers:text dice:text winners:text working:text needed head:text",
        "proposal",
        "assembly",
    ),
    table("vote", "ballot member", "choice:text number at marks:text reason:text"),
    table("dissent", "number", "decision member text:text at", "decision"),
    table(
        "challenge", "number", "decision member reason:text at suspends confirmed_by", "decision"
    ),
    table("execution", "number", "decision by text:text sha256:text at", "decision"),
    # The ledger. `kind` is the kind of act that moved it; `amount` what was paid, or
    # the sum of its debits.
    table(
        "movement",
        "number",
        "date:text kind:text text:text unit:text amount by payment authorisation:text decision"
        " party:text receipt:text reverses reversed_by",
        "decision WHERE decision > 0",
        "payment WHERE payment > 0",
    ),
    table("line", "movement place", "account:text amount group:text", "account"),
    table("balance", "account:text unit:text", "amount group:text"),
    table("money_account", "account:text number", "title:text opened_by closed_by"),
    table("money_count", "number", "account:text date:text counted booked counters:text"),
    # Room to pay, and payments under it. `pending` is committed and not yet paid; `open` likewise.
    table("price", "number product:text measure:text", "decision since:text price per most"),
    table("budget", "number line:text", "decision since:text until:text amount"),
    table(
        "authorisation",
        "name:text",
        "decision purpose:text fund:text line:text limit unit:text since:text until:text"
        " payee:text each predecessor spent pending revoked_by",
        "decision",
    ),
    # Entries that move the result, and loans, which a decision allows up to an amount.
    table(
        "permission",
        "name:text",
        "decision debit:text credit:text amount until:text payee:text used revoked_by",
        "decision",
    ),
    table(
        "payment",
        "number",
        "authorisation:text decision requester payee:text amount account:text money:text"
        " until:text text:text document:text at paid open approvals released_at released_by"
        " release_reason:text",
        "decision",
        "authorisation",
    ),
    table("approval", "payment member", "number at"),
    # An objection to a request, or to the announcement of a reversal, by its number.
    table("objection", "number", "payment member reason:text at suspends", "payment"),
    table("announcement", "number", "movement by reason:text at", "movement"),
    table(
        "grant",
        "name:text",
        "grantor:text purpose:text amount since:text until:text decision received",
    ),
    table(
        "asset",
        "name:text",
        "number category:text title:text movement disposal buyer:text price received"
        " handed_over deed:text",
    ),
    # Periods and their surplus.
    table(
        "period",
        "number",
        "since:text until:text unit:text member_result non_member_result extraordinary_result tax"
        " surplus accounts_approved allocated key:text",
    ),
    table("destination", "period place", "fund:text amount article:text"),
    table("allocation", "period member", "amount decision"),
    # Work and deliveries, oversight.
    table(
        "work",
        "number member",
        "date:text production_unit:text task:text minutes confirmed_by:text corrected",
        "member",
    ),
    table(
        "delivery",
        "number",
        "date:text member product:text quantity measure:text value confirmed_by:text corrected",
        "member",
    ),
    table(
        "complaint",
        "number",
        "kind:text by about:text text:text at due answered answered_by answered_at answer:text",
    ),
    table("observation", "number", "about by text:text at", "about"),
    # The book itself: every act, what it mentions, and the papers it names by fingerprint.
    table(
        "log",
        "number",
        "at happened kind:text member form:text signers:text witnesses:text",
    ),
    table("mention", "topic:text subject:text number", ""),
    table("paper", "number role:text place", "sha256:text size", "sha256"),
)
BY_NAME = {t.name: t for t in TABLES}


def definition(of: Table, postgresql: bool) -> list[str]:
    """The statements that make one table and its indices where they are not yet."""
    columns = ", ".join(f'"{c.name}" {"TEXT" if c.text else "BIGINT"} NOT NULL' for c in of.columns)
    key = ", ".join(f'"{name}"' for name in of.key)
    clustered = "" if postgresql else " WITHOUT ROWID"
    statements = [
        f'CREATE TABLE IF NOT EXISTS "{of.sql_name}" ({columns}, PRIMARY KEY ({key})){clustered}'
    ]
    for index in of.indices:
        column, _, condition = index.partition(" WHERE ")
        only = f" WHERE {condition}" if condition else ""
        statements.append(
            f'CREATE INDEX IF NOT EXISTS "{of.sql_name}_{column}"'
            f' ON "{of.sql_name}" (body, "{column}"){only}'
        )
    return statements


def create(database: Database) -> None:
    """Make the tables of the readings where they are not yet."""
    for each in TABLES:
        database.script(definition(each, database.postgresql))


def drop(database: Database) -> None:
    """Take the tables away, whatever shape they have."""
    for each in TABLES:
        database.execute(f'DROP TABLE IF EXISTS "{each.sql_name}"')


def as_defined(database: Database) -> bool:
    """Whether every table is there with the columns that this release gives it. Called outside a
    transaction: in PostgreSQL the question about a missing table would end it."""
    for each in TABLES:
        try:
            cursor = database.execute(f'SELECT * FROM "{each.sql_name}" LIMIT 0')
        except Exception:  # of either database: the table is not there
            return False
        if [column[0] for column in cursor.description] != [c.name for c in each.columns]:
            return False
    return True
