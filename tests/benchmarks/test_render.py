"""The rendering benchmark compares equal mails, or refuses to."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.outcome import Setting
from benchmarks.render import CAMPAIGN, TEMPLATE, Unequal, measure_render, refuse_different
from benchmarks.render_customers import make_customers
from benchmarks.render_engines import (
    HANDBILL,
    MINIJINJA,
    SANDBOX,
    Renderer,
    load_mail,
    make_renderers,
    write_constants_out,
)
from benchmarks.shop import compile_shop

SAMPLE = Path(__file__).parents[2]


def renderers_of(folder: Path, customers: int) -> dict[str, Renderer]:
    shop = compile_shop(SAMPLE, folder, [CAMPAIGN], TEMPLATE)
    return make_renderers(load_mail(shop, TEMPLATE), make_customers(customers))


def test_it_measures_every_engine(tmp_path: Path) -> None:
    outcome = measure_render(Setting(tmp_path, quick=True))
    assert [line.name for line in outcome.lines][:2] == [HANDBILL, SANDBOX]
    assert outcome.ratios[0].at_least == 4.0
    assert all(ratio.value.median > 0 for ratio in outcome.ratios)


def test_the_mail_is_as_large_as_the_title_says(tmp_path: Path) -> None:
    renderers = renderers_of(tmp_path, 50)
    assert 12_500 < refuse_different(renderers) < 13_999


@pytest.mark.parametrize("cheat", [SANDBOX, MINIJINJA])
def test_an_engine_that_leaves_something_out_is_refused(tmp_path: Path, cheat: str) -> None:
    renderers = renderers_of(tmp_path, 5)
    honest = renderers[cheat]
    renderers[cheat] = lambda: [mail.replace("Nearest to you", "") for mail in honest()]
    with pytest.raises(Unequal, match=cheat):
        refuse_different(renderers)


def test_constants_are_written_out() -> None:
    assert write_constants_out(
        "{{ brand.colors.primary }} {{ customer.state }}",
        {"brand": {"colors": {"primary": "#0b6b3a"}}},
    ) == ("#0b6b3a {{ customer.state }}")
