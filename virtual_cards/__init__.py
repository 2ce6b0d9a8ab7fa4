"""Virtual cards, readers and terminals that speak the APDUs of the real ones."""
