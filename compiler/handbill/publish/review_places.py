"""Where reviews leave their records: a folder that CI copies them to, or a place on the web that serves
them by the release's digest (`URL/<hexadecimal digits>.json`), such as a bucket's.
"""

from __future__ import annotations

import urllib.parse
from collections import OrderedDict
from pathlib import Path

import httpx

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.plan.model import Digest
from handbill.publish.reviewed import (
    MAX_RECORD,
    ReviewedPlans,
    ReviewFolder,
    Reviews,
    decode_record,
)

_SECONDS = 2.0
"""Longer than this nobody waits with a publish for what is only said in the history."""
_KEPT = 16


class ReviewSite:
    """Records on the web. Only the whole release can be asked for, so what was merged onto something
    else than was reviewed is known from records that were found before."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._client = httpx.Client(timeout=_SECONDS, follow_redirects=False)
        self._found: OrderedDict[Digest, ReviewedPlans] = OrderedDict()

    def shown(self, release: Digest) -> bool:
        if release not in self._found:
            record = self._asked(release)
            if record is None or record.release != release:
                return False
            self._found[release] = record
            while len(self._found) > _KEPT:
                self._found.popitem(last=False)
        return True

    def records(self) -> tuple[ReviewedPlans, ...]:
        return tuple(reversed(self._found.values()))

    def _asked(self, release: Digest) -> ReviewedPlans | None:
        """None also where the site does not answer: then nothing is known."""
        url = f"{self._url}/{release.removeprefix('sha256:')}.json"
        data = bytearray()
        try:
            with self._client.stream("GET", url) as answer:
                if answer.status_code != 200:
                    return None
                for chunk in answer.iter_bytes():
                    data += chunk
                    if len(data) > MAX_RECORD:
                        return None
            return decode_record(bytes(data))
        except httpx.HTTPError:
            return None


def open_reviews(place: str) -> Reviews | Diagnostic:
    """HB893 for what is neither a folder nor an https URL."""
    if "://" not in place:
        return ReviewFolder(Path(place))
    try:
        parts = urllib.parse.urlsplit(place)
        known = parts.scheme in ("https", "http") and bool(parts.hostname)
    except ValueError:
        known = False
    if known and not parts.username:
        return ReviewSite(place)
    return Diagnostic(
        "HB893",
        "--reviews needs a folder, or an https URL without a password in it",
        hint="--reviews /var/lib/handbill/reviews, where CI leaves each review's reviewed.json",
    )
