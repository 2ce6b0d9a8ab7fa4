"""What a holder does on an offer: books, enters, eats, is cared for, buys.

Reading order: `model` (lives, an act), `refusals`, `visitors` (who comes, with which claims),
`payment` (who pays whom), `store`, `standing` (how an act stands now), `service`,
`elsewhere` (holders of other regions), `shapes`, `routes`, `holder_routes`.
"""
