"""What terminals and the card platform say to each other, as JSON (docs/interfaces.md, section 4).

Rules: names and types are those of the contract; money is whole fen, bytes are upper-case
hexadecimal, sequences are whole numbers, dates and times are China standard time as the card wrote
them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

_Hex8 = Annotated[str, msgspec.Meta(pattern="^[0-9A-Fa-f]{8}$")]
_Hex16 = Annotated[str, msgspec.Meta(pattern="^[0-9A-Fa-f]{16}$")]


class Challenges(msgspec.Struct, frozen=True):
    """Process factor and original data, 8 bytes each."""

    process: str
    original: str


class CardAuthenticationRequest(msgspec.Struct, frozen=True):
    """The challenges of the two-step reading flow."""

    historical_bytes: str
    region: str
    internal: Challenges
    external: Challenges


class LoadRequest(msgspec.Struct, frozen=True):
    """What the card answered to INITIALIZE FOR LOAD."""

    application_serial: str
    issuer: str
    amount_fen: int
    balance_before_fen: int
    online_sequence: int
    key_version: int
    algorithm: int
    random: str
    mac1: str


class LoadConfirmationRequest(msgspec.Struct, frozen=True):
    """What the card answered to CREDIT FOR LOAD."""

    tac: str
    balance_after_fen: int


class IdentityCheckRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    """Is this card number with this name valid for the purpose?

    `historical_bytes` says which chip was authenticated; a holder known by a code has shown none.
    """

    purpose: str
    card_number: str
    name: str
    historical_bytes: str | None = None


class CodeCheckRequest(msgspec.Struct, frozen=True):
    """Is this code valid for the purpose, and whose is it?"""

    purpose: str
    code: str


class CodeSettlementRequest(msgspec.Struct, frozen=True):
    """A bill to be paid by code; in fen."""

    code: str
    bill: str
    amount_fen: int


class CodeSettlement(msgspec.Struct, frozen=True):
    """What the accounts paid of a bill, by account; the rest is left for cash."""

    settlement_id: str
    paid_fen: dict[str, int]
    unpaid_fen: int
    posting_id: str | None = None


class CheckedHolder(msgspec.Struct, frozen=True):
    """Whose code it is."""

    card_number: str
    name: str
    document_number: str
    region: str
    valid_until: str


class LicenceCheckRequest(msgspec.Struct, frozen=True):
    """Does a licence of this kind answer for the holder who just showed who they are?"""

    card_number: str
    kind: str
    purpose: str
    institution: str
    shown_by: str


class LicenceConcession(msgspec.Struct, frozen=True):
    """What the holder of a licence pays less, at `entry` or `counter`."""

    place: str
    reduction_percent: int


class LicenceCheck(msgspec.Struct, frozen=True):
    """Whether a licence answers; the concessions it gives."""

    held: bool
    reason: str | None = None
    concessions: tuple[LicenceConcession, ...] = ()


class CertificateWritingRequest(msgspec.Struct, frozen=True):
    """The chip in the reader and the challenge of its certificates application; hexadecimal."""

    historical_bytes: str
    challenge: str


class CertificateWriting(msgspec.Struct, frozen=True):
    """The command for the card; `what` says whether it loads the certificate or ends it."""

    writing_id: str
    what: Literal["load", "end"]
    command: Annotated[str, msgspec.Meta(pattern="^([0-9A-F]{2})+$")]


class FunctionWritingRequest(msgspec.Struct, frozen=True):
    """A holder's number of a scheme, the chip in the reader and the challenge of its certificates
    application; hexadecimal.
    """

    number: str
    historical_bytes: str
    challenge: str


class FunctionWriting(msgspec.Struct, frozen=True):
    """The command for the card; `what` says whether it loads the function or ends it."""

    writing_id: str
    what: Literal["load", "end"]
    command: Annotated[str, msgspec.Meta(pattern="^([0-9A-F]{2})+$")]


class FunctionReport(msgspec.Struct, frozen=True):
    """The status word the card answered, four hexadecimal digits."""

    status: str


class FunctionStands(msgspec.Struct, frozen=True):
    """Where the platform has the function now: `on_chip`, `ended`, ..."""

    scheme_id: str
    number_on_card: str
    state: str


class FunctionCheckRequest(msgspec.Struct, frozen=True):
    """Does the function of a scheme work from this card?"""

    card_number: str


class FunctionCheck(msgspec.Struct, frozen=True):
    """Whether it does, and why not."""

    result: Literal["valid", "refused"]
    reason: str | None = None


class ShownDocument(msgspec.Struct, frozen=True):
    """An identity document the holder shows; `valid_until` is YYYY-MM-DD."""

    kind: str
    number: str
    valid_until: str


class PinResetRequest(msgspec.Struct, frozen=True):
    """The chip in the reader, a challenge of its social security application, the new PIN."""

    document: ShownDocument
    historical_bytes: str
    challenge: str
    new_pin: str


class PinReset(msgspec.Struct, frozen=True):
    """The command for the card."""

    card_id: str
    command: Annotated[str, msgspec.Meta(pattern="^([0-9A-F]{2})+$")]


class PinReport(msgspec.Struct, frozen=True):
    """What became of the PIN on the chip."""

    action: Literal["change", "lock", "reset"]
    document: ShownDocument | None = None


class PinStands(msgspec.Struct, frozen=True):
    """What the platform knows of the PIN now."""

    pin: str


class EnrolmentRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A machine that wants to be a terminal; `public_key` is X || Y in hexadecimal."""

    kind: str
    operator: str
    site: str
    public_key: str
    station: str | None = None
    bus_line: str | None = None


class EnrolledTerminal(msgspec.Struct, frozen=True):
    """A terminal's number, its token, and the image of its PSAM as JSON."""

    terminal_number: Annotated[str, msgspec.Meta(pattern="^[0-9A-Fa-f]{12}$")]
    token: str
    psam_image: dict[str, Any]


class PlatformClock(msgspec.Struct, frozen=True):
    """The time as the platform lives it: `ahead_s` seconds ahead of the clock of its machine."""

    now: str
    kind: Literal["real", "virtual"]
    ahead_s: float


class CardAuthentication(msgspec.Struct, frozen=True):
    """What the platform computed for the two-step reading flow; hexadecimal."""

    internal_auth: _Hex16
    external_auth: _Hex16
    external_original: _Hex16


class LoadAuthorisation(msgspec.Struct, frozen=True):
    """The issuer's answer to a load."""

    load_id: str
    date: Annotated[str, msgspec.Meta(pattern="^[0-9]{8}$")]
    time: Annotated[str, msgspec.Meta(pattern="^[0-9]{6}$")]
    mac2: _Hex8


class LoadConfirmation(msgspec.Struct, frozen=True):
    """A load that is booked."""

    load_id: str
    posting_id: str


class MedicalLoadRequest(msgspec.Struct, frozen=True):
    """What the card answered to INITIALIZE FOR LOAD of its medical purse."""

    historical_bytes: str
    account: int
    amount_fen: int
    balance_before_fen: int
    online_sequence: int
    key_version: int
    algorithm: int
    random: str
    mac1: str


class IdentityCheck(msgspec.Struct, frozen=True):
    """Whether a card or a code is valid for a purpose, or why not in both languages.

    For a code also whose it is.
    """

    check_id: str
    result: Literal["valid", "refused"]
    reason: str | None = None
    card_state: str | None = None
    holder: CheckedHolder | None = None
    detail_zh: str = ""
    detail_en: str = ""
