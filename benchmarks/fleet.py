"""A git repository of many retailers as a platform has it: for figures that depend on its size.

Beside campaigns with a mail of their own (see generate.py) there are instances of the sample's
blueprints, mails from MJML and HTML templates of the retailer's own, SMS, push, offers, named
audiences, experiments, and every third retailer is of the sample's group. Every text, number, rule,
name and hour is drawn per file from a fixed seed.
"""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path

from benchmarks.generate import DAYS, DEPARTMENTS, WORDS, written_campaign

SHARED = ("channels", "schemas", "environments", "blueprints", "groups", "personas")
KINDS = (
    ("mail", 30), ("push", 18), ("instance", 22), ("html", 14), ("mjml", 10), ("experiment", 6),
)  # fmt: skip
"""What a campaign is, and how many of a hundred are so."""


def write_fleet(sample: Path, root: Path, tenants: int, campaigns: int, seed: int = 11) -> int:
    """Writes `tenants` × `campaigns` below `root`, on the sample's platform, group and blueprints.
    The group's campaign comes on top. Returns the number of files."""
    root.mkdir(parents=True, exist_ok=True)
    for folder in SHARED:
        shutil.copytree(sample / folder, root / folder)
    for file in ("handbill.yaml", "fields.yaml"):
        shutil.copy(sample / file, root / file)
    for number in range(tenants):
        _Retailer(root, number, random.Random(f"{seed}/{number}")).write(campaigns)
    return sum(1 for path in root.rglob("*") if path.is_file())


def commit_all(root: Path, message: str = "All") -> str:
    """Commits what stands in `root`, a repository from then on, and returns the commit's id."""
    if not (root / ".git").exists():
        git(root, "init", "--quiet", "--initial-branch=main")
        for key, value in (("user.name", "Bench"), ("user.email", "bench@handbill.example")):
            git(root, "config", key, value)
        for key in ("gc.auto", "maintenance.auto", "commit.gpgsign"):
            git(root, "config", key, "0")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "-m", message)
    return git(root, "rev-parse", "HEAD").strip()


def git(root: Path, *arguments: str) -> str:
    """What `git` says in `root`."""
    done = subprocess.run(
        ["git", *arguments], cwd=root, check=True, stdout=subprocess.PIPE, encoding="utf-8"
    )
    return done.stdout


