"""Who made a release, from what and with what: said by the publisher, signed, before the pointer moves."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from handbill.plan.pointer import Pointer
from handbill.publish.keys import SigningKey
from handbill.store.provenance import statement_for, write_statement
from handbill.store.store import Store


def attested(store: Store, pointer: Pointer, keys: Sequence[SigningKey]) -> Pointer:
    """The pointer, naming a statement about itself that is durable in the store. StoreError."""
    statement = statement_for(pointer, [key.public.key_id for key in keys])
    digest = write_statement(store, statement, [key.private for key in keys])
    return msgspec.structs.replace(pointer, statement=digest)
