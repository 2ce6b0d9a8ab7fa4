"""The applications of cards: social security, purse, bank, certificates, and the PSAM's purse.

Reading order: `social_security` (LD/T 32) · `transit` (JT/T 978) · `bank` (JR/T 0025) ·
`certificates` (ours) · `issuer_proof` (how an issuer proves its commands to those two) · `psam`
(the terminal's side of a purchase).
"""
