"""Every forgery is refused; and with one line of a verification taken out, some forgery is not.

The planted bugs are made from the source itself: a check is still there, and no longer binds anything.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from forgeries import accepted, believes_what_is_sound

from handbill.store import dsse, pause, pointer, provenance, root, trust
from handbill.store.folder import FolderStore

MODULES = (dsse, pointer, root, trust, pause, provenance)

PLANTED = [
    # verified once, by its signatures and not by its bytes
    (dsse, "verify", "    message = pae(decoded.payload_type, payload)", "    message = pae.__dict__.setdefault(decoded.signatures, pae(decoded.payload_type, payload))"),
    (dsse, "verify", "if len(accepted) < max(1, threshold):", "if len(decoded.signatures) < max(1, threshold):"),
    (dsse, "verify", "if len(accepted) < max(1, threshold):", "if not accepted:"),
    (dsse, "verify", "if len(accepted) < max(1, threshold):", "if False:"),
    (dsse, "verify", "if decoded.payload_type != payload_type:", "if False:"),
    (pointer, "verify_pointer", "if not dsse.is_canonical(envelope) or", "if"),
    (pointer, "verify_pointer", "if pointer.environment != environment:", "if False:"),
    (pointer, "verify_pointer", "        _refuse_nonsense(pointer)\n", ""),
    (pointer, "verify_pointer", "quorum = trust.publishers(environment)", "quorum = trust.as_of(0).publishers(environment)"),
    (root, "verify_successor", "by_the_old = _signed(envelope, before.root)", "by_the_old = _payload(envelope)"),
    (root, "verify_successor", "by_its_own = _signed(envelope, root.root)", "by_its_own = by_the_old"),
    (root, "verify_successor", "if root.version != before.version + 1:", "if False:"),
    (root, "verify_successor", "if root.version != before.version + 1:", "if root.version <= before.version:"),
    (root, "_signed", "role.public_keys, role.threshold)", "role.public_keys)"),
    (pause, "verify_pause", "trust.operators(environment)", "trust.publishers(environment)"),
    (pause, "verify_pause", "if pause.environment != environment:", "if False:"),
    (pause, "verify_pause", "if not dsse.is_canonical(envelope):", "if False:"),
    (provenance, "read_statement", "if digest_of(stored.data) != pointer.statement:", "if False:"),
    (provenance, "read_statement", "if problem := unbound(statement, pointer):", "if problem := None:"),
    (provenance, "read_statement", "payload = dsse.verify(stored.data, PAYLOAD_TYPE, quorum.keys, quorum.threshold)", "payload = dsse.unverified(stored.data)[1]"),
    (provenance, "unbound", "if not subjects & {wanted, pointer.release}:", "if False:"),
    (provenance, "unbound", "if build.external_parameters != parameters:", "if False:"),
    (provenance, "unbound", "if build.resolved_dependencies != _dependencies(pointer):", "if False:"),
]  # fmt: skip


def plant(
    patch: pytest.MonkeyPatch, module: ModuleType, name: str, sound: str, planted: str
) -> None:
    """Puts a copy of the function with the bug wherever the function is known by its name."""
    function = getattr(module, name)
    source = inspect.getsource(function)
    assert source.count(sound) == 1, f"{name} has changed: plant the bug anew"
    made: dict[str, Callable[..., object]] = {}
    exec(compile(source.replace(sound, planted), f"planted {name}", "exec"), module.__dict__, made)
    for each in MODULES:
        if getattr(each, name, None) is function:
            patch.setattr(each, name, made[name])


def test_no_forgery_is_believed_and_what_is_sound_is(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    assert accepted(store) == []
    assert believes_what_is_sound(store)


@pytest.mark.parametrize(("module", "name", "sound", "planted"), PLANTED)
def test_a_planted_bug_is_noticed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    module: ModuleType,
    name: str,
    sound: str,
    planted: str,
) -> None:
    plant(monkeypatch, module, name, sound, planted)
    assert accepted(FolderStore(tmp_path)) != []
