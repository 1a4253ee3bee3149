"""Rules over a relation, every basket line of a year, against the SQL that somebody writes by hand.

The lines are the 1.47 million of the public `completejourney` data, all of one retailer's customers.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.customers import write_customers
from benchmarks.measure import interleave, paired_ratio, spread, timed
from benchmarks.outcome import Line, Outcome, Ratio, Setting, Unavailable
from benchmarks.shop import TENANT, Shop, compile_shop

NAME = "relations"
TITLE = "an audience by what customers bought, over a year of basket lines in a Parquet file"
CAMPAIGN = Path(__file__).parent / "inputs" / "bakery-regulars.yaml"
BY_HAND = CAMPAIGN.with_suffix(".sql")
RUN_DATE = datetime.date(2026, 12, 5)
NOW = datetime.datetime(2026, 12, 5, 15, tzinfo=datetime.UTC)
LAST_DAY = datetime.date(2026, 12, 5)
HOUSEHOLDS = 2_500
GOAL = 1.15
QUERY, QUERY_BY_HAND = "the query: import view and rules", "the query by hand"
STAGE, STAGE_BY_HAND = "the stage as it runs", "by hand, the same rows into Python"


class Unequal(Exception):
    """The two sides found different customers, so their times cannot be compared."""


@dataclass(frozen=True, slots=True)
class Baskets:
    """The compiled retailer and its two files."""

    shop: Shop
    customers: Path
    purchases: Path


Side = Callable[[Baskets], list[str]]


def measure_relations(setting: Setting) -> Outcome | Unavailable:
    try:
        lines_of_baskets()
    except Exception as missing:
        return Unavailable(NAME, TITLE, str(missing), "pip install 'handbill[demo]'")
    baskets = make_baskets(setting)
    chosen = refuse_different(baskets)
    repetitions = 3 if setting.quick else 15
    seconds = interleave(
        {
            QUERY: timed(lambda: find_by_query(baskets)),
            QUERY_BY_HAND: timed(lambda: find_by_hand(baskets)),
            STAGE: timed(lambda: run_stage(baskets)),
            STAGE_BY_HAND: timed(lambda: find_by_hand(baskets)),
        },
        repetitions,
    )
    lines = [Line(name, spread(taken).scaled(1e3), "ms") for name, taken in seconds.items()]
    ratios = [
        Ratio(
            f"{QUERY} ÷ by hand", paired_ratio(seconds[QUERY], seconds[QUERY_BY_HAND]), at_most=GOAL
        ),
        Ratio(f"{STAGE} ÷ by hand", paired_ratio(seconds[STAGE], seconds[STAGE_BY_HAND])),
    ]
    return Outcome(NAME, TITLE, _compared(baskets, chosen), lines, ratios)


def _compared(baskets: Baskets, chosen: int) -> tuple[str, ...]:
    size = baskets.purchases.stat().st_size / 1e6
    return (
        f"{count_rows(baskets.purchases):,} lines of {count_rows(baskets.customers):,} customers, "
        f"{size:.0f} MB of Parquet, warm in the page cache; {chosen:,} are chosen, the same ids in "
        "the same order on both sides. Three conditions and an exclusion ask of the lines: how many "
        "of a department in 60 days, what was spent in 30, how many above a price, whether lately.",
        "The query: a new DuckDB connection reads both files and decides, on both sides. Handbill's "
        "normalises what its rules read (days in the shop's time zone, exact money, members, keys) "
        "and sets lines aside that no rule may see; the one by hand is one pass over the lines with "
        "the checks that these files make necessary, which are none.",
        "The stage: everything up to the customers as Python objects. Handbill makes a table of the "
        "lines, proves that no two share a key, counts what it sets aside; the one by hand is the "
        "same query as above.",
    )


# ── the retailer and its files ───────────────────────────────────────────────────────────────────


def lines_of_baskets() -> Path:
    """The folder of the data set; raises HouseholdDataMissing where it is not installed."""
    from handbill.cli.demo.households import household_data

    return household_data()


def make_baskets(setting: Setting) -> Baskets:
    shop = compile_shop(setting.sample, setting.folder, [CAMPAIGN], datasets=DATASETS)
    data = setting.folder / "data" / TENANT
    write_customers(data / "customers.parquet", HOUSEHOLDS)
    write_purchases(data / "purchases.parquet", 20_000 if setting.quick else None)
    return Baskets(shop, data / "customers.parquet", data / "purchases.parquet")


DATASETS = ("  products: {key: id}", "  purchases: {key: [customer_id, line]}")


def write_purchases(path: Path, limit: int | None) -> None:
    """The lines as a warehouse keeps them: money as a decimal, instants in UTC, in order of time."""
    import duckdb

    folder = lines_of_baskets()
    with duckdb.connect() as database:
        query = _LINES.format(
            lines=folder / "transactions.parquet",
            products=folder / "products.parquet",
            limit="" if limit is None else f"LIMIT {limit}",
            last=LAST_DAY,
        )
        database.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")


_LINES = """
SELECT
    'c' || lpad(household_id::VARCHAR, 9, '0') AS customer_id,
    row_number() OVER (
        PARTITION BY household_id ORDER BY transaction_timestamp, basket_id, product_id, sales_value
    ) AS line,
    transaction_timestamp
        + to_days((DATE '{last}' - (SELECT max(transaction_timestamp)::DATE FROM '{lines}'))::INTEGER)
        AS bought_at,
    CASE WHEN department LIKE '%PASTRY%' OR product_category LIKE '%BAKE%'
              OR product_category LIKE '%BREAD%' THEN 'bakery'
         WHEN department = 'PRODUCE' THEN 'produce'
         WHEN department LIKE 'MEAT%' THEN 'meat'
         WHEN department = 'DELI' THEN 'deli'
         WHEN department LIKE 'SEAFOOD%' THEN 'seafood'
         WHEN department = 'FLORAL' THEN 'floral'
         WHEN department = 'GROCERY' THEN 'pantry' END AS department,
    greatest(1, least(quantity, 1000))::INTEGER AS quantity,
    CAST(round(sales_value, 2) AS DECIMAL(12, 2)) AS total
