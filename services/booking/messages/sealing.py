"""How a message is kept: sealed with the newest key, opened with any key that is still known."""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

from shared.errors import Conflict, Invalid, Text


class Unreadable(Conflict):
    slug = "message-unreadable"
    title = Text("Beskeden kan ikke læses: dens nøgle er væk", "The message cannot be read: its key is gone")


class Seals:
    def __init__(self, keys: Sequence[SecretStr]) -> None:
        self._keys = [Fernet(key.get_secret_value()) for key in keys]

    def seal(self, message: str | None, field: str = "message") -> bytes | None:
        if not message:
            return None
        if not self._keys:
            raise Invalid.field(field, "kan ikke modtages her", "cannot be taken here")
        return MultiFernet(self._keys).encrypt(message.encode())

    def open(self, sealed: bytes) -> str:
        if self._keys:
            try:
                return MultiFernet(self._keys).decrypt(sealed).decode()
            except InvalidToken:
                pass
        raise Unreadable

    def renewed(self, sealed: bytes) -> bytes | None:
        """The same under the newest key; None where it is so already, or where no key opens it."""
        try:
            self._keys[0].decrypt(sealed)
        except InvalidToken:
            try:
                return MultiFernet(self._keys).rotate(sealed)
            except InvalidToken:
                return None
        except IndexError:
            return None
        return None
