"""Request and answer shapes of electronic cards and codes, as in docs/interfaces.md, section 4."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from card_platform.issuance.application import IdentityDocument
from card_platform.issuance.ecards.code_text import CODE_TEXT_MAX, CodeKind
from card_platform.issuance.ecards.codes import PreparedCode
from card_platform.issuance.ecards.model import CodeRequest, Signing
from card_platform.regions.electronic_card_policy import CodePurpose, SigningLevel
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.faults import Fault
from card_platform.web.request_body import RequestBody, RequestIsMalformed

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
PublicKeyText = Annotated[str, exactly(r"[0-9A-Fa-f]{128}")]
SignatureText = Annotated[str, exactly(r"[0-9A-Fa-f]{128}")]
ScannedText = Annotated[str, msgspec.Meta(min_length=1, max_length=2 * CODE_TEXT_MAX)]
"""Whatever a scanner read, up to twice the length of a code: what is none gets that answer."""
MomentText = Annotated[
    str,
    exactly(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
        r"(Z|[+-][0-9]{2}:[0-9]{2})"
    ),
]


class SigningBody(RequestBody, frozen=True):
    """A phone to be signed; `proof` is its signature over what docs/interfaces.md says."""

    document: IdentityDocument
    level: SigningLevel
    public_key: PublicKeyText
    proof: SignatureText
    device: Short


class SigningEnd(RequestBody, frozen=True):
    """The holder wants the electronic card off the phone."""

    document: IdentityDocument


class SigningAnswer(msgspec.Struct, frozen=True):
    """A signing."""

    signing_id: str
    card_id: str
    level: str
    state: str
    state_since: str
    device: str


class CodeBody(RequestBody, frozen=True):
    """A phone asks for a code, and signs what it asks."""

    signing_id: Short
    kind: CodeKind
    purpose: CodePurpose
    at: MomentText
    nonce: Annotated[str, exactly(r"[0-9a-f]{32}")]
    signature: SignatureText

    def read(self) -> CodeRequest:
        """The same for the service. Raises `RequestIsMalformed`."""
        moment_in("at", self.at)
        return CodeRequest(self.signing_id, self.kind, self.purpose, self.at, self.nonce)


class CodeAnswer(msgspec.Struct, frozen=True):
    """A code to be shown, and until when."""

    code: str
    kind: str
    purpose: str
    issued_at: str
    expires_at: str
    life_s: int


class CodeKeyAnswer(msgspec.Struct, frozen=True):
    """A public key, SM2, X || Y in hex, with the region and the number a code names it by."""

    region: str
    number: int
    public_key: str


class CodeRuleAnswer(msgspec.Struct, frozen=True):
    """What a terminal must know of a purpose."""

    purpose: str
    life_s: int
    single_use: bool
    offline: bool


class CodeKeysAnswer(msgspec.Struct, frozen=True):
    """All a terminal needs to check codes without a line."""

    keys: list[CodeKeyAnswer]
    rules: list[CodeRuleAnswer]
    clock_tolerance_s: int


class CodeUseBody(RequestBody, frozen=True):
    """A code a terminal took without a line, and when."""

    code: ScannedText
    purpose: CodePurpose
    at: MomentText

    def used_at(self) -> datetime:
        """The moment. Raises `RequestIsMalformed`."""
        return moment_in("at", self.at)


class CodeUseAnswer(msgspec.Struct, frozen=True):
    """What the platform found: `right`, or a reason."""

    use_id: str
    finding: str


class CodeUseRow(msgspec.Struct, frozen=True):
    """One use of a code of the card."""

    purpose: str
    finding: str
    offline: bool
    used_at: str
    by: str


class ElectronicCardAnswer(msgspec.Struct, frozen=True):
    """A card's signings and the uses of its codes: the newest of each, the latest first; `more`
    says where it goes on.
    """

    signings: list[SigningAnswer]
    uses: list[CodeUseRow]
    more: dict[str, str | None]


class SigningsAnswer(msgspec.Struct, frozen=True):
    """Signings, the latest first."""

    signings: list[SigningAnswer]
    next: str | None


class CodeUsesAnswer(msgspec.Struct, frozen=True):
    """Uses of codes, the latest first."""

    uses: list[CodeUseRow]
    next: str | None


def signing_answer(signing: Signing) -> SigningAnswer:
    """A signing as it is told; its key stays here."""
    return SigningAnswer(
        signing.signing_id,
        signing.card_id,
        signing.level.value,
        signing.state.value,
        signing.state_since,
        signing.device,
    )


def code_answer(prepared: PreparedCode) -> CodeAnswer:
    """A code as its phone is told."""
    code = prepared.code
    return CodeAnswer(
        prepared.text,
        code.kind.value,
        code.purpose.value,
        code.issued_at,
        code.expires_at,
        prepared.life_s,
    )


def moment_in(name: str, text: str) -> datetime:
    """The moment of a field. Raises `RequestIsMalformed`."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise RequestIsMalformed([Fault(name, text, "a moment, RFC 3339")]) from None
