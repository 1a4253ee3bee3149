import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.plan.decisions import (
    MINUTES_OF_DAY,
    fraction,
    fraction_sql,
    held_out_sql,
    in_window,
    is_held_out,
    is_sending_hour,
    may_contact,
    message_id,
    minutes_until_sending_hour,
    variant_index,
    variant_index_sql,
)
from handbill.plan.model import MILLION, Category, Window
from handbill.plan.sql_text import quoted

DOCS = Path(__file__).parents[3] / "docs" / "plan.md"
CONNECTION = duckdb.connect()
NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@dataclass(frozen=True)
class Weight:
    weight: int


def read(sql):
    return CONNECTION.execute(f"SELECT {sql}").fetchone()[0]


def vectors():
    cell = re.compile(r"^\| (.+?) \| (.+?) \| (\d+) \| ([\d.]+) \|$", re.MULTILINE)
    for salt, customer, number, share in cell.findall(DOCS.read_text(encoding="utf-8")):
        texts = ("" if text == "*(empty)*" else text.strip("`") for text in (salt, customer))
        yield *(text.replace("\\|", "|") for text in texts), int(number), share


def test_the_published_vectors_hold_in_python_and_duckdb():
    table = list(vectors())
    assert len(table) >= 10
    for salt, customer, number, share in table:
        assert fraction(salt, customer) == number
        assert read(fraction_sql(salt, quoted(customer))) == number
        assert f"{number / 2**32:.6f}" == share


@given(NAMES, NAMES, st.integers(0, MILLION), st.lists(st.integers(0, 500), min_size=1, max_size=5))
def test_python_and_duckdb_decide_the_same(salt, customer, share, weights):
    variants = [Weight(weight) for weight in weights]
    variants[0] = Weight(variants[0].weight + 1)
    sql = quoted(customer)
    assert read(held_out_sql(salt, share, sql)) == is_held_out(salt, share, customer)
    assert read(variant_index_sql(salt, variants, sql)) == variant_index(salt, variants, customer)


def test_shares_are_kept_over_many_customers():
    customers = [f"c{number}" for number in range(20_000)]
    held = sum(is_held_out("holdout/t", 100_000, customer) for customer in customers)
    assert 0.09 < held / len(customers) < 0.11
    variants = [Weight(70), Weight(20), Weight(10)]
    counts = [0, 0, 0]
    for customer in customers:
        counts[variant_index("test", variants, customer)] += 1
    assert [round(count / len(customers), 1) for count in counts] == [0.7, 0.2, 0.1]


def test_salts_are_independent():
    customers = [f"c{number}" for number in range(20_000)]
    both = sum(
        is_held_out("a", 500_000, customer) and is_held_out("b", 500_000, customer)
        for customer in customers
    )
    assert 0.23 < both / len(customers) < 0.27


def test_nobody_and_everybody():
    assert not is_held_out("s", 0, "c")
    assert is_held_out("s", MILLION, "c")
    assert held_out_sql("s", 0, "id") == "FALSE"
    assert variant_index("s", [Weight(0), Weight(1)], "c") == 1
    assert variant_index_sql("s", [Weight(5)], "id") == "0"


def test_weights_of_nothing_are_a_fault():
    with pytest.raises(ValueError, match="sum to nothing"):
        variant_index("s", [Weight(0)], "c")


def test_message_id():
    parts = ("fresh-fields", "winback", "2026-11-24T10:00", "c-1", "email", "main:0")
    array = b'["fresh-fields","winback","2026-11-24T10:00","c-1","email","main:0"]'
    assert message_id(*parts) == hashlib.sha256(array).hexdigest()
    others = {
        message_id(*parts[:place], parts[place] + "x", *parts[place + 1 :]) for place in range(6)
    }
    assert len(others | {message_id(*parts)}) == 7


