"""Applications made online by the applicant, without a card and without a clerk (CQ-11a, YD-7b).

Reading order: `model` (the life of one) · `refusals` · `store` · `service` · `shapes` · `routes`.
"""