FROM '{lines}' LEFT JOIN '{products}' USING (product_id)
ORDER BY transaction_timestamp {limit}
"""


def count_rows(path: Path) -> int:
    import duckdb

    with duckdb.connect() as database:
        ((rows,),) = database.execute(f"SELECT count(*) FROM '{path}'").fetchall()
    return int(rows)


def refuse_different(baskets: Baskets) -> int:
    """Raises Unequal unless every side chooses the same customers; returns how many."""
    expected = find_by_hand(baskets)
    for side in (find_by_query, run_stage):
        found = side(baskets)
        if found != expected:
            raise Unequal(
                f"{side.__name__} chose {len(found)}, by hand {len(expected)} were chosen"
            )
    return len(expected)


# ── both sides ───────────────────────────────────────────────────────────────────────────────────


def find_by_query(baskets: Baskets) -> list[str]:
    """The compiled rules over views of the two files, without the stage around them."""
    import duckdb

    with duckdb.connect() as database:
        database.execute("SET TimeZone = 'UTC'")
        rows = database.execute(query_of(baskets, database)).fetchall()
    return [row[0] for row in rows]


def query_of(baskets: Baskets, database: object) -> str:
    from handbill.plan.import_relation import relation_view
    from handbill.plan.import_view import describe_source, import_view
    from handbill.plan.sql_rules import RuleWorld, lower_rules
    from handbill.plan.sql_text import quoted

    plan = baskets.shop.plan.plan
    datasets = baskets.shop.tenant.tenant.datasets
    customers, purchases = (
        describe_source(database, f"read_parquet({quoted(str(path))})", needed)  # type: ignore[arg-type]
        for path, needed in (
            (baskets.customers, ("id", "is_employee")),
            (baskets.purchases, ("customer_id", "line", "bought_at", "department", "total")),
        )
    )
    rules = [plan.audience.include, *plan.audience.exclude.values()]
    needs = [need for need in plan.fields if need.path[0] in ("is_employee", "purchases")]
    view = import_view(datasets["customers"], needs, customers, {})
    declared = next(one for one in datasets["customers"].columns if one.name == "purchases")
    rows = relation_view(declared, [needs[-1]], datasets["purchases"], purchases, {})
    world = RuleWorld(
        columns=lambda path: f'people."{path[1]}"',
        customers=f"({view.select}) AS people",
        key=("people.id",),
        relations={("customer", "purchases"): rows.source(f"({rows.view.select})")},
        context={("run", "date"): RUN_DATE},
    )
    lowered = lower_rules(rules, world)
    include, *excludes = lowered.sql
    where = " AND ".join([include, *(f"NOT {rule}" for rule in excludes)])
    return (
        f"SELECT people.id FROM {world.customers} {lowered.joins} WHERE {where} ORDER BY people.id"
    )


def find_by_hand(baskets: Baskets) -> list[str]:
    import duckdb

    with duckdb.connect() as database:
        rows = database.execute(by_hand(baskets)).fetchall()
    return [row[0] for row in rows]


def by_hand(baskets: Baskets) -> str:
    home = ZoneInfo(baskets.shop.tenant.tenant.timezone)

    def midnight(found: re.Match[str]) -> str:
        day = RUN_DATE - datetime.timedelta(days=int(found[1]))
        local = datetime.datetime.combine(day, datetime.time(), home)
        return f"TIMESTAMP '{local.astimezone(datetime.UTC):%Y-%m-%d %H:%M:%S}'"

    text = BY_HAND.read_text(encoding="utf-8")
    text = text.replace("$customers", f"'{baskets.customers}'")
    text = text.replace("$purchases", f"'{baskets.purchases}'")
    return re.sub(r"\$midnight\((-?\d+)\)", midnight, text)


def run_stage(baskets: Baskets) -> list[str]:
    """The audience stage of the runtime, up to its candidates."""
    from handbill_runtime.stages.audience import candidates
    from handbill_runtime.stages.customers import open_customers

    shop = baskets.shop
    chosen: list[str] = []
    with open_customers(shop.tenant, shop.environment.data_root, NOW) as customers:
        for chunk in candidates(shop.plan, customers, RUN_DATE):
            chosen += [one.recipient.customer for one in chunk if one.excluded is None]
    return chosen
