"""One file a schema version, each with a way up and a way down."""
