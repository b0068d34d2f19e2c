"""The promise in code: tokens that are stored nowhere, marks, and seals on open ballots.

A token is HMAC-SHA256 of the operator's key over the poll's salt, the question and the person. It
stands in the buttons of that person's message, and is made anew whenever the message is rendered.
The database keeps its hash, the mark, so that an answer can be changed. Each question has tokens
of its own: even while a poll is open no two answers of a person can be put together.

What was answered is sealed with AES-GCM under a key of the same two parts, so that a copy of the
database tells nothing of it, whatever the order or the time of the rows may give away. A seal is
bound to its ballot, and all answers of a kind are sealed to the same length.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM


SALT_BYTES: Final = 32
NONCE_BYTES: Final = 12
BLOCK: Final = {"value": 16, "text": 1024}
"""Replies are padded to multiples of so many bytes: the length of a comment would say whose it is.
"""


class UnreadableError(Exception):
    """A seal was not made with this key."""


@dataclass(frozen=True, slots=True)
class Secret:
    """What a poll's tokens and seals are made of; forgotten when it closes."""

    salt: bytes
    key_check: bytes


def new_secret(key: bytes) -> Secret:
    """Return the secret of a new poll."""
    salt = secrets.token_bytes(SALT_BYTES)
    return Secret(salt, _check(key, salt))


def fits(key: bytes, secret: Secret) -> bool:
    """Tell whether a poll was opened with this key."""
    return bool(key) and hmac.compare_digest(_check(key, secret.salt), secret.key_check)


def token(key: bytes, salt: bytes, person_id: int, question_id: int) -> str:
    """Return what one person's buttons of one question carry."""
    return _made(key, salt, f"token:{person_id}:{question_id}").hex()[:40]


def mark(given: str) -> bytes:
    """Return the hash of a token, under which its ballot is kept."""
    return hashlib.sha256(given.encode()).digest()


def seal(key: bytes, salt: bytes, marked: bytes, answer: int | str) -> bytes:
    """Return an answer that nobody can read without the key and the salt."""
    kind, plain = (
        ("text", answer.encode()) if isinstance(answer, str) else ("value", b"%d" % answer)
    )
    padded = len(plain).to_bytes(4, "big") + plain
    padded += bytes(-len(padded) % BLOCK[kind])
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _cipher(key, salt).encrypt(nonce, padded, marked)


class Opener:
    """Reads the ballots of one poll. Raises UnreadableError for what another key sealed."""

    def __init__(self, key: bytes, salt: bytes) -> None:
        self._cipher = _cipher(key, salt)

    def text(self, marked: bytes, sealed: bytes) -> str:
        """Return what was answered, as text."""
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - as below

        try:
            padded = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], marked)
        except InvalidTag as error:
            raise UnreadableError from error
        return padded[4 : 4 + int.from_bytes(padded[:4], "big")].decode()


def _cipher(key: bytes, salt: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers import aead  # noqa: PLC0415 - few starts need it

    return aead.AESGCM(_made(key, salt, "seal"))


def _check(key: bytes, salt: bytes) -> bytes:
    return _made(key, salt, "check")


def _made(key: bytes, salt: bytes, use: str) -> bytes:
    """Return 32 bytes for one use, from both parts of the secret."""
    return hmac.new(key, salt + use.encode(), hashlib.sha256).digest()
