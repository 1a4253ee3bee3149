from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.resolve.layers import Layer, Origin, Write
from handbill.resolve.tightening import distinct_windows, largest_share, strictest_rates
from handbill.schema.scalars import parse_rate
from handbill.source.located import LocatedDocument
from handbill.source.yaml import load_document

Parse = Callable[[str, str], LocatedDocument]


def written(*values: str) -> list[Write]:
    document, _ = load_document("a.yaml", "\n".join(f"- {value!r}" for value in values).encode())
    assert document is not None
    origins = [Origin(Layer.TENANT, "", (index,), document) for index in range(len(values))]
    return [Write(("limits", "per_customer"), origin.value, origin) for origin in origins]


@pytest.mark.parametrize(
    ("rates", "kept"),
    [
        (["4 per 7 days", "3 per 7 days"], ["3 per 7 days"]),
        (["3 per 7 days", "30 per 7 days"], ["3 per 7 days"]),
        (["3 per 7 days", "1 per 1 day"], ["1 per 1 day", "3 per 7 days"]),
        (["3 per 7 days", "2 per 1 week"], ["2 per 1 week"]),
        (["3 per 7 days", "3 per 1 week"], ["3 per 7 days"]),
    ],
)
def test_caps_over_different_windows_all_apply(rates: list[str], kept: list[str]) -> None:
    assert [write.value for write in strictest_rates(written(*rates))] == kept


def test_every_window_counts_once() -> None:
    windows = distinct_windows(written("21:00-08:00", "12:00-13:00", "21:00-08:00"))
    assert [write.value for write in windows] == ["12:00-13:00", "21:00-08:00"]


def test_the_largest_share_decides_and_equals_go_to_the_higher_layer() -> None:
    assert largest_share(written("2%", "10%", "9.5%")).value == "10%"
    assert largest_share(written("2%", "2%")).origin.path == (0,)


RATES = st.lists(
    st.builds(
        "{} per {} {}".format,
        st.integers(1, 50),
        st.integers(2, 14),
        st.sampled_from(["hours", "days", "weeks"]),
    ),
    min_size=1,
    max_size=6,
)


@given(RATES, st.randoms())
def test_no_rate_is_ever_loosened_whatever_the_order(rates: list[str], random) -> None:  # type: ignore[no-untyped-def]
    kept = [parse_rate(str(write.value)) for write in strictest_rates(written(*rates))]
    for count, seconds in map(parse_rate, rates):
        assert any(limit <= count and span == seconds for limit, span in kept)
    shuffled = list(rates)
    random.shuffle(shuffled)
    again = [parse_rate(str(write.value)) for write in strictest_rates(written(*shuffled))]
    assert again == kept
