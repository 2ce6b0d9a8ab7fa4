"""What a payout is asked at once: whether its payee's account was changed shortly before.

Reading order: `store` (changes of accounts, by person) · `screening`.
"""
