"""Templates and rules made to exhaust the compiler: each ends in a finding or a plan, within bounds.

Every case runs as a user runs it, `handbill check` in a process of its own, which the supervisor
kills when one template takes too long. Measured is what the operating system counts for it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

BASE = Path(__file__).parents[1] / "golden" / "base"
CAMPAIGNS = "tenants/fresh-fields/campaigns"
TEMPLATES = "tenants/fresh-fields/templates"
MOST_MEMORY = 300 * 1024
"""KiB that a hostile input may add to what an innocent one takes."""


@dataclass(frozen=True)
class Checked:
    exit_code: int
    output: str
    memory: int
    """KiB at the peak."""

    @property
    def codes(self) -> set[str]:
        return set(re.findall(r"\[(HB\d{3})\]", self.output))


def check(folder: Path, files: Mapping[str, str]) -> Checked:
    shutil.copytree(BASE, folder)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    with open(folder / "output", "w+", encoding="utf-8") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "handbill.cli.main", "check", "--root", str(folder)],
            stdout=output,
            stderr=output,
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        return Checked(process.returncode, output.read(), usage.ru_maxrss)


def campaign(subject: str = "Hi", audience: str = "everyone", template: str | None = None) -> str:
    content = "body: '<p>Hi</p>'" if template is None else f"template: {template}"
    return (
        "category: promotions\nstatus: active\ntrigger: {at: 2026-12-05T10:00}\n"
        f"audience: {quoted(audience)}\n"
        f"message:\n  email:\n    subject: {quoted(subject)}\n    {content}\n"
    )


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def chain(link: str, times: int) -> str:
    return "".join(link.replace("N", str(n)).replace("M", str(n + 1)) for n in range(times))


SUBJECTS = {
    "a power that would never end": "{{ 10**10**9 }}",
    "a text times a billion": "{{ 'a' * 1000000000 }}",
    "an endless number": "{{ " + "9" * 5000 + " }}",
    "six thousand parentheses": "{{ " + "(" * 6000 + "1" + ")" * 6000 + " }}",
    "thousands of not": "{{ " + "not " * 3500 + "true }}",
    "thousands of minus": "{{ " + "-" * 15000 + "1 }}",
    "thousands of plus": "{{ " + "+".join(["1"] * 7000) + " }}",
    "thousands of filters": "{{ customer.first_name" + "|default('x')" * 1200 + " }}",
    "a text that grows tenfold": "{{ 'aaaaaaaaaa'" + "|replace('a', 'aaaaaaaaaa')" * 30 + " }}",
    "a thousand choices": "{{ " + "1 if customer.lifetime_orders > 1 else " * 1000 + "2 }}",
}
AUDIENCES = {
    "five hundred conditions": " and ".join(["customer.lifetime_orders > 1"] * 500),
    "three thousand members": f"customer.lifetime_orders in {list(range(3000))}",
}
TEMPLATES_IN = {
    "a constant that doubles": "{% set a0 = 'xxxxxxxxxx' %}"
    + chain("{% set aM = aN ~ aN %}", 40)
    + "{{ a40 }}",
    "a text that doubles for each customer": "{% set a0 = customer.first_name | default('x') %}"
    + chain("{% set aM = aN ~ aN %}", 30)
    + "{{ a30 }}",
    "five thousand nested ifs": "{% if customer.lifetime_orders > 1 %}" * 5000
    + "x"
    + "{% endif %}" * 5000,
    "eight nested loops": "{% for a in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] %}" * 8
    + "x"
    + "{% endfor %}" * 8,
    "a long loop over much": f"{{% for a in {list(range(900))} %}}"
    + "<b>y</b>" * 20000
    + "{% endfor %}",
    "a template that includes itself": "{% include 'hostile.html' %}",
    "a hundred to the fourth includes": "{% include 'b0.html' %}" * 100,
    "fifty thousand comments": "<!--" * 50000,
    "an opened hole": "{{ '" + "a" * 200000,
    "opening braces": "{" * 200000,
}
HEAVY = {
    "five thousand ifs": "{% if customer.lifetime_orders > 1 %}x{% endif %}" * 5000,
    "eight thousand holes": "{{ customer.lifetime_orders }}" * 8000,
    "opening angles": "<" * 200000,
    "twenty thousand attributes": "<p " + chain('aN="x" ', 20000) + ">x</p>",
}
INCLUDED = {
    f"{TEMPLATES}/b{level}.html": f"{{% include 'b{level + 1}.html' %}}" * 100
    if level < 3
    else "<p>x</p>" * 100
    for level in range(4)
}


@pytest.fixture(scope="module")
def innocent(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    checked = check(
        tmp_path_factory.mktemp("innocent") / "r", {f"{CAMPAIGNS}/hostile.yaml": campaign()}
    )
    assert checked.exit_code == 0
    return checked


def bounded(checked: Checked, innocent: Checked) -> None:
    assert "HB000" not in checked.codes and "Traceback" not in checked.output
    assert checked.memory < innocent.memory + MOST_MEMORY


def test_what_is_refused_is_refused_all_at_once_each_in_its_own_file(
    tmp_path: Path, innocent: Checked
) -> None:
    files = {f"{CAMPAIGNS}/s{n}.yaml": campaign(text) for n, text in enumerate(SUBJECTS.values())}
    checked = check(tmp_path / "r", files)
    bounded(checked, innocent)
    assert checked.exit_code == 1
    accused = {file for file in files if f"--> {file}:" in checked.output}
    assert accused == files.keys()


@pytest.mark.parametrize("name", AUDIENCES)
def test_a_rule_made_to_be_slow_ends(name: str, tmp_path: Path, innocent: Checked) -> None:
    checked = check(
        tmp_path / "r", {f"{CAMPAIGNS}/hostile.yaml": campaign(audience=AUDIENCES[name])}
    )
    bounded(checked, innocent)
    assert checked.exit_code in (0, 1)


@pytest.mark.parametrize("name", TEMPLATES_IN)
def test_a_template_made_to_be_slow_is_refused(
    name: str, tmp_path: Path, innocent: Checked
) -> None:
    files = {
        f"{CAMPAIGNS}/hostile.yaml": campaign(template="hostile.html"),
        f"{TEMPLATES}/hostile.html": f"<p>{TEMPLATES_IN[name]}</p>",
        **INCLUDED,
    }
    checked = check(tmp_path / "r", files)
    bounded(checked, innocent)
    assert checked.exit_code == 1 and checked.codes


@pytest.mark.parametrize("name", HEAVY)
def test_a_template_as_large_as_allowed_ends(name: str, tmp_path: Path, innocent: Checked) -> None:
    files = {
        f"{CAMPAIGNS}/hostile.yaml": campaign(template="hostile.html"),
        f"{TEMPLATES}/hostile.html": f"<p>{HEAVY[name]}</p>",
    }
    checked = check(tmp_path / "r", files)
    bounded(checked, innocent)
    assert checked.exit_code in (0, 1)
