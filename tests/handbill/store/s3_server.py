"""moto's S3 server in this process, on a port of its own, and buckets behind a proxy.

A server process each: threads of moto share one state, so that all tests of a session use one server
and each a bucket of its own.
"""

from __future__ import annotations

import itertools
import logging
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from fault_proxy import FaultProxy

from handbill.store.store import Store, open_store

_numbers = itertools.count(1)


@cache
def s3_url() -> str:
    """Where the server listens; started when first asked for, gone with the process."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    return f"http://{host}:{port}"


def new_bucket() -> str:
    name = f"bucket{next(_numbers)}"
    request = urllib.request.Request(f"{s3_url()}/{name}", method="PUT")
    with urllib.request.urlopen(request):
        return name


def variables(endpoint: str) -> Mapping[str, str]:
    """What the environment must say for a client to find the server."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "anybody",
        "AWS_SECRET_ACCESS_KEY": "secret-of-anybody",
        "AWS_REGION": "us-east-1",
    }


@dataclass(frozen=True)
class Bucket:
    """A bucket behind a proxy that can spoil its requests."""

    proxy: FaultProxy
    url: str

    def open(self) -> Store:
        return open_store(self.url)
