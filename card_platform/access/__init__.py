"""Access: who signs in, how, and for how long: staff accounts, sessions, agents of holders.

Reading order: `model` (accounts, sessions, mandates, when a session stands), `passwords`
(argon2id), `accounts` (opened, passwords, disabled), `service` (signing in: password, card, mutual
keys), `sessions` (found, ended, assisted), `agents` (mandates), `store`, `shapes`, `routes`.
What each role may do stands at the routes; decision 0014 says why.
"""
