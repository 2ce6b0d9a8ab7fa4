"""Virtual cards, readers and terminals that speak the APDUs of the real ones.

A card here is an operating system with applets and a memory; it sees bytes and answers bytes.
Terminals hold a reader, a security module (PSAM) and a line to the card platform, and know cards
only through a reader.

Reading order: `apdu` (bytes) · `files` (what a card stores, and its memory) · `keys` (ciphers,
MACs) · `card_os` (dispatch) · `applets` (social security, transit purse, PSAM) · `personalisation`
(image -> card, and back) · `readers` · `transcripts` (what an exchange means, for people) ·
`terminals` (counter, gate). Facts no public source settles stand in `assumptions`.
"""
