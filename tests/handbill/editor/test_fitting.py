"""What a schema has to say at a path."""

from __future__ import annotations

from aimed_world import WINBACK, around

from handbill.editor.fitting import description_at, keys_at, kinds_at, nodes_at, values_at
from handbill.schema.rewriting import Schema


def schema() -> Schema:
    found = around(WINBACK).schema
    assert found is not None
    return found


def test_keys_of_maps_of_channels_and_of_lists() -> None:
    assert {"uses", "with", "message"} <= keys_at(schema(), ()).keys()
    assert list(keys_at(schema(), ("message",))) == ["email", "push", "sms", "webhook"]
    assert {"subject", "template"} <= keys_at(schema(), ("message", "email")).keys()
    assert set(keys_at(schema(), ("offer", 0))) == {"when", "use"}
    assert keys_at(schema(), ("status", "x")) == {}


def test_values_kinds_and_descriptions() -> None:
    assert values_at(schema(), ("status",)) == ["draft", "active", "paused"]
    assert values_at(schema(), ("reentry",)) == ["never", "always"]
    assert "expr" in kinds_at(schema(), ("audience",))
    assert kinds_at(schema(), ("nowhere",)) == frozenset()
    assert "below templates/" in description_at(schema(), ("message", "email", "template"))
    assert description_at(schema(), ("owner", "x")) == ""
    assert nodes_at(schema(), ("message", "email", "nothing")) == []
