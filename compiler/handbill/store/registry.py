"""Speaking to an OCI registry: blobs, manifests and tags (OCI distribution specification 1.1).

Every answer's bytes are proved by their digest. Requests are tried a bounded number of times; each is
safe to repeat. A name and a password come from OCI_USERNAME and OCI_PASSWORD; a registry that wants a
token is asked for one.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urljoin

import httpx

from handbill.store.errors import PackDamaged, StoreUnavailable, TooLarge
from handbill.store.store import MAX_FILE_BYTES

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
TRIES = 5
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 2.0
CONNECT_SECONDS, REQUEST_SECONDS = 3.0, 20.0
_MAX_MANIFEST = 4 * 1024 * 1024
_CHALLENGE = re.compile(r'(\w+)="([^"]*)"')
_LOCAL = ("localhost", "127.0.0.1", "[::1]")


class Registry:
    """One repository of a registry."""

    def __init__(self, host: str, repository: str, tries: int = TRIES) -> None:
        local = host.rpartition(":")[0] in _LOCAL or host in _LOCAL
        allowed = os.environ.get("OCI_ALLOW_HTTP", "").lower() in ("1", "true", "yes")
        self._host = host
        self._root = f"{'http' if local or allowed else 'https'}://{host}/v2/{repository}"
        self._tries = tries
        self._token = ""
        user, password = os.environ.get("OCI_USERNAME"), os.environ.get("OCI_PASSWORD")
        self._login = httpx.BasicAuth(user, password) if user and password else None
        self._client = httpx.Client(
            timeout=httpx.Timeout(REQUEST_SECONDS, connect=CONNECT_SECONDS),
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=32),
            follow_redirects=True,
        )

    def manifest(self, tag: str) -> tuple[bytes, str] | None:
        """The manifest's bytes and their digest, or None where no such tag is."""
        answer = self._ask("GET", f"manifests/{tag}", headers={"Accept": MANIFEST})
        if answer.status_code == 404:
            return None
        if len(answer.content) > _MAX_MANIFEST:
            raise TooLarge(f"the manifest `{tag}` is over {_MAX_MANIFEST // 2**20} MiB")
        return answer.content, digest(answer.content)

    def manifest_digest(self, tag: str) -> str | None:
        """The digest alone, by one request without a body."""
        answer = self._ask("HEAD", f"manifests/{tag}", headers={"Accept": MANIFEST})
        return None if answer.status_code == 404 else answer.headers.get("docker-content-digest")

    def put_manifest(self, tag: str, data: bytes) -> None:
        self._ask("PUT", f"manifests/{tag}", data, {"Content-Type": MANIFEST})

    def delete_manifest(self, name: str) -> None:
        answer = self._ask("DELETE", f"manifests/{name}", also=(405,))
        if answer.status_code == 405:
            raise StoreUnavailable(
                f"the registry {self._host} does not let manifests be deleted",
                "allow it there (for Docker's registry REGISTRY_STORAGE_DELETE_ENABLED=true)",
            )

    def blob(self, name: str) -> bytes | None:
        answer = self._ask("GET", f"blobs/{name}")
        if answer.status_code == 404:
            return None
        if len(answer.content) > MAX_FILE_BYTES:
            raise TooLarge(f"the blob {name} is over {MAX_FILE_BYTES // 2**20} MiB")
        if digest(answer.content) != name:
            raise PackDamaged(
                f"the registry {self._host} sent other bytes than those of {name}",
                "try again; if it stays, repair the registry's storage",
            )
        return answer.content

    def put_blob(self, data: bytes) -> str:
        """Stores it unless it is there; its digest."""
        name = digest(data)
        if self._ask("HEAD", f"blobs/{name}").status_code != 404:
            return name
        for attempt in range(1, self._tries + 1):
            begun = self._ask("POST", "blobs/uploads/")
            place = urljoin(f"{self._root}/", begun.headers["location"])
            place += ("&" if "?" in place else "?") + f"digest={quote(name)}"
            done = self._ask(
                "PUT", place, data, {"Content-Type": "application/octet-stream"}, also=(404,)
            )
            if done.status_code != 404 or self._ask("HEAD", f"blobs/{name}").status_code != 404:
                return name
            self._pause(attempt)
        raise self._unavailable("it loses uploads", "blobs")

    def tags(self) -> tuple[str, ...]:
        found: list[str] = []
        place = "tags/list?n=1000"
        while place:
            answer = self._ask("GET", place)
            if answer.status_code == 404:
                break
            found += answer.json().get("tags") or ()
            following = answer.links.get("next", {}).get("url", "")
            place = urljoin(f"{self._root}/tags/list", following) if following else ""
        return tuple(sorted(set(found)))

    def _ask(
        self,
        method: str,
        place: str,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        also: tuple[int, ...] = (),
    ) -> httpx.Response:
        """An answer of success, 404 for what is only read, or a status of `also`."""
        url = place if "://" in place else f"{self._root}/{place}"
        fine = (*also, 404) if method in ("GET", "HEAD", "DELETE") else also
        reason = ""
        for attempt in range(1, self._tries + 1):
            try:
                answer = self._send(method, url, data, dict(headers or {}))
            except (httpx.HTTPError, ValueError) as error:
                reason = f"it cannot be reached, or did not answer in time ({type(error).__name__})"
            else:
                if answer.is_success or answer.status_code in fine:
                    return answer
                reason = f"it answered {answer.status_code} {answer.reason_phrase}"
                if answer.status_code < 500 and answer.status_code not in (408, 429):
                    break
            if attempt < self._tries:
                self._pause(attempt)
        raise self._unavailable(reason, place.partition("?")[0])

    def _send(
        self, method: str, url: str, data: bytes | None, headers: dict[str, str]
    ) -> httpx.Response:
        answer = self._client.request(method, url, content=data, headers=self._with_token(headers))
        if answer.status_code != 401:
            return answer
        challenge = answer.headers.get("www-authenticate", "")
        if challenge.lower().startswith("bearer"):
            self._token = self._new_token(dict(_CHALLENGE.findall(challenge)))
            return self._client.request(
                method, url, content=data, headers=self._with_token(headers)
            )
        if self._login is not None:
            return self._client.request(
                method, url, content=data, headers=headers, auth=self._login
            )
        return answer

    def _with_token(self, headers: dict[str, str]) -> dict[str, str]:
        return headers | ({"Authorization": f"Bearer {self._token}"} if self._token else {})

    def _new_token(self, challenge: Mapping[str, str]) -> str:
        """Docker's token protocol, which registries with a token server speak."""
        wanted = {name: challenge[name] for name in ("service", "scope") if name in challenge}
        answer = self._client.get(
            challenge.get("realm", ""), params=wanted, auth=self._login or httpx.USE_CLIENT_DEFAULT
        )
        found: Any = answer.json() if answer.is_success else {}
        return str(found.get("token") or found.get("access_token") or "")

    def _unavailable(self, reason: str, place: str) -> StoreUnavailable:
        advice = "see that the address is right and the registry is up, then try again"
        if " 401 " in f"{reason} " or " 403 " in f"{reason} ":
            advice = "set OCI_USERNAME and OCI_PASSWORD to a login that may do this"
        return StoreUnavailable(
            f"the registry {self._host} cannot be used: {reason} ({place.rpartition('/v2/')[2]})",
            advice,
        )

    def _pause(self, attempt: int) -> None:
        longest = min(FIRST_PAUSE * 2 ** (attempt - 1), LONGEST_PAUSE)
        time.sleep(longest * (0.5 + random.random() / 2))


def digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
