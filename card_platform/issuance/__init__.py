"""Issuance: who holds which card, and what became of it.

Reading order: `lifecycle` (the tables), `model` (person, card, application, events), `application`
(the checks of article 12), `field_coding` and `personalisation` (the bytes of the card), `store`
and `registers` (what is recorded beside a card's state), `functions` (they follow the card),
`steps` (one step of a life), then the use cases: `service` (issue), `losses`, `validity`,
`renewals`, `holder_affairs`, `agency_decisions`; `production` (many cards at once, deliveries,
cards made on the spot) and `online` (applications by their applicants); then `shapes`, `routes`,
`refusals`; `diagrams` draws the tables.
"""
