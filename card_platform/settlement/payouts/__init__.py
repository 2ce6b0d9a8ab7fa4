"""Payouts: files of benefits and wages, checked line by line, decided on, paid through the card.

Reading order: `model` (the lives of a batch, a credit file and a line that was not paid) ·
`line_faults` (what may be wrong with a line) · `file_text`, `csv_file`, `pain_file` (a file as it
comes in) · `intake` (lines against the database) · `standing` (why a payee is not paid) ·
`execution` (pieces to credit files) · `bank_file`, `simulated_bank` (banks) · `settling` (what
banks say) · `service` (decisions) · `certification` (who is still entitled) · `status_file` ·
`checking` (the books of the lines) · `store`, `line_store`, `file_store` · `shapes` · `routes`.
"""
