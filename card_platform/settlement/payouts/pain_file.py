"""Payout files as ISO 20022 customer credit transfer initiation, pain.001.001.09.

Where a field stands: `GrpHdr/MsgId`, `NbOfTxs`, `CtrlSum`; one `PmtInf` with the programme in
`PmtTpInf/CtgyPurp/Prtry` and the period in `PmtInfId` behind the last colon; a payment a
`CdtTrfTxInf`: `PmtId/EndToEndId`, `Amt/InstdAmt`, `Cdtr/Nm`, the resident id in
`Cdtr/Id/PrvtId/Othr/Id`; another account in `CdtrAcct/Id/Othr/Id` at the bank
`CdtrAgt/FinInstnId/Othr/Id`, its reason in `RmtInf/Ustrd`.

Rules: the file is UTF-8 and has no document type: entities are no way into the platform. Lines are
numbered by their payments, since a stream of XML has no rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from card_platform.settlement.payouts.file_text import (
    MESSAGE_ID,
    FileLine,
    Header,
    Lines,
    fen_of,
    not_read,
)
from card_platform.settlement.payouts.line_faults import LineFault, fault
from card_platform.settlement.payouts.refusals import PayoutFileIsUnreadable

NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_N: Final = f"{{{NAMESPACE}}}"
_CHUNK: Final = 256 * 1024
_FORBIDDEN: Final = re.compile(rb"<!(DOCTYPE|ENTITY)")
_OTHER_CODING: Final = re.compile(
    rb"""<\?xml[^>]*encoding\s*=\s*["'](?!utf-8["'])""", re.IGNORECASE
)
_TEXT_MAX: Final = 9


def _path(path: str) -> str:
    return "/".join(_N + each for each in path.split("/"))


_PAYMENT, _GROUP, _INFO = _N + "CdtTrfTxInf", _N + "GrpHdr", _N + "PmtInf"
_LINE_ID = _path("PmtId/EndToEndId")
_AMOUNT, _NAME = _path("Amt/InstdAmt"), _path("Cdtr/Nm")
_DOCUMENT = _path("Cdtr/Id/PrvtId/Othr/Id")
_ACCOUNT, _BANK = _path("CdtrAcct/Id/Othr/Id"), _path("CdtrAgt/FinInstnId/Othr/Id")
_REASON = _path("RmtInf/Ustrd")
_EXPECTED: Final = "pain.001.001.09, UTF-8, without a document type"


class PainFile:
    """A pain.001.001.09 file.

    Raises:
        PayoutFileIsUnreadable: it is none, or its headers lack something.
    """

    format = "pain.001.001.09"

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._parser: Any = XMLPullParser(("start", "end"))
        self._tail = b""
        self._events = self._read()
        self._info: Element | None = None
        self.header = self._read_header()

    def lines(self) -> Iterator[FileLine]:
        """Its payments."""
        lines, number = Lines(), 0
        payments = self._payments()
        while True:
            number += 1
            try:
                payment = next(payments)
            except StopIteration:
                return
            except (ParseError, PayoutFileIsUnreadable) as wrong:
                yield not_read(number, "", LineFault.BROKEN, _told(wrong))
                return
            yield _line_of(lines, number, payment)
            payment.clear()

    def _read_header(self) -> Header:
        group: Element | None = None
        depth: list[str] = []
        try:
            for event, element in self._events:
                if event == "start":
                    depth.append(element.tag)
                    if len(depth) == 1 and element.tag != _N + "Document":
                        raise _unreadable(element.tag)
                    if element.tag == _INFO:
                        self._info = element
                    if element.tag == _PAYMENT:
                        break
                    continue
                depth.pop()
                if element.tag == _GROUP:
                    group = element
        except ParseError as wrong:
            raise _unreadable(str(wrong)) from None
        if group is None or self._info is None:
            raise _unreadable("no GrpHdr and PmtInf before the payments")
        told = [group.findtext(_N + name, "") for name in ("MsgId", "NbOfTxs", "CtrlSum")]
        message_id, lines, total = told
        programme = self._info.findtext(_path("PmtTpInf/CtgyPurp/Prtry"), "")
        period = self._info.findtext(_N + "PmtInfId", "").rpartition(":")[2]
        sum_fen = fen_of(total)
        if not (
            MESSAGE_ID.fullmatch(message_id)
            and lines.isascii()
            and lines.isdecimal()
            and len(lines) <= _TEXT_MAX
            and sum_fen is not None
        ):
            raise _unreadable(f"MsgId, NbOfTxs, CtrlSum: {', '.join(told)}")
        return Header(message_id, programme, period, int(lines), sum_fen)

    def _payments(self) -> Iterator[Element]:
        """Each payment when it is whole; what was read of it is let go of."""
        assert self._info is not None  # noqa: S101 - the header was read
        for event, element in self._events:
            if event == "start":
                if element.tag == _INFO:
                    raise _unreadable("a second PmtInf")
            elif element.tag == _PAYMENT:
                yield element
                self._info.remove(element)

    def _read(self) -> Iterator[tuple[str, Element]]:
        parser, first = self._parser, True
        while chunk := self._source.read(_CHUNK):
            seen = self._tail + chunk
            if first and (seen[:2] in (b"\xff\xfe", b"\xfe\xff") or _OTHER_CODING.search(seen)):
                raise _unreadable("another encoding than UTF-8")
            if _FORBIDDEN.search(seen):
                raise _unreadable("a document type")
            self._tail, first = seen[-16:], False
            parser.feed(chunk)
            yield from parser.read_events()
        parser.close()
        yield from parser.read_events()


def _line_of(lines: Lines, number: int, payment: Element) -> FileLine:
    """A payment as a line; its fields are where the standard has them."""
    text = payment.findtext
    amount = payment.find(_AMOUNT)
    yuan = "" if amount is None else amount.text or ""
    other = (text(_BANK, ""), text(_ACCOUNT, ""), text(_REASON, ""))
    named = other if other[1] else ()
    read = lines.make(
        number, text(_LINE_ID, ""), text(_DOCUMENT, ""), text(_NAME, ""), yuan, *named
    )
    if amount is not None and amount.get("Ccy") != "CNY":
        found = fault(number, "amount", LineFault.CURRENCY, amount.get("Ccy", "nothing"))
        return read._replace(faults=[*(read.faults or []), found])
    return read


def _told(wrong: Exception) -> str:
    return str(wrong.facts["found"]) if isinstance(wrong, PayoutFileIsUnreadable) else str(wrong)


def _unreadable(found: str) -> PayoutFileIsUnreadable:
    return PayoutFileIsUnreadable(line=1, found=found[:120], expected=_EXPECTED)
