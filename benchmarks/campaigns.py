"""A hundred campaigns of one retailer that are due together, over two million customers.

Three ways to find all audiences: the needed columns projected into a table once, as the runtime does
it; the file read anew for each campaign; and what somebody writes by hand, either way.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.customers import write_customers
from benchmarks.measure import Spread, interleave, paired_ratio, spread, timed
from benchmarks.outcome import Line, Outcome, Ratio, Setting
from benchmarks.shop import TENANT, Shop, compile_shop
from benchmarks.twin_rules import TwinRule, make_rules

TITLE = "100 campaigns of one retailer at once, over 2 million customers in a Parquet file"
RUN_DATE = datetime.date(2026, 12, 5)
RUN_DAY = f"DATE '{RUN_DATE}'"
NOW = datetime.datetime(2026, 12, 5, 15, tzinfo=datetime.UTC)
ONCE, EACH = "columns projected once, as the runtime does", "the file read for each campaign"
ONCE_BY_HAND, EACH_BY_HAND = "by hand, projected once", "by hand, the file read for each"
AT_LEAST, AT_MOST = 1.7, 1.15
Audiences = list[tuple[int, str]]
"""For each campaign how many were found, and a digest of their ids in order."""

ROLES = ("id", "timezone", "locale", "consent", "declined", "email", "phone")
CONTENT = ("first_name",)
RULES = (
    "average_basket", "days_since_last_order", "favorite_departments", "household_size",
    "joined_on", "last_order_on", "lifetime_orders", "loyalty_tier", "points", "spend_90d", "state",
)  # fmt: skip
VALID = {
    "spend_90d": "spend_90d >= 0 AND NOT isnan(spend_90d)",
    "loyalty_tier": "loyalty_tier IN ('basic', 'silver', 'gold')",
}
"""The only checks that this file makes necessary: of a table for all campaigns both, of the file read
for one campaign those of the columns that it reads."""


class Unequal(Exception):
    """Two ways found different audiences, so their times cannot be compared."""


@dataclass(frozen=True, slots=True)
class Campaigns:
    """What is measured: the compiled retailer, and the same rules by hand."""

    shop: Shop
    file: Path
    rules: Mapping[str, TwinRule]
    """By campaign."""


def measure_campaigns(setting: Setting) -> Outcome:
    campaigns = make_campaigns(setting)
    found = refuse_different(campaigns)
    memory: list[int] = []
    seconds = interleave(
        {
            ONCE: timed(lambda: find_once(campaigns, memory=memory)),
            EACH: timed(lambda: find_each(campaigns)),
            ONCE_BY_HAND: timed(lambda: find_once_by_hand(campaigns)),
            EACH_BY_HAND: timed(lambda: find_each_by_hand(campaigns)),
        },
        repetitions=1 if setting.quick else 5,
        warm_up=0 if setting.quick else 1,
    )
    lines = [Line(name, spread(taken), "s") for name, taken in seconds.items()]
    held = max(memory) / 2**20
    lines.append(Line("held by DuckDB, projected once, at most", Spread(held, held, held), "MiB"))
    ratios = [
        Ratio(f"{EACH} ÷ projected once", _ratio(seconds, EACH, ONCE), at_least=AT_LEAST),
        Ratio(f"{ONCE} ÷ by hand", _ratio(seconds, ONCE, ONCE_BY_HAND), at_most=AT_MOST),
        Ratio(f"{EACH} ÷ by hand", _ratio(seconds, EACH, EACH_BY_HAND)),
    ]
    return Outcome("campaigns", TITLE, _compared(campaigns, found), lines, ratios)


def _ratio(seconds: Mapping[str, Sequence[float]], one: str, other: str) -> Spread:
    return paired_ratio(seconds[one], seconds[other])


def _compared(campaigns: Campaigns, found: Audiences) -> tuple[str, ...]:
    sizes = sorted(size for size, _ in found)
    return (
        f"{len(found)} audiences of four to six conditions each, from {sizes[0]:,} to "
        f"{sizes[-1]:,} customers, in the middle {sizes[len(sizes) // 2]:,}; the same ids in the same "
        f"order as by hand. {campaigns.file.stat().st_size / 1e6:.0f} MB of Parquet, warm in the "
        "page cache. The ids of each audience end in a DuckDB table.",
        "As the runtime does: one table of the columns that any campaign or its messages need, "
        "addresses and consents among them, normalised and checked, ids proved unique, rows counted by zone; then one query for each campaign. The file "
        "read for each: the same rules over the import view of what that campaign reads, in one "
        "connection, without the proof and the count.",
        "By hand: one table of the same columns with the two checks that this file makes necessary, "
        "or the file itself, and SQL in the file's own types.",
    )


# ── what is due ──────────────────────────────────────────────────────────────────────────────────


def make_campaigns(setting: Setting) -> Campaigns:
    rules = {f"c{place:03d}": rule for place, rule in enumerate(make_rules(_count(setting)))}
    folder = setting.folder / "campaigns"
    folder.mkdir()
    paths = []
    for name, rule in rules.items():
        paths.append(folder / f"{name}.yaml")
        paths[-1].write_text(_campaign(rule), encoding="utf-8")
    shop = compile_shop(setting.sample, setting.folder, paths)
    file = setting.folder / "data" / TENANT / "customers.parquet"
    write_customers(file, 5_000 if setting.quick else 2_000_000)
    return Campaigns(shop, file, rules)


def _count(setting: Setting) -> int:
    return 10 if setting.quick else 100


def _campaign(rule: TwinRule) -> str:
    return f"""\
