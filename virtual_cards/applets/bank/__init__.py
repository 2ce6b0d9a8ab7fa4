"""The bank application of a card: PBOC debit with and without contact (JR/T 0025).

Reading order: `specification` (names, files, lists) · `data_objects` (what a list asks for) ·
`commands` · `cryptogram` (the formula) · `financial_function` (closed until
the holder has it opened) · `environments` (PSE, PPSE) · `counters` · `proximity` (qPBOC) ·
`applet` (which command may follow which).
"""

from virtual_cards.applets.bank.applet import Bank
from virtual_cards.applets.bank.environments import PaymentEnvironment, ProximityEnvironment
from virtual_cards.applets.bank.financial_function import FinancialFunction
from virtual_cards.applets.bank.specification import DEBIT_AID, PPSE_NAME, PSE_NAME

__all__ = [
    "DEBIT_AID",
    "PPSE_NAME",
    "PSE_NAME",
    "Bank",
    "FinancialFunction",
    "PaymentEnvironment",
    "ProximityEnvironment",
]
