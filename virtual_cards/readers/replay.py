"""A recorded dialogue played again: against a card, or against a terminal; and what differs.

- `replay` sends the recorded commands to a card and compares its answers.
- `ReplayReader` is a reader that answers a terminal as the recorded card did.
- `compare` holds two transcripts side by side.

Random numbers and what is computed from them differ from one dialogue to the next, as they should:
make the card with the same `random_bytes` to have the same answers, or read the differences, which
name the exchange, both sides, and the decoded fields that are not equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

from virtual_cards.readers.reader import CardIsAbsent, Reader
from virtual_cards.readers.transcript import Exchange, Transcript, TranscriptReader
from virtual_cards.transcripts import TranscriptDecoder


@dataclass(frozen=True, slots=True)
class Difference:
    """One exchange in which two dialogues differ; bytes in hexadecimal, empty where none was.

    `fields` are (English name, recorded value, present value) of decoded fields, personal data
    masked.
    """

    place: int
    what: str
    recorded: str
    present: str
    fields: tuple[tuple[str, str, str], ...] = ()

    def __str__(self) -> str:
        told = "".join(f"\n  {name}: {was} -> {now}" for name, was, now in self.fields)
        return f"exchange {self.place}, {self.what}: {self.recorded} -> {self.present}{told}"


class TerminalDiffers(Exception):
    """The terminal sent another command than the recorded one."""

    def __init__(self, difference: Difference) -> None:
        super().__init__(str(difference))
        self.difference = difference


def replay(transcript: Transcript, reader: Reader) -> tuple[Difference, ...]:
    """Send the recorded commands to the card in a reader; how its answers differ.

    Raises `CardIsAbsent` when no card is there at the first exchange.
    """
    present = TranscriptReader(reader)
    for exchange in transcript.exchanges:
        if exchange.command:
            present.transmit(exchange.command)
        else:
            present.connect()
    return compare(transcript, present.transcript)


def compare(recorded: Transcript, present: Transcript) -> tuple[Difference, ...]:
    """The exchanges in which two transcripts differ, in order."""
    decoders = TranscriptDecoder(), TranscriptDecoder()
    found = []
    pairs = zip_longest(recorded.exchanges, present.exchanges)
    for place, (was, now) in enumerate(pairs, start=1):
        fields = _differing_fields(decoders, was, now)
        for what in ("command", "response"):
            before = getattr(was, what) if was else b""
            after = getattr(now, what) if now else b""
            if before != after or was is None or now is None:
                hexadecimal = before.hex().upper(), after.hex().upper()
                found.append(Difference(place, what, *hexadecimal, fields))
    return tuple(found)


class ReplayReader:
    """A reader whose card is a transcript: it answers the recorded commands in their order."""

    def __init__(self, transcript: Transcript, name: str = "replay reader") -> None:
        self.name = name
        self._exchanges = transcript.exchanges
        self._place = 0

    @property
    def is_finished(self) -> bool:
        """Whether everything recorded was played."""
        return self._place == len(self._exchanges)

    def connect(self) -> bytes:
        """The recorded ATR. Raises `TerminalDiffers`, `CardIsAbsent` after the last exchange."""
        return self._next(b"")

    def transmit(self, command: bytes) -> bytes:
        """The recorded response.

        Raises `TerminalDiffers` for another command, `CardIsAbsent` where the card left.
        """
        response = self._next(command)
        if not response:
            raise CardIsAbsent(self.name)
        return response

    def disconnect(self) -> None:
        """Nothing: a recorded card feels no power."""

    def _next(self, command: bytes) -> bytes:
        if self.is_finished:
            raise CardIsAbsent(self.name)
        exchange = self._exchanges[self._place]
        if exchange.command != command:
            difference = Difference(
                self._place + 1, "command", exchange.command.hex().upper(), command.hex().upper()
            )
            raise TerminalDiffers(difference)
        self._place += 1
        return exchange.response


def _differing_fields(
    decoders: tuple[TranscriptDecoder, TranscriptDecoder],
    was: Exchange | None,
    now: Exchange | None,
) -> tuple[tuple[str, str, str], ...]:
    sides = []
    for decoder, exchange in zip(decoders, (was, now), strict=True):
        told = decoder.decode(exchange) if exchange else None
        fields = {field.name_en: field.value for field in told.fields} if told else {}
        sides.append(fields | ({"status": told.status_en} if told else {}))
    names = dict.fromkeys([*sides[0], *sides[1]])
    return tuple(
        (name, sides[0].get(name, ""), sides[1].get(name, ""))
        for name in names
        if sides[0].get(name) != sides[1].get(name)
    )
