"""Storage: one database, SQLite or PostgreSQL, behind one way to write and one way to read.

`Database.write(work)` runs `work(transaction)` in one transaction and answers when it is durable;
`Database.read(query)` runs on a connection of its own. Every context keeps its own tables and SQL
in its `store.py`, on the metadata of `schema`; `unit_of_work` is the only file that commits.

Reading order: `unit_of_work`, `batch`, `writers`, `database`, `schema`, `statement`, `history`,
`paging`, `tally`, `migration`.
"""

from card_platform.storage.batch import Batch
from card_platform.storage.database import Database
from card_platform.storage.paging import Page, Paged, page_of
from card_platform.storage.statement import Statement
from card_platform.storage.unit_of_work import Event, Question, Transaction

__all__ = [
    "Batch",
    "Database",
    "Event",
    "Page",
    "Paged",
    "Question",
    "Statement",
    "Transaction",
    "page_of",
]
