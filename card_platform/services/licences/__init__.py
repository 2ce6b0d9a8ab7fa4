"""E-licences: issued by departments, linked to cardholders, checked instead of paper (NM-13b),
written on cards as certificates (NM-10c), recognised across regions (CQ-23, YD-15).

Reading order: `model` (licence, life table) · `statement` (what another region can check) ·
`refusals` · `service` (issue, link, check) · `recognition` (state, import) · `card_writing`
(certificates on cards) · `paper` (requests for paper) · `store` · `shapes` · `routes`.

The road between regions needs two calls: `Recognition.answer` and `Recognition.take`.
"""
