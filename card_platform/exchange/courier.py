"""The courier: brings what was sent, in its order, again and again until it is answered.

Rules: one batch at a time to each participant; what is not answered is brought again, sooner at
first and later at most every `WAIT_S_MAX` seconds. Nothing is dropped: a message the other side
cannot take holds up those behind it, and the operator sees that (`/v1/exchange/links`).
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial

import httpx
import msgspec

from card_platform.clockwork.rounds import Pause, Rounds
from card_platform.errors import Refusal
from card_platform.exchange import store
from card_platform.exchange.model import BATCH_MAX, Envelope, Participant, Sent
from card_platform.exchange.refusals import OtherSideIsAway, ParticipantIsUnknown
from card_platform.exchange.road import Road
from card_platform.storage import Database, Transaction

MESSAGES_PATH = "/v1/exchange/messages"
QUERIES_PATH = "/v1/exchange/queries"
LOOK_EVERY_S = 0.25
"""How long what was just sent may lie before the courier sees it."""
WAIT_S_MAX = 5.0
"""Longest pause before the other side is tried again."""
LETTERS_MAX_BYTES = 48 * 1024
"""Most of one batch, in what its messages come to sealed: below the largest request body, and so
few that all their answers fit in one envelope."""
_SEALED_MORE_BYTES = 800
_ANSWER_WITHIN_S = 10.0
_LOG = logging.getLogger(__name__)


class Courier:
    """The courier of one platform; `keep_going` runs beside its server.

    Args:
        database: where what was sent lies.
        road: signs and reads.
    """

    def __init__(self, database: Database, road: Road) -> None:
        self._database = database
        self._road = road
        self._client: httpx.AsyncClient | None = None

    async def keep_going(self) -> None:
        """Bring what waits until cancelled: a round to each participant, all at once."""
        rounds = Rounds()
        try:
            while True:
                known = await self._database.read(store.participants)
                for each in known:
                    if each.url is not None:
                        rounds.begin(each.participant_id, partial(self._round, each))
                await asyncio.sleep(LOOK_EVERY_S)
        finally:
            rounds.end()
            if self._client is not None:
                await self._client.aclose()

    async def ask(
        self,
        participant_id: str,
        subject: str,
        purpose: str,
        body: msgspec.Struct,
        wanted: type[msgspec.Struct],
    ) -> msgspec.Struct:
        """Ask somebody now.

        Raises:
            ParticipantIsUnknown, OtherSideIsAway, OtherSideRefuses, AnswerSignatureIsWrong,
                AnswerIsUnreadable, AnswerIsToAnother.
        """
        find = partial(store.find_participant, participant_id=participant_id)
        participant = await self._database.read(find)
        if participant is None or participant.url is None:
            raise ParticipantIsUnknown(participant=participant_id)
        envelope = self._road.seal.query(participant_id, subject, purpose, body)
        reply = await self._post(participant, QUERIES_PATH, envelope)
        answer: msgspec.Struct = self._road.seal.open_answer(participant, envelope, reply, wanted)
        return answer

    async def _round(self, to: Participant) -> None:
        pause = Pause(LOOK_EVERY_S, WAIT_S_MAX)
        while True:
            waiting = await self._database.read(
                partial(store.waiting_for, recipient=to.participant_id, most=BATCH_MAX)
            )
            if not waiting:
                return
            try:
                await self._bring(to, together(waiting))
                pause.reset()
            except OtherSideIsAway:
                await pause.wait()
                return_to = await self._database.read(
                    partial(store.find_participant, participant_id=to.participant_id)
                )
                to = return_to or to  # it may have moved
            except Exception:  # noqa: BLE001 - logged, and tried again in the next round
                _LOG.exception("messages to %s; tried again", to.participant_id)
                await asyncio.sleep(WAIT_S_MAX)
                return

    async def _bring(self, to: Participant, waiting: list[Sent]) -> None:
        letters = Letters([self._road.seal.message(each) for each in waiting])
        reply = await self._post(to, MESSAGES_PATH, letters)
        answers = self._road.seal.open_answers(to, letters.messages, reply)

        def learn(tx: Transaction) -> None:
            self._road.learn(tx, waiting, answers)

        await self._database.write(learn)

    async def _post(self, to: Participant, path: str, body: msgspec.Struct) -> Envelope:
        """The signed reply of the other side; what is no such reply is as good as none."""
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=_ANSWER_WITHIN_S, trust_env=False)
        try:
            answer = await self._client.post(
                f"{to.url}{path}",
                content=msgspec.json.encode(body),
                headers={"content-type": "application/json"},
            )
            if not answer.is_success:
                _LOG.warning("%s answers %s: %s", to.participant_id, answer, answer.text[:300])
            answer.raise_for_status()
            return msgspec.json.decode(answer.content, type=Envelope)
        except (httpx.HTTPError, msgspec.MsgspecError, Refusal) as fault:
            raise OtherSideIsAway(participant=to.participant_id) from fault


def together(waiting: list[Sent]) -> list[Sent]:
    """The first of what waits, as many as go in one batch; at least one."""
    fitting, size = 0, 0
    for each in waiting:
        size += len(msgspec.json.encode(each.body)) + _SEALED_MORE_BYTES
        if fitting and size > LETTERS_MAX_BYTES:
            break
        fitting += 1
    return waiting[:fitting]


class Letters(msgspec.Struct, frozen=True):
    """A batch on its way."""

    messages: list[Envelope]
