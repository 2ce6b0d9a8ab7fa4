"""Opens the data of one platform: folder, key seed, schema, and the row that says whose data it is.

Everything that can be wrong before the first request is found here, and told as one
`PlatformCannotStart`: what, where, how to mend it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, exc, insert, inspect, select

from card_platform.app import EVENT_HANDLERS
from card_platform.clockwork import VirtualClock
from card_platform.clockwork.store import ahead
from card_platform.errors import EXIT_CALL_WRONG, EXIT_SOMETHING_MISSING, PlatformCannotStart
from card_platform.keys import SecurityModule, open_key_seed
from card_platform.oversight.audit.anchor import ANCHOR_FILE
from card_platform.oversight.audit.checking import AuditCheck, check_audit
from card_platform.regions import RegionPolicy, load_region
from card_platform.settings import ACCESS_FILE, KEY_SEED_FILE, Settings
from card_platform.storage import Database, Transaction
from card_platform.storage.database import open_engine
from card_platform.storage.migration import upgrade
from card_platform.storage.schema import INSTALLATION
from card_platform.vocabulary.moment import Clock, RealClock
from card_platform.web.authentication import Access, open_access


@dataclass(frozen=True, slots=True)
class Installation:
    """The opened parts of one platform."""

    policy: RegionPolicy
    keys: SecurityModule
    database: Database
    access: Access
    clock: Clock


def open_installation(settings: Settings) -> Installation:
    """Open or make the platform's data, and bring its schema up to date.

    Raises:
        PlatformCannotStart: with what is wrong, where, and how to mend it.
    """
    policy = load_region(settings.region)
    try:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = settings.data / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as refused:
        raise PlatformCannotStart(
            f"数据目录 {settings.data} 不可写（{refused.strerror}）；请更改权限或换一个目录。",
            f"The data folder {settings.data} is not writable ({refused.strerror});"
            " change its permissions or use another folder.",
            EXIT_CALL_WRONG,
        ) from None
    has_data = _prepare_schema(settings)
    seed = open_key_seed(settings.data / KEY_SEED_FILE, may_create=not has_data)
    keys = SecurityModule(seed)
    access = open_access(settings.data / ACCESS_FILE)
    database = Database(settings.sqlalchemy_url, EVENT_HANDLERS)
    try:
        database.write_now(lambda tx: _claim(tx, policy.region.code, keys.testbed, settings))
        clock: Clock = RealClock()
        if settings.clock == "virtual":
            clock = VirtualClock(database.read_now(ahead))
    except BaseException:
        database.close()
        raise
    return Installation(policy, keys, database, access, clock)


def check_audit_of(settings: Settings) -> AuditCheck:
    """Check the audit of a platform that need not run.

    Raises:
        PlatformCannotStart: its data cannot be opened.
    """
    installation = open_installation(settings)
    try:
        anchor = settings.data / ANCHOR_FILE
        return installation.database.read_now(lambda tx: check_audit(tx, anchor))
    finally:
        installation.database.close()


def _prepare_schema(settings: Settings) -> bool:
    """Bring the schema up to date; whether the database belonged to a platform before."""
    try:
        engine = open_engine(settings.sqlalchemy_url)
    except (exc.ArgumentError, exc.NoSuchModuleError) as refused:
        raise PlatformCannotStart(
            f"数据库地址 {settings.database_url} 无法识别；应为 postgresql://... 或 sqlite:///...。",
            f"The database URL {settings.database_url} is not understood ({refused});"
            " it must be postgresql://... or sqlite:///...",
            EXIT_CALL_WRONG,
        ) from None
    shown = engine.url.render_as_string(hide_password=True)
    try:
        has_data = _has_installation(engine)
        upgrade(engine)
    except exc.DBAPIError as refused:
        reason = str(refused.orig).strip().splitlines()[0]
        raise PlatformCannotStart(
            f"数据库 {shown} 无法使用（{reason}）；请确认数据库已启动且地址、账号正确。",
            f"The database {shown} cannot be used ({reason});"
            " make sure that it runs and that address and account are right.",
            EXIT_SOMETHING_MISSING,
        ) from None
    finally:
        engine.dispose()
    return has_data


def _has_installation(engine: Engine) -> bool:
    if not inspect(engine).has_table(INSTALLATION.name):
        return False
    with engine.connect() as connection:
        return connection.execute(select(INSTALLATION)).first() is not None


def _claim(tx: Transaction, region: str, testbed: str, settings: Settings) -> None:
    """Write whose data this is, or refuse data that is another's."""
    row = tx.execute(select(INSTALLATION)).first()
    if row is None:
        tx.execute(insert(INSTALLATION).values(region=region, testbed=testbed))
    elif row.region != region:
        raise PlatformCannotStart(
            f"数据库属于地区 {row.region}，不是 {region}；请改 --region 或换一个数据库。",
            f"The database belongs to region {row.region}, not {region};"
            " change --region or use another database.",
            EXIT_CALL_WRONG,
        )
    elif row.testbed != testbed:
        seed = settings.data / KEY_SEED_FILE
        raise PlatformCannotStart(
            f"密钥种子 {seed} 不是该数据库的（数据库 {row.testbed}，种子 {testbed}）；"
            "请恢复原来的种子文件。",
            f"The key seed {seed} is not that of the database (database {row.testbed}, seed"
            f" {testbed}); restore the seed that belongs to it.",
            EXIT_CALL_WRONG,
        )
