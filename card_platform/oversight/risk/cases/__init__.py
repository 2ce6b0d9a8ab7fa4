"""Cases out of alerts, and the credit file that confirmed violations enter.

Reading order: `model` (the lives of a case and of an entry) · `refusals` · `service` ·
`credit_file` · `store` · `credit_store` · `shapes` · `routes`.
"""