class _Retailer:
    def __init__(self, root: Path, number: int, chance: random.Random) -> None:
        self.name = f"shop-{number:04d}"
        self.number, self.chance = number, chance
        self.folder = root / "tenants" / self.name
        self.grouped = number % 3 == 0

    def write(self, campaigns: int) -> None:
        for folder in ("campaigns", "templates", "data", "audiences", "offers"):
            (self.folder / folder).mkdir(parents=True)
        self._file("tenant.yaml", self._tenant())
        self._file("data/stores.csv", self._stores())
        self._file("audiences/near.yaml", f'include: "{self._rule()}"\n')
        self._file("offers/saving.yaml", self._offer())
        kinds = [kind for kind, share in KINDS for _ in range(share)]
        for place in range(campaigns):
            kind = kinds[place * 37 % 100]
            name = f"{self.chance.choice(WORDS)}-{place:03d}"
            self._file(f"campaigns/{name}.yaml", getattr(self, f"_{kind}")(name))

    def _file(self, path: str, text: str) -> None:
        (self.folder / path).write_text(text, encoding="utf-8")

    def _words(self, low: int, high: int) -> str:
        return " ".join(self.chance.choices(WORDS, k=self.chance.randint(low, high)))

    def _rule(self) -> str:
        chance = self.chance
        parts = (
            f"customer.lifetime_orders >= {chance.randint(1, 60)}",
            f"customer.orders_90d >= {chance.randint(1, 12)}",
            f"customer.days_since_last_order | default(0) < {chance.randint(20, 300)}",
            f"customer.points > {chance.randint(50, 9000)}",
            f"'{chance.choice(DEPARTMENTS)}' in customer.favorite_departments",
            f"customer.household_size | default(1) >= {chance.randint(1, 4)}",
            f"customer.spend_90d >= {chance.randint(100, 9000) / 100}",
        )
        return " and ".join(chance.sample(parts, k=chance.randint(1, 3)))

    # ── what is there once ───────────────────────────────────────────────────────────────────────

    def _tenant(self) -> str:
        chance, host = self.chance, f"{self.name}.example"
        name = self._words(2, 2).title()
        group = "group: harvest-co\n" if self.grouped else ""
        return f"""\
name: "{name}"
{group}locale: en-US
timezone: {chance.choice(("America/New_York", "America/Chicago", "America/Phoenix"))}
currency: USD
brand:
  colors:
    primary: "#{chance.randrange(1 << 24):06x}"
    accent: "#{chance.randrange(1 << 24):06x}"
    tint: "#f4f4ef"
    text: "#222222"
  site: https://{host}
  postal_address: {chance.randint(1, 999)} {chance.choice(WORDS).title()} Street, Springfield
  link_domains: [{host}]
channels:
  email: {{provider: mail, from: "{name} <hello@{host}>"}}
  push: {{provider: fcm, workspace: {self.name}}}
  sms: {{provider: text, from: "+1518555{self.number % 10000:04d}", workspace: AC-{self.number}}}
data:
  customers: {{key: id, address: {{email: email, push: push_token, sms: phone}}}}
  stores: {{key: id, file: data/stores.csv}}
  products: {{key: id}}
  purchases: {{key: [customer_id, line]}}
  recommendations: {{key: [customer_id, rank]}}
"""

    def _stores(self) -> str:
        rows = ["id,name,group,street,city,state,postal_code,phone,hours,curbside,opens_on"]
        for place in range(self.chance.randint(2, 6)):
            street = f"{self.chance.randint(1, 999)} {self.chance.choice(WORDS).title()} Street"
            group = self.chance.choice(("east", "west", "north", "south", "city"))
            name = self._words(2, 2).title()
            rows.append(
                f"{self.name}-{place},{name},{group},{street},Springfield,NY,12208,"
                f"(518) 555-01{place:02d},8 am to {self.chance.randint(7, 10)} pm,true,"
            )
        return "\n".join(rows) + "\n"

    def _offer(self) -> str:
        return f"""\
reward: {{percent: {self.chance.randint(5, 25)}}}
valid: {{for: {self.chance.randint(3, 20)} days}}
summary: "{{{{ offer.reward.percent }}}}% off {self._words(1, 2)}"
terms: Once per {self._words(1, 1)}
"""

    # ── campaigns ────────────────────────────────────────────────────────────────────────────────

    def _head(self, audience: str | None = None) -> str:
        chance = self.chance
        when = f"{chance.randrange(60)} {chance.randint(8, 18)} * * {chance.choice(DAYS)}"
        return f"""\
category: promotions
status: {chance.choice(("active", "active", "active", "paused", "draft"))}
description: "{self._words(8, 16).capitalize()}"
trigger: {{cron: "{when}"}}
audience:
  include: "{audience or self._rule()}"
  exclude: {{staff: customer.is_employee}}
reentry: {{after: {chance.randint(7, 90)} days}}
"""

    def _mail(self, name: str) -> str:
        return written_campaign(self.chance, self._rule())

    def _push(self, name: str) -> str:
        return f"""\
{self._head()}\
message:
  push:
    title: "{self._words(2, 3).capitalize()}"
    body: "{{{{ customer.display_name }}}}, {self._words(4, 7)}: {self._words(2, 4)}"
  sms:
    body: "{{{{ tenant.name }}}}: {self._words(3, 6)} {self.chance.randint(2, 40)}% off. STOP to end"
deliver: {{order: [push, sms]}}
"""

    def _instance(self, name: str) -> str:
        chance = self.chance
        when = f"{chance.randrange(60)} {chance.randint(8, 18)} * * {chance.choice(DAYS)}"
        head = f'status: active\ndescription: "{self._words(12, 24).capitalize()}"\n'
        match chance.randrange(4):
            case 0:
                given = f"{{discount: {chance.randint(5, 25)}}}"
                own = f"audience: {{exclude: {{some: customer.points > {chance.randint(10, 9000)}}}}}\n"
                return f"uses: winback\n{head}with: {given}\n{own}"
            case 1:
                department = chance.choice(("bakery", "dairy", "frozen", "pantry", "produce"))
                given = f"{{department: {department}, amount: {chance.randint(2, 20)}}}"
                return f'uses: replenish\n{head}with: {given}\ntrigger: {{cron: "{when}"}}\n'
            case 2:
                return f'uses: usuals\n{head}trigger: {{cron: "{when}"}}\n'
            case _:
                specials = "".join(
                    f'    - {{department: "{chance.choice(DEPARTMENTS)}", '
                    f'item: "{self._words(2, 3)[:40].title()}", '
                    f'price: "${chance.randint(1, 9)}.{chance.randint(10, 99)}"}}\n'
                    for _ in range(chance.randint(4, 10))
                )
                theme = self._words(2, 2).title()
                return f'uses: weekly-ad\n{head}with:\n  theme: "{theme}"\n  specials:\n{specials}'

    def _html(self, name: str) -> str:
        rows = "\n".join(
            f'<p style="margin:{self.chance.randint(4, 18)}px 0;">{self._words(9, 18).capitalize()}'
            f" {{% if customer.orders_90d > {self.chance.randint(1, 20)} %}}{self._words(2, 5)}"
            f"{{% else %}}{self._words(2, 5)}{{% endif %}}.</p>"
            for _ in range(self.chance.randint(3, 6))
        )
        template = (
            '{% extends "platform/email/base.html" %}\n'
            f"{{% block headline %}}{self._words(3, 5).title()}{{% endblock %}}\n"
            f"{{% block content %}}<tr><td>{rows}</td></tr>{{% endblock %}}\n"
        )
        self._file(f"templates/{name}.html", template)
        return f"""\
{self._head("audiences.near and " + self._rule())}\
offer: saving
message:
  email:
    subject: "{self._words(2, 3).capitalize()}: {{{{ offer.reward.percent }}}}% off"
    preheader: "{self._words(5, 9).capitalize()}"
    template: {name}.html
"""

    def _mjml(self, name: str) -> str:
        text = "\n".join(
            f'<p style="margin:{self.chance.randint(4, 18)}px 0 0 0;">'
            f"{self._words(9, 18).capitalize()}, {{{{ customer.display_name }}}}.</p>"
            for _ in range(self.chance.randint(2, 4))
        )
        template = f"""\
{{% extends "platform/email/base.mjml" %}}
{{% block headline %}}{self._words(3, 5).title()}{{% endblock %}}
{{% block lead %}}{self._words(7, 12).capitalize()}{{% endblock %}}
{{% block content %}}
<mj-section padding="0"><mj-column>
<mj-text font-size="{self.chance.randint(15, 18)}px" padding="32px 36px 0 36px">{text}</mj-text>
</mj-column></mj-section>
{{% endblock %}}
"""
        self._file(f"templates/{name}.mjml", template)
        return f"""\
{self._head()}\
message:
  email:
    subject: "{{{{ customer.display_name }}}}, {self._words(2, 3)}"
    preheader: "{self._words(5, 9).capitalize()}"
    template: {name}.mjml
"""

    def _experiment(self, name: str) -> str:
        return f"""\
{self._head()}\
message:
  push: {{title: "{self._words(2, 3).capitalize()}", body: "{self._words(6, 10).capitalize()}"}}
experiment:
  variants:
    plain: {{weight: {self.chance.randint(40, 60)}}}
    warm:
      weight: 50
      message: {{push: {{title: "{self._words(2, 3).capitalize()}", body: "{self._words(7, 12)}"}}}}
"""
