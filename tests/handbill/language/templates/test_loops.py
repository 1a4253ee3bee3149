"""Loops: over lists of the customer, over constants, and how often they may run."""

from __future__ import annotations

import pytest
from template_world import compiled, message, mistakes, ops_of, render

from handbill.plan.ir import For, Text


def test_over_a_list_of_the_customer() -> None:
    html = (
        "<ul>{% for f in customer.favorites %}<li>{{ loop.index }}/{{ loop.length }} {{ loop.index0 }}"
        " {{ f }}{% if loop.first %} first{% endif %}{% if loop.last %} last{% endif %}</li>"
        "{% else %}<li>none</li>{% endfor %}</ul>"
    )
    assert render(html) == "<ul><li>1/2 0 Bakery first</li><li>2/2 1 Dairy last</li></ul>"
    assert render(html, favorites=()) == "<ul><li>none</li></ul>"
    (loop,) = (op for op in ops_of(html) if isinstance(op, For))
    assert loop.limit == 5


def test_over_a_slice() -> None:
    assert render("{% for f in customer.favorites[:1] %}{{ f }}{% endfor %}") == "Bakery"
    (loop,) = ops_of("{% for f in customer.favorites[:1] %}{{ f }}{% endfor %}")
    assert isinstance(loop, For) and loop.limit == 1


def test_over_constants() -> None:
    html = (
        "{% for d in params.departments %}{{ loop.index }}. {{ d }}"
        "{% if not loop.last %}, {% endif %}{% endfor %}"
    )
    assert ops_of(html) == (Text("1. Bakery, 2. Dairy"),)
    assert ops_of("{% for n in [1, 2, 3] %}{{ n * n }} {% endfor %}") == (Text("1 4 9 "),)
    assert ops_of("{% for p in params.products[:1] %}{{ p.name }} {{ p.price }}{% endfor %}") == (
        Text("Milk 3.50"),
    )
    assert ops_of("{% for d in params.empty %}x{% else %}none{% endfor %}") == (Text("none"),)


def test_loops_in_loops() -> None:
    html = (
        "{% for d in params.departments %}{% for f in customer.favorites %}"
        "{% if d == f %}{{ loop.index }}{{ d }} {% endif %}{% endfor %}{{ loop.index }};{% endfor %}"
    )
    assert render(html) == "1Bakery 1;2Dairy 2;"
    twice = "{% for a in customer.favorites %}{% for b in customer.favorites %}{{ a }}{{ loop.index }} {% endfor %}{{ loop.index }}{% endfor %}"
    assert render(twice) == "Bakery1 Bakery2 1Dairy1 Dairy2 2"


def test_the_same_name_may_be_used_one_after_the_other() -> None:
    html = "{% for f in customer.favorites %}{{ f }}{% endfor %}" * 2
    assert render(html) == "BakeryDairyBakeryDairy"


def test_facts_hold_in_loops() -> None:
    html = (
        "{% if customer.first_name is defined %}{% for f in customer.favorites %}"
        "{{ customer.first_name }}{% endfor %}{% endif %}"
    )
    assert render(html) == "AnnAnn"


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("{% for f in customer.name %}{{ f }}{% endfor %}", ("HB555", "customer.name")),
        ("{% for f in params.loud %}{{ f }}{% endfor %}", ("HB555", "params.loud")),
        ("{% for a, b in customer.favorites %}{% endfor %}", ("HB556", "a, b")),
        ("{% for customer in customer.favorites %}{% endfor %}", ("HB556", "customer")),
        ("{% for loop in customer.favorites %}{% endfor %}", ("HB556", "loop")),
        ("{% for f in customer.favorites %}{% for f in customer.near %}{% endfor %}{% endfor %}",
         ("HB556", "f")),
        ("{% for f in customer.favorites if f != 'x' %}{{ f }}{% endfor %}", ("HB555", "f != 'x'")),
        ("{% for f in customer.favorites recursive %}{{ f }}{% endfor %}",
         ("HB555", "{% for f in customer.favorites recursive %}")),
        ("{% for f in customer.favrites %}{{ f }}{% endfor %}", ("HB505", "favrites")),
    ],
)  # fmt: skip
def test_what_no_loop_can_do(html: str, found: tuple[str, str]) -> None:
    assert mistakes(html) == [found]


def test_loops_multiply() -> None:
    loop = "{%% for %s in customer.near %%}"
    three = (loop % "a") + (loop % "b") + (loop % "c") + "x" + "{% endfor %}" * 3
    assert mistakes(three) == [("HB555", "customer.near")]
    assert message(three) == (
        "this loop can run 8,000 times: at most 1,000 are possible",
        "customer.near[:2]",
    )
    assert render(three.replace("c in customer.near", "c in customer.near[:2]")) == ""


def test_loops_over_constants_count_too() -> None:
    html = "{% for n in params.numbers %}{% for f in customer.favorites %}.{% endfor %}{% endfor %}"
    assert render(html) == "." * 400
    more = "{% for f in customer.near %}{% for n in params.numbers %}.{% endfor %}{% endfor %}"
    assert mistakes(more) == [("HB555", "params.numbers")]


def test_loops_stand_in_few_others() -> None:
    deep = "".join(f"{{% for a{n} in [1] %}}" for n in range(9)) + "x" + "{% endfor %}" * 9
    assert mistakes(deep) == [("HB555", "[1]")]


def test_a_mistake_in_a_loop_is_found_once() -> None:
    html = "{% for d in params.departments %}{{ customer.nam }}{% endfor %}"
    assert mistakes(html) == [("HB505", "nam")]


def test_mistakes_are_found_inside_a_wrong_loop() -> None:
    html = "{% for f in customer.name %}{{ f }}{{ customer.nam }}{% endfor %}"
    assert mistakes(html) == [("HB555", "customer.name"), ("HB505", "nam")]


def test_html_stays_in_order_round_after_round() -> None:
    assert mistakes("<p>{% for f in customer.favorites %}</p><p>{% endfor %}</p>") == [
        ("HB564", "</p>")
    ]
    assert compiled("{% for f in customer.favorites %}<p>{% endfor %}").ops is None
