"""Electronic cards: a holder's phone signs for one, shows codes, terminals check them.

Reading order: `signing_life` (the table), `model` (signing, code, what a use found), `code_text`
(the bytes of a code), `refusals` (each reason in both languages), `store`, then the use cases:
`service` (sign, end, follow the card), `codes` (issue, check, burn), `uses` (what terminals report
later); then `shapes` and `routes`. Why the platform makes the codes: docs/decisions/0011.
"""
