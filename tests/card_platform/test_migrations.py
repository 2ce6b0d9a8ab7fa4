"""Migrations up and down, with data, on both databases, and that they match the code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

import card_platform.app  # declares every table
from card_platform.errors import PlatformCannotStart
from card_platform.installation import open_installation
from card_platform.settings import Settings
from card_platform.settlement.ledger.periods import read_period
from card_platform.storage.database import open_engine
from card_platform.storage.migration import current_revision, downgrade, upgrade
from card_platform.storage.schema import METADATA
from tests.card_platform.busy_card import fill_card
from tests.card_platform.card_maker import fill_production
from tests.card_platform.city import City, document
from tests.card_platform.clinic import credit, hospital, insure
from tests.card_platform.listings import bind_function, compile_item, publish_item
from tests.card_platform.payees import brought, csv_file, decide, line_of
from tests.card_platform.signing_in import System, name_agent, open_account, sign_in_by_card
from tests.card_platform.test_bank_orders import order, ready_account, wait
from tests.card_platform.test_closings import month_on
from tests.card_platform.test_reconciliation import compared, today

assert card_platform.app.EVENT_HANDLERS


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    settings.data.mkdir(exist_ok=True)
    opened = open_engine(settings.sqlalchemy_url)
    yield opened
    opened.dispose()


def test_the_migrations_build_the_tables_the_code_declares(engine: Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_down_and_up_again_keeps_the_data_of_the_tables_that_stay(
    city: City, engine: Engine
) -> None:
    card_id, _ = city.active_card()
    city.enrol()
    downgrade(engine, "0001")
    assert not inspect(engine).has_table("terminals")
    upgrade(engine)
    assert city.get(f"/v1/cards/{card_id}").json()["state"] == "active"
    with engine.connect() as connection:
        assert connection.execute(text("SELECT COUNT(*) FROM terminals")).scalar() == 0
        assert connection.execute(text("SELECT COUNT(*) FROM card_changes")).scalar() == 4


def test_one_version_down_and_up_again_keeps_terminals_taps_and_books(
    city: City, engine: Engine
) -> None:
    card_id, chip = city.active_card()
    chip.balance_fen = 1_000
    gate = city.enrol()
    bus = city.enrol("bus_validator", None, bus_line="B104")
    reduction = {"kind": "transfer", "fen": 100}
    for terminal, tap in (
        (gate, chip.tap(gate.number, "entry", "0201")),
        (bus, chip.tap(bus.number, "single", "B104", amount_fen=100, reduction=reduction)),
    ):
        assert city.post("/v1/transit/taps", tap, terminal.token).status_code == 201
    credit = {"account": 1, "amount_fen": 100}
    city.post(f"/v1/cards/{card_id}/medical-credits", credit, "clerk")
    downgrade(engine, "0003")
    assert current_revision(engine) == "0003"
    for gone in ("purchases", "medical_loads", "medical_payments", "journal_records"):
        assert not inspect(engine).has_table(gone)
    columns = {each["name"] for each in inspect(engine).get_columns("taps")}
    assert not columns & {"reduction_kind", "reduction_fen"}
    upgrade(engine)
    with engine.connect() as connection:
        kinds = connection.execute(text("SELECT kind FROM terminals ORDER BY terminal_number"))
        assert list(kinds.scalars()) == ["metro_gate", "bus_validator"]
        taps = connection.execute(text("SELECT kind, reduction_kind FROM taps ORDER BY kind"))
        assert [tuple(row) for row in taps] == [("entry", None), ("single", None)]
    assert city.balances()["operator:metro"] == 100
    assert city.balances()["medical-fund"] == -100
    assert city.get("/v1/ledger/check").json()["balanced"]
    answer = city.post("/v1/transit/taps", chip.tap(gate.number, "entry", "0201"), gate.token)
    assert answer.status_code == 201


def test_down_to_0005_and_up_again_keeps_every_card_in_a_state_both_versions_know(
    city: City, engine: Engine
) -> None:
    renewed, _ = city.active_card()
    body = {"reason": "unreadable", "document": document(), "site": "A"}
    new = city.post(f"/v1/cards/{renewed}/exchange", body, "clerk").json()["card_id"]
    missing, _ = city.active_card(2)
    city.post(f"/v1/cards/{missing}/loss-report", {"kind": "oral"}, "clerk")
    stopped = city.apply(3)["card_id"]
    city.produce(stopped)
    city.post(f"/v1/cards/{stopped}/freeze", {"ground": "stolen"}, "supervisor")
    downgrade(engine, "0005")
    assert not inspect(engine).has_table("loss_reports")
    upgrade(engine)
    states = [
        city.get(f"/v1/cards/{card_id}").json()["state"]
        for card_id in (renewed, new, missing, stopped)
    ]
    assert states == ["cancelled", "applied", "lost", "frozen"]
    functions = city.get(f"/v1/cards/{missing}/record").json()["functions"]
    assert functions == {"pin": "initial", "social_security": "suspended", "financial": "closed"}


def test_down_to_0039_and_up_again_keeps_cards_that_were_ordered_delivered_and_expired(
    city: City, engine: Engine
) -> None:
    fill_production(city)
    card_id, _ = city.active_card(70)
    city.post("/v1/clock", {"advance_s": 11 * 366 * 86_400}, "trainer")
    assert city.get(f"/v1/cards/{card_id}").json()["state"] == "expired"
    with engine.connect() as connection:
        before = connection.execute(text("SELECT COUNT(*) FROM cards")).scalar()
    downgrade(engine, "0039")
    for gone in ("deliveries", "production_orders", "online_applications"):
        assert not inspect(engine).has_table(gone)
    assert city.get(f"/v1/cards/{card_id}").json()["state"] == "active"
    upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT COUNT(*) FROM cards")).scalar() == before
    city.post("/v1/clock", {"advance_s": 1}, "trainer")
    assert city.get(f"/v1/cards/{card_id}").json()["state"] == "expired"


def test_down_to_0011_has_the_keys_by_which_the_exchange_knows_regions(
    city: City, engine: Engine
) -> None:
    identity = city.get("/v1/exchange/identity").json()
    for kind, name in (("region", "510000"), ("department", "some-department")):
        body = {"participant_id": name, "kind": kind, "name_zh": "某", "subjects": []}
        body["public_key"] = identity["public_key"]
        assert city.post("/v1/exchange/participants", body, "operator").status_code == 201
    downgrade(engine, "0011")
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT region, public_key FROM region_keys")).all()
    assert [tuple(row) for row in rows] == [("510000", identity["public_key"].lower())]
    upgrade(engine)
    assert not inspect(engine).has_table("region_keys")


def test_down_to_0015_and_up_again_keeps_the_agents_of_a_card(city: City, engine: Engine) -> None:
    card_id, chip = city.active_card()
    city.tokens["holder"] = sign_in_by_card(city, chip)["token"]
    for number in (2, 3):
        name_agent(city, card_id, number)
    told = city.get(f"/v1/cards/{card_id}/agents", "clerk").json()
    assert len(told["agents"]) == 2
    downgrade(engine, "0015")
    indexes = {each["name"] for each in inspect(engine).get_indexes("card_agents")}
    assert indexes == {"ix_card_agents_card_id"}
    assert city.get(f"/v1/cards/{card_id}/agents", "clerk").json() == told
    upgrade(engine)
    assert city.get(f"/v1/cards/{card_id}/agents", "clerk").json() == told


def test_down_to_0017_and_up_again_keeps_the_functions_of_a_card(
    city: City, engine: Engine
) -> None:
    card_id, _ = city.active_card()
    publish_item(city)
    bind_function(city, card_id)
    path = f"/v1/cards/{card_id}/scheme-functions"
    before = city.get(path, "clerk").json()
    assert len(before["functions"]) == 1
    downgrade(engine, "0017")
    indexes = {each["name"] for each in inspect(engine).get_indexes("scheme_holders")}
    assert "ix_scheme_holders_of_card" not in indexes
    upgrade(engine)
    assert city.get(path, "clerk").json() == before


def test_down_to_0018_and_up_again_keeps_the_books_and_dates_every_entry(
    city: City, engine: Engine
) -> None:
    _, chip = city.active_card()
    city.load(chip, city.enrol("counter", None), 500)
    city.post("/v1/ledger/accounts", {"name": "fund:test"}, "operator")
    told = {name: fen for name, fen in city.balances().items() if fen}
    downgrade(engine, "0018")
    assert {each["name"] for each in inspect(engine).get_indexes("entries")} == {
        "ix_entries_account"
    }
    assert not inspect(engine).has_table("ledger_closings")
    upgrade(engine)
    assert city.balances() == told
    check = city.get("/v1/ledger/check").json()
    assert (check["balanced"], check["entries"]) == (True, 2)


def test_down_to_0019_and_up_again_keeps_the_financial_function(city: City, engine: Engine) -> None:
    card_id, _ = city.active_card()
    at = f"/v1/cards/{card_id}/financial-function"
    body = {"action": "open", "document": document(), "bank": "jialing-bank"}
    assert city.post(at, body, "clerk").status_code == 200
    downgrade(engine, "0019")
    assert not inspect(engine).has_table("bank_contracts")
    upgrade(engine)
    assert city.get(f"/v1/cards/{card_id}/bank-contract", "clerk").status_code == 404
    closing = {"action": "close", "document": document()}
    assert city.post(at, closing, "clerk").json()["financial"] == "closed"
    assert city.post(at, body, "clerk").json()["financial"] == "open"


def test_down_to_0020_and_up_again_forgets_orders_and_keeps_their_money(
    city: City, engine: Engine
) -> None:
    assert order(city, ready_account(city), 1).status_code == 201
    told = city.balances()
    downgrade(engine, "0020")
    assert not inspect(engine).has_table("bank_orders")
    upgrade(engine)
    assert city.balances() == told
    assert told["clearing:jialing-bank"] == 100
    assert city.get("/v1/bank-orders", "auditor").json()["orders"] == []
    assert city.get("/v1/ledger/check").json()["balanced"]


def test_down_to_0021_and_up_again_forgets_payouts_and_keeps_their_money(
    city: City, engine: Engine
) -> None:
    ready_account(city)
    batch_id = brought(city, csv_file([line_of(1)]))["batch_id"]
    decide(city, batch_id)
    city.post("/v1/clock", {"advance_s": 1}, "trainer")
    told = city.balances()
    assert told["bank:jialing-bank"] == 10_000
    downgrade(engine, "0021")
    assert not inspect(engine).has_table("payout_lines")
    upgrade(engine)
    assert city.balances() == told
    assert city.get("/v1/payout-batches").json()["batches"] == []
    assert city.get("/v1/ledger/check").json()["balanced"]


def test_down_to_0022_and_up_again_keeps_batches_and_forgets_certifications(
    city: City, engine: Engine
) -> None:
    ready_account(city)
    batch_id = brought(city, csv_file([line_of(1)]))["batch_id"]
    before = city.get(f"/v1/payout-batches/{batch_id}").json()
    downgrade(engine, "0022")
    assert not inspect(engine).has_table("eligibilities")
    indexes = {each["name"] for each in inspect(engine).get_indexes("cards")}
    assert "ix_cards_cancelled_of_person" not in indexes
    upgrade(engine)
    assert city.get(f"/v1/payout-batches/{batch_id}").json() == before


def test_down_to_0033_and_up_again_forgets_differences_and_keeps_orders(
    city: City, engine: Engine
) -> None:
    card_id, day = ready_account(city), city.get("/v1/clock").json()["now"][:10]
    order_id = order(city, card_id, 1).json()["order_id"]
    for advance_s in (1, 86_400):
        city.post("/v1/clock", {"advance_s": advance_s}, "trainer")
    assert compared(city, day, extra=1)["left"] == 1
    told = city.balances()
    downgrade(engine, "0033")
    for gone in ("bank_movements", "bank_statements", "bank_differences"):
        assert not inspect(engine).has_table(gone)
    upgrade(engine)
    assert city.balances() == told
    assert city.get(f"/v1/bank-orders/{order_id}").json()["state"] == "settled"
    again = compared(city, day)
    assert (again["own_lines"], again["left"]) == (0, 1), "days before are not known"


def test_down_to_0039_and_up_again_keeps_refunds_files_and_closings(
    city: City, engine: Engine
) -> None:
    ids = fill_card(city, 1)
    ready_account(city, 2)
    decide(city, brought(city, csv_file([line_of(2)]))["batch_id"])
    wait(city, 1)
    assert city.post("/v1/risk/detection/runs", {}, "inspector").status_code == 200
    paid_on = today(city)
    ended = month_on(city)
    compared(city, paid_on)
    closed = city.post("/v1/ledger/closings", {"period": ended}, "supervisor").json()
    underway = month_on(city)
    with engine.begin() as connection:
        row = {"period": read_period(underway), "last": read_period(ended)}
        connection.execute(
            text(
                'INSERT INTO ledger_closings (period, accounts, entries, closed_at, "by", state,'
                " last) VALUES (:period, 0, 0, '', '', 'counting', :last)"
            ),
            row,
        )
        place = connection.execute(text("SELECT paid_to FROM risk_watch")).scalar_one()
    assert place == "1:3"
    downgrade(engine, "0039")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT paid_to FROM risk_watch")).scalar_one() == "1:3"
    upgrade(engine)
    with engine.connect() as connection:
        files = text("SELECT settled_as, settled_at = ordered_at FROM payout_files")
        assert [tuple(each) for each in connection.execute(files)] == [(1, True)]
        assert connection.execute(text("SELECT paid_to FROM risk_watch")).scalar_one() == "1:3"
    assert city.get("/v1/ledger/closings").json()["closings"] == [closed]
    assert city.post("/v1/ledger/closings", {"period": underway}, "supervisor").status_code == 201
    path = f"/v1/cards/{ids['card_id']}/transit/fare-refunds"
    assert len(city.get(path, "clerk").json()["refunds"]) == 1
    assert city.post("/v1/risk/detection/runs", {}, "inspector").json()["more"] is False
    with engine.connect() as connection:
        events = text("SELECT COUNT(*) FROM risk_events WHERE body LIKE '%payout.paid%'")
        assert connection.execute(events).scalar_one() == 1


def test_down_to_0058_and_up_again_keeps_a_held_order_and_forgets_stays(
    city: City, engine: Engine
) -> None:
    order_id = order(city, ready_account(city), 1).json()["order_id"]
    held = "state = 'held', reason = 'account-changed-lately', due_at = NULL"
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE bank_orders SET {held}"))  # noqa: S608 - our own words
    downgrade(engine, "0058")
    assert not inspect(engine).has_table("medical_stays_elsewhere")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT state FROM bank_orders")).scalar() == "unknown"
    upgrade(engine)
    assert city.get(f"/v1/bank-orders/{order_id}", "auditor").json()["state"] == "held"
    assert city.balances()["clearing:jialing-bank"] == 100


@pytest.mark.no_books("all tables are gone")
def test_all_the_way_down_leaves_nothing(city: City, engine: Engine) -> None:
    city.active_card()
    downgrade(engine, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    assert current_revision(engine) is None


def test_a_database_newer_than_the_program_is_refused(settings: Settings, engine: Engine) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(PlatformCannotStart, match="newer than this program") as refused:
        open_installation(settings)
    assert refused.value.exit_code == 2


def test_down_to_0011_takes_the_sessions_and_keeps_cards_and_participants(
    city: City, engine: Engine
) -> None:
    card_id, chip = city.active_card()
    open_account(city, card_id=card_id)
    System(city, "test-bank", "bank").sign_in()
    city.tokens["holder"] = sign_in_by_card(city, chip, as_holder=True)["token"]
    name_agent(city, card_id, 2)
    downgrade(engine, "0011")
    for gone in ("accounts", "sessions", "session_challenges", "card_agents"):
        assert not inspect(engine).has_table(gone)
    upgrade(engine)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT participant_id FROM exchange_participants"))
        assert list(rows.scalars()) == ["test-bank"]
    assert city.get("/v1/sessions/current", "holder").status_code == 401
    assert sign_in_by_card(city, chip)["session"]["card_id"] == card_id


def test_down_before_care_and_up_again_keeps_the_books(city: City, engine: Engine) -> None:
    """Visits, insurance and filings go; what funds, accounts and institutions hold stays."""
    card_id, _ = city.active_card()
    insure(city, card_id)
    credit(city, card_id, 5_000)
    place = hospital(city)
    place.settled(card_id)
    balances = city.balances()
    downgrade(engine, "0021")
    for gone in ("medical_visits", "medical_settlements", "medical_claims", "medical_filings"):
        assert not inspect(engine).has_table(gone)
    upgrade(engine)
    assert city.balances() == balances
    assert city.get("/v1/ledger/check").json()["balanced"]
    year = city.get(f"/v1/cards/{card_id}/medical-insurance", "clerk").json()
    assert year["insurance"] is None
    assert place.designate().status_code == 201
    assert insure(city, card_id).status_code == 201
    assert place.settled(card_id)["state"] == "settled"


def test_down_to_0054_what_waits_in_another_region_is_passed_on_as_that_version_knows_it(
    city: City, engine: Engine
) -> None:
    columns = "request_id, service, region, site_id, state, at, by, number_there"
    values = "'joint-1', 'cancel', '510000', 'site-1', 'waiting', 'x', 'clerk', 'passed-1'"
    with engine.begin() as connection:
        connection.execute(text(f"INSERT INTO joint_services ({columns}) VALUES ({values})"))  # noqa: S608
    assert city.get("/v1/joint-services/joint-1", "clerk").json()["state"] == "waiting"
    downgrade(engine, "0054")
    assert not inspect(engine).has_table("services_from_regions")
    upgrade(engine)
    told = city.get("/v1/joint-services/joint-1", "clerk").json()
    assert (told["state"], told["number_there"]) == ("passed-on", None)


def test_down_to_0056_a_terminal_that_was_withdrawn_stays_out(city: City, engine: Engine) -> None:
    stolen, kept = city.enrol(), city.enrol()
    path = f"/v1/terminals/{stolen.number}/withdrawal"
    assert city.post(path, {"reason": "被盗"}, "supervisor").status_code == 200
    downgrade(engine, "0056")
    upgrade(engine)
    assert city.get("/v1/clock", stolen.token).status_code == 401
    assert city.get("/v1/clock", kept.token).status_code == 200


def test_a_region_enrolled_before_there_was_a_subject_is_granted_it_where_an_agreement_covers_it(
    city: City, engine: Engine
) -> None:
    def links() -> dict[str, dict[str, Any]]:
        told = city.get("/v1/exchange/links").json()["links"]
        return {each["participant_id"]: each for each in told}

    key = city.client.get("/v1/exchange/identity").json()["public_key"]
    for region in ("510000", "640000"):
        body = {"participant_id": region, "kind": "region", "name_zh": "邻区", "public_key": key}
        body |= {"subjects": ["card-stop", "card-service"]}
        assert city.post("/v1/exchange/participants", body, "operator").status_code == 201
    enrolled = links()
    city.post("/v1/clock", {"advance_s": 60}, "trainer")
    assert links() == enrolled, "what was known and not granted stays withheld"
    compile_item(city, joint_under="sichuan-chongqing")
    told = links()["510000"]["sent"]
    assert (told, links()["640000"]["sent"]) == (1, 0)

    downgrade(engine, "0057")
    upgrade(engine)
    city.post("/v1/clock", {"advance_s": 60}, "trainer")
    granted = links()
    assert granted["640000"] == enrolled["640000"], "no agreement covers it"
    new = ("card-service-decision", "joint-item", "joint-item-decision", "medical-bill-decision")
    assert set(granted["510000"]["subjects"]) == {
        "card-stop",
        "card-service",
        "pin-reset-command",
        *new,
    }
    assert granted["510000"]["sent"] == told + 1, "it is told of the joint items there are"
    city.post("/v1/clock", {"advance_s": 60}, "trainer")
    assert links() == granted, "once"
