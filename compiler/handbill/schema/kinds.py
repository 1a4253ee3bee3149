"""What each `x-kind` means to an author: its name, an example, and the parser that judges it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from handbill.diagnostics.suggest import closest
from handbill.schema import scalars
from handbill.schema.scalars import ScalarError
from handbill.schema.urls import check_web_host, parse_url
from handbill.source.layout import NAME, NAME_RULE, near_name


@dataclass(frozen=True, slots=True)
class Kind:
    """`what` completes "this is …"; `example` is YAML, quoted where YAML needs it. `judge` raises
    ScalarError for a string that is not of this kind."""

    what: str
    example: str
    judge: Callable[[str], object] = lambda text: None


def _matches(pattern: str, message: str, hint: str) -> Callable[[str], None]:
    compiled = re.compile(pattern + r"\Z")

    def judge(text: str) -> None:
        if not compiled.match(text):
            raise ScalarError(message, hint)

    return judge


def _name(text: str) -> None:
    if not NAME.match(text):
        raise ScalarError(NAME_RULE, near_name(text) or "NAME")


@cache
def known_timezones() -> frozenset[str]:
    import importlib.resources

    table = importlib.resources.files("tzdata").joinpath("zones").read_text("utf-8")
    return frozenset(table.split())


def _timezone(text: str) -> None:
    if text not in known_timezones():
        near = closest(text, known_timezones()) or closest(
            text, {zone.rpartition("/")[2]: zone for zone in known_timezones()}
        )
        full = next(
            (zone for zone in sorted(known_timezones()) if zone.endswith(near or "?")), None
        )
        raise ScalarError("there is no such time zone", full or "REGION/CITY")


def _template_file(text: str) -> None:
    parts = text.split("/")
    if not text.endswith((".mjml", ".html")):
        name = text.rpartition(".")[0] or text
        raise ScalarError("a template is an .mjml or .html file", f"{name}.mjml")
    if any(part in ("", ".", "..") for part in parts) or parts[0] == "templates":
        inner = "/".join(part for part in parts if part not in ("", ".", "..", "templates"))
        raise ScalarError("the path starts below templates/ and stays there", inner)


def _file_path(text: str) -> None:
    if any(part in ("", ".", "..") for part in text.split("/")):
        inside = "/".join(part for part in text.split("/") if part not in ("", ".", ".."))
        raise ScalarError("a path is relative to this folder and stays in it", inside or "FILE")


def _secret(text: str) -> None:
    if not re.match(r"(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)\Z", text):
        message = "a secret is never written here, only where it is kept"
        name = re.match(r"\$?\{?([A-Z_][A-Z0-9_]*)\}?\Z", text)
        raise ScalarError(message, f'"env:{name[1] if name else "NAME"}" or "file:/PATH"')


def _handle(text: str) -> None:
    if not re.match(rf"@{_HANDLE}\Z", text):
        near = text.strip().lstrip("@")
        fits = re.match(_HANDLE + r"\Z", near)
        raise ScalarError(
            "an owner is a person or a team, as @NAME or @ORGANIZATION/TEAM",
            f'"@{near}"' if fits else '"@ORGANIZATION/TEAM"',
        )


_HANDLE = r"[A-Za-z0-9][A-Za-z0-9_-]{0,38}(/[A-Za-z0-9][A-Za-z0-9_.-]{0,99})?"
_LOCALE = r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?"
_PATH = r"[a-z][a-z0-9_-]*(\.([A-Za-z][A-Za-z0-9_-]*|\*))*"


def _locale(text: str) -> None:
    if not re.match(_LOCALE + r"\Z", text):
        language, _, region = text.replace("_", "-").partition("-")
        near = f"{language.lower()}-{region.upper()}" if region else language.lower()
        fits = re.match(_LOCALE + r"\Z", near)
        raise ScalarError(
            "a locale is a language and a region, such as en-US",
            near if fits else "LANGUAGE-REGION",
        )


def _currency(text: str) -> None:
    if not re.match(r"[A-Z]{3}\Z", text):
        near = re.match(r"\s*([A-Za-z]{3})\b", text)
        message = "a currency is three capital letters, such as USD"
        raise ScalarError(message, near[1].upper() if near else "…")


def _web_address(text: str) -> None:
    if not re.match(r"https?://\S+\Z", text):
        bare = text.strip().partition("://")[2] or text.strip()
        is_host = re.match(r"[\w-]+(\.[\w-]+)+(/\S*)?\Z", bare)
        hint = f"https://{bare}" if is_host else "https://…"
        raise ScalarError("a web address starts with https://", hint)
    check_web_host(text)


_DOMAIN = r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,62}"


def _computed_name(text: str) -> None:
    if not re.match(r"customer\.[A-Za-z][A-Za-z0-9_]{0,59}\Z", text):
        near = re.sub(r"[^A-Za-z0-9_]+", "_", text.removeprefix("customer.")).strip("_")
        message = "a computed field is named as rules read it"
        raise ScalarError(message, f"customer.{near or 'NAME'}")


def _domain(text: str) -> None:
    if not re.match(_DOMAIN + r"\Z", text):
        near = re.sub(r".*://", "", text.strip().lower()).split("/")[0].split("@")[-1]
        message = "a domain is written in small letters, without https:// and without a path"
        raise ScalarError(message, near if re.match(_DOMAIN + r"\Z", near) else "DOMAIN")


def _data_root(text: str) -> None:
    if "{tenant}" not in text:
        message = "the root must say {tenant} where the tenant's name goes"
        scheme = "file://" if text.startswith("/") else ""
        raise ScalarError(message, f'"{scheme}{text.rstrip("/")}/{{tenant}}"')


def _recipient(text: str) -> None:
    if not re.match(r"[a-z][a-z0-9_-]*:\S.*\Z", text):
        near = f"email:{text.strip()}" if re.match(r"\s*\S+@\S+\s*\Z", text) else "CHANNEL:ADDRESS"
        raise ScalarError("a recipient is CHANNEL:ADDRESS", f'"{near}"')


KINDS: Mapping[str, Kind] = {
    "name": Kind("a name", "spring-sale", _name),
    "field": Kind("a field's name", "store_id"),
    "prose": Kind("text", '"Open every day"'),
    "label": Kind("text", '"spring"'),
    "expr": Kind("an expression", "customer.lifetime_orders >= 2"),
    "computed-name": Kind(
        "a computed field", "customer.display_name", _computed_name
    ),
    "template": Kind("text", '"Hello {{ customer.first_name | default(\'neighbor\') }}"'),
    "text": Kind("text, or one text per locale", '"Double points this weekend"'),
    "locale": Kind("a locale", "en-US", _locale),
    "path": Kind("a file's path", "data/stores.csv", _file_path),
    "template-file": Kind("a template file", "winback.html", _template_file),
    "duration": Kind("a duration", "3 days", scalars.parse_duration),
    "rate": Kind("a rate", "3 per 7 days", scalars.parse_rate),
    "share": Kind("a share", "10%", scalars.parse_share),
    "window": Kind("a window of the day", '"09:00-20:00"', scalars.parse_window),
    "datetime": Kind("a date and time", "2026-12-05T10:00", scalars.parse_local_datetime),
    "date": Kind("a date", "2026-12-05", scalars.parse_local_date),
    "cron": Kind("a schedule", '"0 8 * * WED"', scalars.check_cron),
    "timezone": Kind("a time zone", "America/New_York", _timezone),
    "currency": Kind("a currency", "USD", _currency),
    "url": Kind(
        "a URL",
        '"file:///var/lib/handbill"',
        parse_url,
    ),
    "web-url": Kind("a web address", "https://shop.example", _web_address),
    "secret": Kind("where a secret is kept", '"env:MAIL"', _secret),
    "domain": Kind("a domain", "shop.example", _domain),
    "field-path": Kind(
        "a field's path",
        "audience.include",
        _matches(_PATH, "a path is field names with dots between", "FIELD.FIELD"),
    ),
    "data-root": Kind(
        "where the data is",
        '"file:///data/{tenant}"',
        _data_root,
    ),
    "recipient": Kind(
        "a recipient",
        '"email:qa@shop.example"',
        _recipient,
    ),
    "handle": Kind("a person or a team", '"@fresh-fields/marketing"', _handle),
    "status": Kind("a status", "2xx"),
    "amount": Kind("an amount", "20"),
    "body": Kind("JSON", '{"text": "…"}'),
    "constant": Kind("a constant", "10"),
    "param": Kind("a parameter", "{param: discount}"),
    "message": Kind("channels and what they say", '{email: {subject: "…", template: hello.html}}'),
    "parts": Kind("the parts of a message", '{subject: "…"}'),
}  # fmt: skip
"""Exhaustive over the `x-kind`s of the schemas; a test says so."""
