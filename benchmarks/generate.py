"""A repository of many retailers in which every text differs, for compile measurements.

Nothing repeats that a memo, a compressor or a cache could profit from more than in a real
repository: subjects, bodies, rules, names and schedules are drawn per campaign from a fixed seed.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

WORDS = """apple basket bakery butter cider clover corner cranberry cream delight dinner evening family
farm field fresh garden gather golden harvest herb hearth holiday honey kitchen larder lemon maple
market meadow morning oat olive orchard oven pantry pear pepper plum pumpkin roast rosemary rye sage
savory season shelf simmer skillet spice spring stew summer supper sweet table tangy thyme toast
tomato vanilla warm weekend wheat winter zest""".split()  # noqa: SIM905  # fmt: skip
FIELDS = ("lifetime_orders", "orders_90d", "days_since_last_order", "points", "household_size")
DEPARTMENTS = ("produce", "meat", "dairy", "bakery", "deli", "pantry", "frozen", "snacks")
DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


def generate(sample: Path, root: Path, tenants: int, campaigns: int, seed: int = 7) -> int:
    """Writes `tenants` × `campaigns` below `root`, on the sample's platform. Returns the files."""
    for folder in ("channels", "schemas", "environments"):
        shutil.copytree(sample / folder, root / folder)
    shutil.copy(sample / "handbill.yaml", root / "handbill.yaml")
    chance = random.Random(seed)
    for number in range(tenants):
        tenant = root / "tenants" / f"shop-{number:04d}"
        (tenant / "campaigns").mkdir(parents=True)
        (tenant / "tenant.yaml").write_text(_tenant(chance, number))
        for place in range(campaigns):
            path = tenant / "campaigns" / f"{chance.choice(WORDS)}-{place:03d}.yaml"
            path.write_text(written_campaign(chance))
    return sum(1 for path in root.rglob("*") if path.is_file())


def _words(chance: random.Random, low: int, high: int) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(low, high)))


def _tenant(chance: random.Random, number: int) -> str:
    name = _words(chance, 2, 3).title()
    host = f"shop{number:04d}.example"
    return f"""\
name: "{name}"
locale: en-US
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
  sms: {{provider: text, from: "+1518555{number % 10000:04d}", workspace: AC-{number}}}
data:
  customers: {{key: id, address: {{email: email, sms: phone}}}}
"""


def written_campaign(chance: random.Random, include: str | None = None) -> str:
    """A campaign file with a mail and an SMS of its own, for whoever meets `include`."""
    rule = " and ".join(
        f"customer.{field} | default(0) {chance.choice(('>=', '<', '>'))} {chance.randint(1, 400)}"
        for field in chance.sample(FIELDS, k=chance.randint(1, 3))
    )
    rule += f" and '{chance.choice(DEPARTMENTS)}' in customer.favorite_departments"
    body = "\n".join(
        f"        <p>{_words(chance, 8, 20).capitalize()}, "
        f"{{{{ customer.first_name | default('{chance.choice(WORDS)}') }}}}.</p>"
        for _ in range(chance.randint(2, 5))
    )
    return f"""\
category: promotions
status: active
description: "{_words(chance, 5, 9).capitalize()}"
trigger: {{cron: "{chance.randrange(60)} {chance.randint(8, 20)} * * {chance.choice(DAYS)}"}}
audience:
  include: "{include or rule}"
  exclude: {{staff: customer.is_employee}}
reentry: {{after: {chance.randint(7, 90)} days}}
message:
  email:
    subject: "{_words(chance, 3, 5).capitalize()}"
    preheader: "{_words(chance, 4, 9).capitalize()} at {{{{ tenant.name }}}}"
    body: |
      <html><body>
        <h1>{_words(chance, 2, 5).title()}</h1>
{body}
        <p>{{{{ brand.postal_address }}}} <a href="{{{{ unsubscribe_url }}}}">Unsubscribe</a></p>
      </body></html>
  sms:
    body: "{{{{ tenant.name }}}}: {_words(chance, 4, 8)} {chance.randint(2, 40)}% off. STOP to end"
"""
