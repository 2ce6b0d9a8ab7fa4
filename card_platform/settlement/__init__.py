"""Settlement: where the money went. So far the ledger; clearing and payouts build on it."""
