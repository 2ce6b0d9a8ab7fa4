"""What queueing theory says of simple networks: the third witness beside the two engines.

It shares no code with them. `erlang` (several servers, a full house, impatience), `single_server`
(any service time), `open_network` (stations in a row and round about), `changing_rates` (a rate
that follows the day, by numerical solution).
"""
