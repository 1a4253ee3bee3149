"""A mail server that accepts everything and keeps it."""

from __future__ import annotations

import asyncio
import threading
from email import message_from_bytes
from typing import Any

from aiosmtpd.smtp import SMTP


class MailCatcher:
    def __init__(self) -> None:
        self.received: list[bytes] = []
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(
            self._loop.create_server(lambda: SMTP(self, loop=self._loop), "127.0.0.1", 0)
        )
        self.url = f"smtp://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def subjects(self) -> dict[str, str]:
        """Message id → subject."""
        mails = map(message_from_bytes, self.received)
        return {
            str(mail["Message-ID"]).strip("<>").split("@")[0]: str(mail["Subject"])
            for mail in mails
        }

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._server.close()
        self._loop.close()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.received.append(envelope.content)
        return "250 queued"
