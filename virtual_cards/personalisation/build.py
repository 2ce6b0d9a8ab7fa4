"""From an image or a snapshot to a card that answers.

Rules: a snapshot is the image the card was made from and the present values of its memory; loading
it gives the same card after a reset, since volatile state is not part of it. Which of the two a
document is, its `format` says.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from virtual_cards.applets.psam import (
    PSAM_MASTER_FILE,
    SERIAL,
    TERMINAL_NUMBER,
    TERMINAL_SEQUENCE,
    PurchaseModule,
    SocialSecurityModule,
)
from virtual_cards.card_os.answer_to_reset import Protocol
from virtual_cards.card_os.applet import Applet
from virtual_cards.card_os.card import Card, make_card
from virtual_cards.card_os.challenges import RandomBytes
from virtual_cards.card_os.interface import Interface
from virtual_cards.card_os.life_cycle import CARD, life_cycle_slot
from virtual_cards.card_os.master_file import MasterFile
from virtual_cards.card_os.pin import Pin
from virtual_cards.card_os.transmission import LeRule
from virtual_cards.files.contents import bytes_slot
from virtual_cards.files.memory import PersistentMemory, Value
from virtual_cards.personalisation.bank_image import bank_applets, bank_memory
from virtual_cards.personalisation.card_image import (
    CardImage,
    read_card_image,
)
from virtual_cards.personalisation.certificates_image import (
    certificates_applets,
    certificates_memory,
)
from virtual_cards.personalisation.faults import Fault, ImageIsFaulty, ImageReader, describe
from virtual_cards.personalisation.psam_image import PsamImage, read_psam_image
from virtual_cards.personalisation.social_security_build import (
    social_security_environments,
    social_security_memory,
)
from virtual_cards.personalisation.transit_image import transit_applets, transit_memory

SNAPSHOT_FORMAT: Final = "onecard.card-snapshot"
_PSAM_HISTORICAL_BYTES: Final = b"OneCard-PSAM1"

Document = Mapping[str, object] | str | bytes
"""JSON as text, or already decoded."""


@dataclass(frozen=True, slots=True)
class PersonalisedCard:
    """A card and the image it was made from."""

    card: Card
    image: Mapping[str, object]

    def snapshot(self) -> dict[str, object]:
        """The card as JSON: image and present memory (balance, sequences, tries, records)."""
        memory = {name: _to_json(value) for name, value in self.card.memory.values().items()}
        return {"format": SNAPSHOT_FORMAT, "version": 1, "image": self.image, "memory": memory}


def load_card(
    document: Document,
    *,
    le_rule: LeRule = LeRule.LENIENT,
    random_bytes: RandomBytes = secrets.token_bytes,
    protocol: Protocol = Protocol.T0,
) -> PersonalisedCard:
    """A card from a personalisation image or a snapshot; `protocol` is that of its contact face.

    Raises `ImageIsFaulty`.
    """
    image, stored = _image_and_memory(document)
    checked = read_card_image(image)
    memory = PersistentMemory(_restored(_new_memory(checked), stored))
    interface = Interface()
    environments: list[list[Applet]] = []
    if checked.social_security is not None:
        environments += social_security_environments(checked.social_security, memory, random_bytes)
    environments += [
        applets
        for applets in (
            transit_applets(checked.transit, memory=memory, random=random_bytes),
            bank_applets(
                checked.bank,
                has_purse=checked.transit is not None,
                memory=memory,
                random=random_bytes,
                interface=interface,
            ),
            certificates_applets(checked.certificates, memory=memory, random=random_bytes),
        )
        if applets
    ]
    card = make_card(
        checked.historical_bytes,
        MasterFile(memory),
        environments,
        memory,
        le_rule=le_rule,
        protocol=protocol,
        interface=interface,
    )
    return PersonalisedCard(card, image)


def load_psam(document: Document, *, le_rule: LeRule = LeRule.LENIENT) -> PersonalisedCard:
    """A PSAM from its image or a snapshot of it. Raises `ImageIsFaulty`."""
    image, stored = _image_and_memory(document)
    checked = read_psam_image(image)
    memory = PersistentMemory(_restored(_new_psam_memory(checked), stored))
    terminal = checked.terminal_number
    modules: list[list[Applet]] = [[PurchaseModule(checked.purchase_master_key, terminal, memory)]]
    if checked.social_security is not None:
        modules.append([SocialSecurityModule(checked.social_security, terminal, memory)])
    master_file = MasterFile(memory, PSAM_MASTER_FILE)
    card = make_card(
        _PSAM_HISTORICAL_BYTES, master_file, modules, memory, le_rule=le_rule, has_antenna=False
    )
    return PersonalisedCard(card, image)


def _new_memory(image: CardImage) -> dict[str, Value]:
    values: dict[str, Value] = {**Pin.initial_values(image.pin), life_cycle_slot(CARD).name: 0}
    if image.social_security is not None:
        values |= social_security_memory(image.social_security)
    values |= transit_memory(image.transit)
    return values | bank_memory(image.bank) | certificates_memory(image.certificates)


def _new_psam_memory(image: PsamImage) -> dict[str, Value]:
    return {
        bytes_slot(PSAM_MASTER_FILE, SERIAL).name: image.serial,
        bytes_slot(PSAM_MASTER_FILE, TERMINAL_NUMBER).name: image.terminal_number,
        TERMINAL_SEQUENCE.name: 0,
        life_cycle_slot(CARD).name: 0,
    }


def _image_and_memory(document: Document) -> tuple[Mapping[str, object], Mapping[str, object]]:
    decoded: object = document
    if isinstance(document, str | bytes):
        try:
            decoded = json.loads(document)
        except ValueError as error:
            raise ImageIsFaulty("image", (Fault("$", str(error), "JSON"),)) from error
        except RecursionError as error:
            fault = Fault("$", "objects too deep in one another", "an image")
            raise ImageIsFaulty("image", (fault,)) from error
    reader = ImageReader(decoded)
    reader.raise_faults("image")
    if reader.members.get("format") != SNAPSHOT_FORMAT:
        return reader.members, {}
    reader.only("format", "version", "image", "memory")
    reader.constant("version", 1)
    image, memory = reader.section("image"), reader.section("memory")
    reader.raise_faults("snapshot")
    return image.members, memory.members


def _restored(new: dict[str, Value], stored: Mapping[str, object]) -> dict[str, Value]:
    """The memory of a new card with the stored values in it; each must have the type of the new
    one.
    """
    faults = []
    for name, raw in stored.items():
        value = _from_json(raw)
        if name not in new or type(value) is not type(new[name]):
            faults.append(Fault(f"$.memory.{name}", describe(raw), "a value this card has"))
        elif value is not None:
            new[name] = value
    if faults:
        raise ImageIsFaulty("snapshot", tuple(faults))
    return new


def _to_json(value: Value) -> object:
    if isinstance(value, tuple):
        return [record.hex().upper() for record in value]
    return value.hex().upper() if isinstance(value, bytes) else value


def _from_json(raw: object) -> Value | None:
    try:
        if isinstance(raw, list):
            return tuple(bytes.fromhex(str(record)) for record in raw)
        if isinstance(raw, str):
            return bytes.fromhex(raw)
    except ValueError:
        return None
    return raw if isinstance(raw, int) and not isinstance(raw, bool) else None