def test_message_id_does_not_confuse_where_a_part_ends():
    assert message_id("a", "b,c", "", "d", "e", "f") != message_id("a", "b", ",c", "d", "e", "f")
    assert message_id('a","b', "", "", "", "", "") != message_id("a", "b", "", "", "", "")


def category(rule, sms=None):
    return Category(name="promotions", kind="marketing", consent=rule, sms_consent=sms or rule)


@pytest.mark.parametrize(
    ("rule", "consent", "declined", "stopped", "requested", "expected"),
    [
        ("opt_in", ["email.promotions"], [], False, False, True),
        ("opt_in", ["push.promotions"], [], False, False, False),
        ("opt_in", [], [], False, False, False),
        ("opt_in", ["email.promotions"], [], True, False, False),
        ("opt_out", [], [], False, False, True),
        ("opt_out", [], ["email.promotions"], False, False, False),
        ("opt_out", [], ["email.news"], False, False, True),
        ("opt_out", [], [], True, False, False),
        ("requested", [], [], False, True, True),
        ("requested", ["email.promotions"], [], False, False, False),
        ("requested", [], [], True, True, False),
        ("not-stopped", [], ["email.news"], False, False, True),
        ("not-stopped", [], [], True, False, False),
        ("none", [], ["email.news"], True, False, True),
    ],
)
def test_consent(rule, consent, declined, stopped, requested, expected):
    found = may_contact(category(rule), "email", consent, declined, stopped, requested)
    assert found is expected


@pytest.mark.parametrize("rule", ["opt_in", "opt_out", "requested", "not-stopped", "none"])
@pytest.mark.parametrize(
    "entry", ["email.promotions", " Email.Promotions", "EMAIL.PROMOTIONS\t", "email", "Email "]
)
def test_marketing_never_goes_to_who_declined_it(rule, entry):
    def sent(declined):
        return may_contact(category(rule), "email", ["email.promotions"], declined, False, True)

    assert not sent(["sms.news", entry])
    assert sent(["sms.promotions", "email.news", "sms", "email.promotionsx"])


def test_a_service_message_goes_to_who_declined_it():
    service = Category(name="orders", kind="transactional", consent="none", sms_consent="opt_in")
    assert may_contact(service, "email", [], ["email.orders"], False)
    assert not may_contact(service, "sms", ["sms.orders"], ["sms.orders"], False)


def test_sms_has_its_own_rule():
    rule = category("opt_out", "opt_in")
    assert may_contact(rule, "email", [], [], False)
    assert not may_contact(rule, "sms", [], [], False)
    assert may_contact(rule, "sms", ["sms.promotions"], [], False)


@pytest.mark.parametrize(
    ("start", "end", "inside", "outside"),
    [
        (540, 1200, [540, 1199], [539, 1200, 0]),
        (1260, 480, [1260, 1439, 0, 479], [480, 1259]),
        (600, 600, [], [600, 0, 1439]),
        (0, 1440, [0, 1439], []),
    ],
)
def test_windows(start, end, inside, outside):
    window = Window(start=start, end=end)
    assert all(in_window(window, minute) for minute in inside)
    assert not any(in_window(window, minute) for minute in outside)


WINDOWS = st.lists(
    st.builds(lambda a, b: Window(start=a, end=b), st.integers(0, 1439), st.integers(0, 1440)),
    max_size=3,
)


@given(WINDOWS, WINDOWS, st.integers(0, 1439))
def test_waiting_ends_at_the_first_sending_hour(quiet, allowed, minute):
    wait = minutes_until_sending_hour(quiet, allowed, minute)
    minutes = range(MINUTES_OF_DAY)
    if wait is None:
        assert not any(is_sending_hour(quiet, allowed, one) for one in minutes)
    else:
        assert is_sending_hour(quiet, allowed, (minute + wait) % MINUTES_OF_DAY)
        assert not any(
            is_sending_hour(quiet, allowed, (minute + one) % MINUTES_OF_DAY) for one in range(wait)
        )
