"""Opens the data of one platform: folder, key seed, schema, and the row that says whose data it is.

Everything that can be wrong before the first request is found here, and told as one
`PlatformCannotStart`: what, where, how to mend it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import quote

from sqlalchemy import Engine, exc, insert, inspect, make_url, select

from card_platform.app import EVENT_HANDLERS
from card_platform.clockwork import VirtualClock
from card_platform.clockwork.store import ahead
from card_platform.errors import EXIT_CALL_WRONG, EXIT_SOMETHING_MISSING, PlatformCannotStart
from card_platform.keys import SecurityModule, open_key_seed, read_key_seed
from card_platform.oversight.audit.anchor import ANCHOR_FILE
from card_platform.oversight.audit.checking import AuditCheck, check_audit
from card_platform.regions import RegionPolicy, load_region
from card_platform.settings import ACCESS_FILE, KEY_SEED_FILE, TRANSIT_SEED_FILE, Settings
from card_platform.storage import Database, Transaction
from card_platform.storage.database import open_engine
from card_platform.storage.migration import require_current, upgrade
from card_platform.storage.schema import INSTALLATION
from card_platform.storage.unit_of_work import run_read
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


def make_writable(folder: Path) -> None:
    """Make the folder, if it is not there, and a file in it that is gone at once.

    Workers do so at the same moment: the file has no name that two could share.

    Raises:
        PlatformCannotStart: it cannot be made or written to.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as refused:
        raise PlatformCannotStart(
            f"数据目录 {folder} 不可写（{refused.strerror}）；请更改权限或换一个目录。",
            f"The data folder {folder} is not writable ({refused.strerror});"
            " change its permissions or use another folder.",
            EXIT_CALL_WRONG,
        ) from None


def open_installation(settings: Settings) -> Installation:
    """Open or make the platform's data, and bring its schema up to date.

    Raises:
        PlatformCannotStart: with what is wrong, where, and how to mend it.
    """
    policy = load_region(settings.region)
    make_writable(settings.data)
    has_data = _prepare_schema(settings)
    seed = open_key_seed(settings.data / KEY_SEED_FILE, may_create=not has_data)
    keys = SecurityModule(seed, read_key_seed(settings.data / TRANSIT_SEED_FILE))
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
    """Check the audit of a platform that need not run; nothing is made, moved or changed.

    Raises:
        PlatformCannotStart: there is no platform's data, or it cannot be read.
    """
    region = load_region(settings.region).region.code
    anchor = settings.data / ANCHOR_FILE
    if not (settings.data / KEY_SEED_FILE).is_file():
        raise _nothing_to_check(settings)
    with _engine(settings, to_read=True) as engine:
        if not _has_installation(engine):
            raise _nothing_to_check(settings)
        require_current(engine)
        with engine.connect() as connection:
            check: AuditCheck = run_read(connection, lambda tx: _check(tx, region, anchor))
            return check


def _check(tx: Transaction, region: str, anchor: Path) -> AuditCheck:
    _require_region(tx.execute(select(INSTALLATION)).one().region, region)
    return check_audit(tx, anchor)


def _nothing_to_check(settings: Settings) -> PlatformCannotStart:
    return PlatformCannotStart(
        f"{settings.data} 中没有平台的数据，无审计可校验；请用 --data（和 --database）指明平台。",
        f"There is no platform's data in {settings.data}, so no audit to check;"
        " name the platform with --data (and --database).",
        EXIT_CALL_WRONG,
    )


def _prepare_schema(settings: Settings) -> bool:
    """Bring the schema up to date; whether the database belonged to a platform before."""
    with _engine(settings) as engine:
        has_data = _has_installation(engine)
        upgrade(engine)
    return has_data


@contextmanager
def _engine(settings: Settings, *, to_read: bool = False) -> Iterator[Engine]:
    """The database by itself, closed at the end; what keeps it away is a PlatformCannotStart."""
    try:
        if to_read:
            engine = open_engine(_read_only(settings), to_read=True)
        else:
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
        yield engine
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


def _read_only(settings: Settings) -> str:
    """The URL with which SQLite neither makes a file nor changes one; PostgreSQL's as it is."""
    url = make_url(settings.sqlalchemy_url)
    if url.get_backend_name() != "sqlite":
        return settings.sqlalchemy_url
    file = Path(url.database or "")
    if not file.is_file():
        raise _nothing_to_check(settings)
    return f"sqlite:///file:{quote(str(file.absolute()))}?mode=ro&uri=true"


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
        return
    _require_region(row.region, region)
    if row.testbed != testbed:
        seed = settings.data / KEY_SEED_FILE
        raise PlatformCannotStart(
            f"密钥种子 {seed} 不是该数据库的（数据库 {row.testbed}，种子 {testbed}）；"
            "请恢复原来的种子文件。",
            f"The key seed {seed} is not that of the database (database {row.testbed}, seed"
            f" {testbed}); restore the seed that belongs to it.",
            EXIT_CALL_WRONG,
        )


def _require_region(found: str, region: str) -> None:
    if found != region:
        raise PlatformCannotStart(
            f"数据库属于地区 {found}，不是 {region}；请改 --regions 或换一个数据库。",
            f"The database belongs to region {found}, not {region};"
            " change --regions or use another database.",
            EXIT_CALL_WRONG,
        )
