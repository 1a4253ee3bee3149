"""One campaign's audience over two million customers, against the query somebody writes by hand.

Twice: the query alone, which is what the language costs, and the whole stage as a runtime runs it,
which also checks the data, reads what the message needs and makes each customer a Python object.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.customers import write_customers
from benchmarks.measure import interleave, paired_ratio, spread, timed
from benchmarks.outcome import Line, Outcome, Ratio, Setting
from benchmarks.shop import TENANT, Shop, compile_shop

TITLE = "one campaign's audience among 2 million customers in a Parquet file"
CAMPAIGN = Path(__file__).parent / "inputs" / "lapsed-gold.yaml"
BY_HAND = CAMPAIGN.with_suffix(".sql")
RUN_DATE = datetime.date(2026, 12, 5)
NOW = datetime.datetime(2026, 12, 5, 15, tzinfo=datetime.UTC)
GOAL = 1.15
QUERY, QUERY_BY_HAND = "the query: import view and rules", "the query by hand"
STAGE, STAGE_BY_HAND = "the stage as it runs", "by hand, the same rows into Python"


class Unequal(Exception):
    """The two sides found different customers, so their times cannot be compared."""


@dataclass(frozen=True, slots=True)
class Sides:
    """Each finds the audience once and returns the ids of those who are to get the message."""

    query: Callable[[], list[str]]
    query_by_hand: Callable[[], list[str]]
    stage: Callable[[], list[str]]
    stage_by_hand: Callable[[], list[str]]


def measure_audience(setting: Setting) -> Outcome:
    count = 5_000 if setting.quick else 2_000_000
    shop = compile_shop(setting.sample, setting.folder, [CAMPAIGN])
    file = setting.folder / "data" / TENANT / "customers.parquet"
    write_customers(file, count)
    sides = make_sides(shop, file)
    chosen = refuse_different(sides)
    seconds = interleave(
        {
            QUERY: timed(lambda: find_by_query(shop, file)),
            QUERY_BY_HAND: timed(lambda: find_by_hand(file)),
        },
        repetitions=3 if setting.quick else 15,
    )
    seconds |= interleave(
        {STAGE: timed(sides.stage), STAGE_BY_HAND: timed(sides.stage_by_hand)},
        repetitions=1 if setting.quick else 5,
        warm_up=0,
    )
    lines = [Line(name, spread(found).scaled(1e3), "ms") for name, found in seconds.items()]
    ratios = [
        Ratio(
            f"{QUERY} ÷ by hand", paired_ratio(seconds[QUERY], seconds[QUERY_BY_HAND]), at_most=GOAL
        ),
        Ratio(f"{STAGE} ÷ by hand", paired_ratio(seconds[STAGE], seconds[STAGE_BY_HAND])),
    ]
    return Outcome("audience", TITLE, _compared(count, chosen, file), lines, ratios)


def _compared(count: int, chosen: int, file: Path) -> tuple[str, ...]:
    return (
        f"{count:,} customers in {file.stat().st_size / 1e6:.0f} MB of Parquet, warm in the page "
        f"cache; {chosen:,} are chosen, the same ids in the same order on both sides.",
        "The query: a new DuckDB connection reads the file, decides, and writes the ids into a "
        "temporary table, on both sides. Handbill's normalises each column that its rules read "
        "(decimals, bounds, enum members, list items) and sets rows aside that no rule may see; "
        "the one by hand has just the checks that this file makes necessary.",
        "The stage: everything up to the customers as Python objects, with addresses, consents and "
        "the message's own fields. Handbill also counts the rows that it sets aside and why, looks "
        "for ids that are not unique, and lists time zones; the one by hand selects the same columns "
        "of the same customers and fetches its rows.",
    )


def make_sides(shop: Shop, file: Path) -> Sides:
    return Sides(
        query=lambda: _ids(find_by_query(shop, file)),
        query_by_hand=lambda: _ids(find_by_hand(file)),
        stage=lambda: run_stage(shop),
        stage_by_hand=lambda: _fetch_by_hand(shop, file),
    )


def refuse_different(sides: Sides) -> int:
    """Raises Unequal unless every side chooses the same customers; returns how many."""
    expected = sides.query_by_hand()
    for name in ("query", "stage", "stage_by_hand"):
        found = getattr(sides, name)()
        if found != expected:
            raise Unequal(f"the {name} chose {len(found)}, by hand {len(expected)} were chosen")
    return len(expected)


# ── the query ────────────────────────────────────────────────────────────────────────────────────


def find_by_query(shop: Shop, file: Path) -> object:
    """The compiled rules over the import view; returns the connection that holds `chosen`."""
    import duckdb

    from handbill.plan.sql_text import quoted

    database = duckdb.connect()
    query = query_of(shop, database, f"read_parquet({quoted(str(file))})")
    database.execute(f"CREATE TEMP TABLE chosen AS {query}")
    return database


def query_of(shop: Shop, database: object, relation: str) -> str:
    """What `stages.audience` asks, reading the import view instead of an imported table."""
    from handbill.plan.as_written import search_as_written
    from handbill.plan.import_view import describe_source, import_view
    from handbill.plan.ir import Expression
    from handbill.plan.sql import lower_expression
    from handbill.plan.sql_text import literal
    from handbill.plan.types import DateType
    from handbill_runtime.stages.needs import fields_in

    plan = shop.plan.plan
    dataset = shop.tenant.tenant.datasets["customers"]
    rules = [plan.audience.include, *plan.audience.exclude.values()]
    read = {field.path for field in fields_in(tuple(rules))}
    needs = [need for need in plan.fields if ("customer", *need.path) in read]
    named = {need.path[0] for need in needs}
    source = describe_source(database, relation, named)  # type: ignore[arg-type]
    view = import_view(dataset, needs, source, {})

    def field(path: tuple[str, ...]) -> str:
        if path[0] == "customer":
            return '"' + ".".join(path[1:]) + '"'
        return literal(RUN_DATE, DateType())

    def lower(rule: Expression) -> str:
        return lower_expression(search_as_written(rule, view.searchable), field)

    conditions = [lower(plan.audience.include)]
    conditions += [f"NOT {lower(rule)}" for rule in plan.audience.exclude.values()]
    return f"SELECT id FROM ({view.select}) WHERE {' AND '.join(conditions)} ORDER BY id"


def find_by_hand(file: Path) -> object:
    """The query by hand; returns the connection that holds `chosen`."""
    import duckdb

    database = duckdb.connect()
    database.execute(f"CREATE TEMP TABLE chosen AS {by_hand(file)}")
    return database


def by_hand(file: Path) -> str:
    text = BY_HAND.read_text(encoding="utf-8")
    return text.replace("$file", f"'{file}'").replace("$today", f"DATE '{RUN_DATE}'")


def _ids(database: object) -> list[str]:
    rows = database.execute("SELECT id FROM chosen").fetchall()  # type: ignore[attr-defined]
    return [row[0] for row in rows]


# ── the stage ────────────────────────────────────────────────────────────────────────────────────


def run_stage(shop: Shop) -> list[str]:
    """The audience stage of the runtime, up to its candidates."""
    from handbill_runtime.stages.audience import candidates
    from handbill_runtime.stages.customers import open_customers

    chosen: list[str] = []
    with open_customers(shop.tenant, shop.environment.data_root, NOW) as customers:
        for chunk in candidates(shop.plan, customers, RUN_DATE):
            chosen += [one.recipient.customer for one in chunk if one.excluded is None]
    return chosen


def _fetch_by_hand(shop: Shop, file: Path) -> list[str]:
    import duckdb

    roles = ("timezone", "locale", "consent", "declined", "email", "phone")
    fields = (need.path[0] for need in shop.plan.fields)
    columns = ", ".join(("id", *roles, *fields))
    query = by_hand(file).replace("SELECT id", f"SELECT {columns}", 1)
    chosen: list[str] = []
    with duckdb.connect() as database:
        cursor = database.execute(query)
        while rows := cursor.fetchmany(1_000):
            chosen += [row[0] for row in rows]
    return chosen
