"""The desk a person works at: the `onecard` command and the machine it runs on."""
