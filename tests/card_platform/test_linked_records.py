"""Records of departments about cardholders: the newest stands, a refusal stops lawful queries."""

from __future__ import annotations

from card_platform.installation import Installation
from card_platform.oversight.consent import linked_records
from card_platform.oversight.consent.model import Item
from card_platform.oversight.consent.store import add_read
from card_platform.storage import Page, Transaction

DOCUMENT = "500101199001011234"


def keep(tx: Transaction, text: str | None, withheld: str | None = None) -> None:
    linked_records.save(
        tx,
        kind="health",
        document_number=DOCUMENT,
        institution="卫生健康委",
        text=text,
        withheld=withheld,
        at="2026-01-01T00:00:00.000+08:00",
        by="health",
    )


def test_the_newest_record_stands_and_a_refusal_holds_until_the_next(
    installation: Installation,
) -> None:
    write = installation.database.write_now
    asked = (Item.NAME, Item.HEALTH)
    write(lambda tx: keep(tx, "一"))
    write(lambda tx: keep(tx, "二"))
    assert write(lambda tx: linked_records.texts_of(tx, DOCUMENT)) == {"health": "二"}
    assert write(lambda tx: linked_records.withheld_by(tx, DOCUMENT, asked)) is None
    write(lambda tx: keep(tx, None, "拒绝"))
    assert write(lambda tx: linked_records.withheld_by(tx, DOCUMENT, asked)) == "卫生健康委"
    assert write(lambda tx: linked_records.withheld_by(tx, DOCUMENT, (Item.NAME,))) is None
    assert write(lambda tx: linked_records.withheld_by(tx, "another", asked)) is None
    write(lambda tx: keep(tx, "三"))
    assert write(lambda tx: linked_records.withheld_by(tx, DOCUMENT, asked)) is None


def test_only_queries_that_a_department_stopped_are_listed(installation: Installation) -> None:
    def read(refusal: str | None, at: str) -> None:
        installation.database.write_now(
            lambda tx: add_read(
                tx,
                card_id=None,
                institution="民政厅",
                purpose="救助",
                items="health",
                basis="legal-duty",
                reference="卫生健康委",
                refusal=refusal,
                at=at,
                by="civil",
            )
        )

    for refusal, at in (
        (None, "2026-01-01"),
        ("linked-data-withheld", "2026-01-02"),
        ("consent-missing", "2026-01-03"),
        ("linked-data-withheld", "2026-01-04"),
    ):
        read(refusal, at)
    found = installation.database.read_now(
        lambda tx: linked_records.stopped_queries(tx, Page()).rows
    )
    assert [(one["at"], one["withheld_by"]) for one in found] == [
        ("2026-01-04", "卫生健康委"),
        ("2026-01-02", "卫生健康委"),
    ]
