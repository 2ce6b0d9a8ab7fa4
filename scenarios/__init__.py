"""What should happen, as Gherkin in Chinese and English, and the stream of outcomes it writes.

Reading order: `features/` (the scenarios) · `steps/` (what each phrase does) · `phrases`, `terms`
(both languages side by side) · `world`, `reader_row`, `surroundings` (what is around a scenario) ·
`residents` (made-up people) · `service_desk`, `platform_process`, `postgresql` (the platform and
its people, also for load tests and benchmarks) · `outcomes`, `recording` (the stream) · `plugin`,
`suite`, `settings`, `running` (pytest underneath).
"""
