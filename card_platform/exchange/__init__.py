"""The road between regions and departments: signed, ordered, each message with effect once.

Reading order: `model` (participants, what is signed), `refusals`, `store` (participants, what was
sent, what was taken), `seal` (signs and opens), `road` (enrol, send, take, answer), `courier`
(brings what was sent to the other side, again and again until it is answered), `routes`. What
travels: `card_stops` (cards lost, frozen, ended), `passed_complaints`, `joint_services` (services
for another region's cards; the ten are in `card_services`, their life here in
`joint_service_life`, those of other regions that wait for a decision here in `from_regions`),
`card_checks`, `department_matters`.
"""
