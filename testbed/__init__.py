"""The desk a person works at: the `onecard` command and the machine it runs on.

Reading order: `machine`, `set_up` (what is needed and how it gets here; standard library only) ·
`command`, `bilingual`, `language`, `faults` (a call, its language, its exit code) · `verbs/` (one
file each) · `main_job`, `run_folder`, `progress` (the main job) · `keeper`, `card_files`, `issuing`
(readers and cards between calls) · `bench`, `benchmarks/`.
"""
