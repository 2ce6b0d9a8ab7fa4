"""Visits: from registration to receipt, in a hospital or a pharmacy (NM-14b, SC-d, NX-9b).

Reading order: `model` (the lives, a visit), `refusals`, `store`, `admission` (who comes, by what
means), `service` (registration to admission), `prescriptions`, `stays`, `discharge`,
`held_bill_news`, `billing` (preview, settlement, payment, reversal), `receipts`, `shapes`,
`routes`.
"""
