"""Planning: answers with intervals, made from many runs of one network.

A *question* gives the network for a setting of some numbers; *replications* play it again and
again; *targets* say what is wanted of which figure; *sizing* finds the least that meets a target,
*staffing* the fewest servers by the hour, *alternatives* lays settings side by side. *Calibration*
makes service times from a load test. Everything is the same to the last bit wherever it is played:
in this process, in several, or on a Dask cluster.

Reading order: `intervals`, `replications`, `workers`, `warm_up`, `targets`, `questions`, `sizing`,
`staffing`, `alternatives`, `calibration`.
"""
