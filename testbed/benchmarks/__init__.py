"""Benchmarks: what the testbed claims to be fast at, each figure beside a limit or a peer.

Reading order: `figure` (a figure, its rounds, why there may be none) · `samples` (a card, a PSAM
and the parameters of a gate) · one file a subject: `in_process_apdu`, `personalise`,
`pcsc_select_read`, `pcsc_gate_entry`, `platform_requests` with `keep_alive_client`, `sim_visits` ·
`subjects` (all of them, by name).
"""
