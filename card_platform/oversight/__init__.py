"""Oversight: what the platform keeps so that others can judge it. So far the audit."""
