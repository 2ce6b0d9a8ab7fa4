"""Once only: the same Idempotency-Key and body give the same answer, another body is refused.

Rules:
- The key, the body's hash and the answer are one row, written after the effect in the same
  transaction: there is never one without the other, and a first request costs one statement.
- A request that fails, for whatever reason, is looked up by its key: if that was answered before,
  its failure is undone and the answer kept is given. So a replay is tried, fails, and is repeated.
- A refused request leaves no trace, its key included: sent again, it is judged again.
- Two requests that race with one key: the second waits for the first (a row lock on PostgreSQL, the
  single writer on SQLite), fails on the key at the latest, and gets the first one's answer.
- Keys belong to their caller; without a token to the caller's address, or to the phone that signs.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence

import msgspec
from sqlalchemy import Column, LargeBinary, String, Table

from card_platform.errors import Refusal
from card_platform.storage import Statement, Transaction
from card_platform.storage.schema import METADATA
from card_platform.vocabulary.faults import Fault
from card_platform.web.documentation import CLIENT_ID_MAX
from card_platform.web.request_body import RequestIsMalformed

_SHAPE = re.compile(rf"[\x21-\x7e]{{1,{CLIENT_ID_MAX}}}")

IDEMPOTENCY_KEYS = Table(
    "idempotency_keys",
    METADATA,
    Column("caller", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("request_hash", LargeBinary, nullable=False),
    Column("answer", LargeBinary),
    Column("at", String, nullable=False),
)

_ROW = (
    "INSERT INTO idempotency_keys (caller, key, request_hash, answer, at)"
    " VALUES (:caller, :key, :request_hash, :answer, :at)"
)
_KEEP, _KEEP_NEW = Statement(f"{_ROW} ON CONFLICT DO NOTHING"), Statement(_ROW)
_FIND = Statement(
    "SELECT request_hash, answer FROM idempotency_keys WHERE caller = :caller AND key = :key"
)


class ClientIdIsReused(Refusal):
    """The key was used for another request."""

    code = "client-id-reused"
    status = 409
    title = "Idempotency-Key reused"
    zh = "该 Idempotency-Key 已用于内容不同的请求；新的请求须用新的键。"
    en = "This Idempotency-Key was used for another request; a new request needs a new key."


class ClientId(msgspec.Struct, frozen=True, array_like=True):
    """One request as its caller names it."""

    caller: str
    key: str
    request_hash: bytes


def plain_digest(content: bytes) -> bytes:
    """What stands for a request that holds no secret."""
    return hashlib.sha256(content).digest()


def read_client_id(
    caller: str,
    key: str | None,
    route: str,
    body: bytes,
    digest: Callable[[bytes], bytes] = plain_digest,
) -> ClientId:
    """The client id of a request; `digest` is a keyed one where the body holds a secret.

    Raises:
        RequestIsMalformed: the header is missing or not 1 to 64 visible ASCII characters.
    """
    if key is None or not _SHAPE.fullmatch(key):
        found = "nothing" if key is None else repr(key[:80])
        expected = "1 to 64 visible ASCII characters"
        raise RequestIsMalformed([Fault("header Idempotency-Key", found, expected)])
    return ClientId(caller, key, digest(route.encode() + b"\n" + body))


class AnswerIsKept(Exception):
    """The key has an answer already: what was done now must be undone."""


def keep_answer(transaction: Transaction, client: ClientId, at: str, answer: bytes) -> bytes:
    """Keep the answer of the work that this transaction did, and give it.

    Raises:
        AnswerIsKept: the key was answered before.
    """
    if not transaction.run(_KEEP, _row(client, at, answer)):
        raise AnswerIsKept
    return answer


def keep_answers(
    transaction: Transaction, at: str, answers: Sequence[tuple[ClientId, bytes]]
) -> None:
    """Keep the answers of works that this transaction did together.

    A key that was answered before, or came twice, fails the transaction.
    """
    transaction.add_many(_KEEP_NEW, [_row(client, at, answer) for client, answer in answers])


def _row(client: ClientId, at: str, answer: bytes) -> dict[str, object]:
    return {
        "caller": client.caller,
        "key": client.key,
        "request_hash": client.request_hash,
        "answer": answer,
        "at": at,
    }


def do_once(
    transaction: Transaction,
    client: ClientId,
    at: str,
    work: Callable[[Transaction], msgspec.Struct],
) -> bytes:
    """The encoded answer of the work, done once for its client id, as a part of a transaction.

    What the desk does for a whole request. A refusal undoes the part and goes on.

    Raises:
        ClientIdIsReused: the key stands for another request.
    """
    try:
        with transaction.part():
            return keep_answer(transaction, client, at, msgspec.json.encode(work(transaction)))
    except (Refusal, AnswerIsKept):
        kept = find_kept(transaction, client)
        if kept is None:
            raise
        return kept


def find_kept(transaction: Transaction, client: ClientId) -> bytes | None:
    """The answer kept for the key; None where it was never answered.

    Raises:
        ClientIdIsReused: the key stands for another request.
    """
    rows = transaction.rows(_FIND, {"caller": client.caller, "key": client.key})
    if not rows:
        return None
    kept_hash, kept_answer = rows[0]
    if bytes(kept_hash) != client.request_hash:
        raise ClientIdIsReused
    return bytes(kept_answer)
