"""How a bucket is reached: the environment's variables, time-outs, and which cloud a scheme means.

obstore reads address, region and credentials from the variables that each cloud's own tools use. How
it speaks HTTP is passed here, so those variables are read here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from obstore.store import AzureStore, GCSStore, S3Store

CONNECT_SECONDS = 3
REQUEST_SECONDS = 20
"""For a whole request: 64 MiB at 30 Mbit/s."""

_CLOUDS: Mapping[str, tuple[str, Callable[..., Any], str]] = {
    "s3": ("AWS_", S3Store, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"),
    "gs": ("GOOGLE_", GCSStore, "GOOGLE_SERVICE_ACCOUNT (a file)"),
    "az": ("AZURE_", AzureStore, "AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY"),
}
_SWITCHES = ("allow_http", "allow_invalid_certificates")
_TEXTS = ("connect_timeout", "timeout", "proxy_url", "proxy_excludes", "root_certificate")


def client_of(scheme: str, bucket: str, prefix: str) -> Any:
    """An obstore store that never repeats a request by itself: `bucket.py` does, knowing what for."""
    variables, cloud, _ = _CLOUDS[scheme]
    return cloud(
        bucket,
        prefix=prefix or None,
        client_options=http_options(variables, os.environ),
        retry_config={
            "max_retries": 0,
            "retry_timeout": timedelta(seconds=REQUEST_SECONDS),
        },
    )


def http_options(variables: str, environ: Mapping[str, str]) -> dict[str, Any]:
    """`AWS_ALLOW_HTTP=true` → `allow_http`, and so on; time-outs where the variables name none."""
    options: dict[str, Any] = {
        "connect_timeout": f"{CONNECT_SECONDS}s",
        "timeout": f"{REQUEST_SECONDS}s",
    }
    for name in (*_SWITCHES, *_TEXTS):
        value = environ.get(variables + name.upper())
        if value:
            options[name] = (
                value.lower() in ("1", "true", "yes", "on") if name in _SWITCHES else value
            )
    return options


def hint_of(scheme: str) -> str:
    return f"set {_CLOUDS[scheme][2]}: docs/stores.md names every variable"