category: promotions
status: active
trigger: {{at: 2026-12-05T10:00, timezone: tenant}}
audience: "{rule.language}"
message:
  email:
    subject: "{{{{ customer.first_name | default('Neighbor') }}}}, a word"
    body: |
      <html><body><p>Come and see us.</p>
        <p>{{{{ brand.postal_address }}}} <a href="{{{{ unsubscribe_url }}}}">Unsubscribe</a></p>
      </body></html>
"""


def refuse_different(campaigns: Campaigns) -> Audiences:
    """Raises Unequal unless both ways by hand find what Handbill finds; returns the audiences.

    One table for all campaigns has no row with a bad value that any of them reads; the file read for
    one campaign is looked at for what that one reads. So the two ways differ by a few rows.
    """
    _refuse_different(campaigns, find_each, find_each_by_hand)
    return _refuse_different(campaigns, find_once, find_once_by_hand)


def _refuse_different(
    campaigns: Campaigns,
    way: Callable[[Campaigns, Audiences], None],
    by_hand: Callable[[Campaigns, Audiences], None],
) -> Audiences:
    found: Audiences = []
    expected: Audiences = []
    way(campaigns, found)
    by_hand(campaigns, expected)
    wrong = sum(1 for one, other in zip(found, expected, strict=True) if one != other)
    if wrong:
        raise Unequal(f"{way.__name__}: {wrong} of {len(expected)} audiences differ")
    return expected


# ── Handbill ─────────────────────────────────────────────────────────────────────────────────────


def find_once(
    campaigns: Campaigns, found: Audiences | None = None, memory: list[int] | None = None
) -> None:
    """What `Engine` does with the campaigns of a tenant that are due in one tick, up to where each
    audience would be fetched."""
    from handbill_runtime.stages.audience import audience_query
    from handbill_runtime.stages.customers import open_customers

    shop = campaigns.shop
    with open_customers(shop.tenant, shop.environment.data_root, NOW) as customers:

        def execute(query: str) -> list[tuple[object, ...]]:
            return [row for rows in customers.fetch(query, 10) for row in rows]

        for name in campaigns.rules:
            query = audience_query(shop.tenant.plans[name], customers, RUN_DATE)
            execute(f"CREATE OR REPLACE TABLE chosen AS SELECT id FROM ({query})")
            if found is not None:
                found += _digests(execute(DIGEST))
        if memory is not None:
            ((held,),) = execute("SELECT sum(memory_usage_bytes) FROM duckdb_memory()")
            memory.append(int(str(held)))


def find_each(campaigns: Campaigns, found: Audiences | None = None) -> None:
    """Each campaign's rules over the import view of what it alone needs."""
    import duckdb

    with duckdb.connect() as database:
        for query in each_query(campaigns, database):
            database.execute(f"CREATE OR REPLACE TABLE chosen AS SELECT id FROM ({query})")
            if found is not None:
                found += _digests(database.execute(DIGEST).fetchall())


def each_query(campaigns: Campaigns, database: object) -> Iterator[str]:
    from handbill.plan.as_written import search_as_written
    from handbill.plan.import_view import describe_source, import_view
    from handbill.plan.sql import lower_expression
    from handbill.plan.sql_text import literal, quoted
    from handbill.plan.types import DateType
    from handbill_runtime.stages.needs import needed_fields

    dataset = campaigns.shop.tenant.tenant.datasets["customers"]
    source = describe_source(database, f"read_parquet({quoted(str(campaigns.file))})")  # type: ignore[arg-type]

    def field(path: tuple[str, ...]) -> str:
        return f'"{path[1]}"' if path[0] == "customer" else literal(RUN_DATE, DateType())

    for name in campaigns.rules:
        compiled = campaigns.shop.tenant.plans[name]
        view = import_view(dataset, needed_fields(dataset, [compiled.plan]), source, {})
        include = search_as_written(compiled.plan.audience.include, view.searchable)
        rule = lower_expression(include, field)
        yield f"SELECT id FROM ({view.select}) WHERE {rule} ORDER BY id"


# ── by hand ──────────────────────────────────────────────────────────────────────────────────────


def find_once_by_hand(campaigns: Campaigns, found: Audiences | None = None) -> None:
    columns = ", ".join([*ROLES, *CONTENT, *RULES])
    valid = " AND ".join(VALID.values())
    project = f"CREATE TABLE people AS SELECT {columns} FROM '{campaigns.file}' WHERE {valid}"
    _by_hand(campaigns, lambda rule: f"people WHERE {rule}", [project], found)


def find_each_by_hand(campaigns: Campaigns, found: Audiences | None = None) -> None:
    def people(rule: str) -> str:
        checks = [check for name, check in VALID.items() if name in rule]
        return f"'{campaigns.file}' WHERE {' AND '.join([rule, *checks])}"

    _by_hand(campaigns, people, [], found)


def _by_hand(
    campaigns: Campaigns,
    people: Callable[[str], str],
    before: Sequence[str],
    found: Audiences | None,
) -> None:
    import duckdb

    with duckdb.connect() as database:
        for statement in before:
            database.execute(statement)
        for rule in campaigns.rules.values():
            where = f"({rule.sql.replace('$today', RUN_DAY)})"
            database.execute(
                f"CREATE OR REPLACE TABLE chosen AS SELECT id FROM {people(where)} ORDER BY id"
            )
            if found is not None:
                found += _digests(database.execute(DIGEST).fetchall())


DIGEST = "SELECT count(*), coalesce(md5(string_agg(id, ',' ORDER BY rowid)), '') FROM chosen"


def _digests(rows: Sequence[tuple[object, ...]]) -> Audiences:
    return [(int(str(size)), str(digest)) for size, digest in rows]
