"""A mail server that keeps what it is handed."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.serving import free_port


class SmtpStandIn:
    """Listens on a free port of this machine inside a `with` block.

    With `user`, only that user with that `password` is let in. `answers` are given to the next
    letters instead of taking them.
    """

    def __init__(self, user: str | None = None, password: str = "") -> None:
        self.messages: list[EmailMessage] = []
        self.answers: list[str] = []
        self._expected = LoginPassword((user or "").encode(), password.encode())
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=free_port(),
            auth_required=user is not None,
            auth_require_tls=False,
            authenticator=self._authenticate,
        )

    @property
    def url(self) -> str:
        """What SMTP_URL shall be."""
        return f"smtp://127.0.0.1:{self._controller.port}"

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._controller.stop()

    def _authenticate(
        self, _server: Any, _session: Any, _envelope: Any, _way: str, data: Any
    ) -> AuthResult:
        return AuthResult(success=data == self._expected, handled=False)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep one message; the name is aiosmtpd's."""
        if self.answers:
            return self.answers.pop(0)
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"
