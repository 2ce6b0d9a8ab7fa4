"""The applications of cards: social security, transit purse, and the purse application of a PSAM.

Reading order: `social_security` (LD/T 32) · `transit` (JT/T 978) · `psam` (the terminal's side of a
purchase).
"""
