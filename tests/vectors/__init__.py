"""Published values with their source: what both sides of the agreement are measured against."""
