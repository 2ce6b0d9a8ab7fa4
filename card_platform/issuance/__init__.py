"""Issuance: who holds which card, and what became of it.

Reading order: `lifecycle` (the table), `model` (person, card, application, events), `application`
(the checks of article 12), `field_coding` and `personalisation` (the bytes of the card), `service`
(one function a use case), `store`, `shapes`, `routes`, `refusals`.
"""
