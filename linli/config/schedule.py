"""What the worker does by the clock: (minutes, job). A job is idempotent and reads the time itself."""

SCHEDULE: list[tuple[int, str]] = [
    (1, "linli.notices.jobs.sweep"),
    (60, "linli.notices.jobs.send_digests"),
    (1, "linli.transparency.jobs.seal_all"),
    (5, "linli.cases.jobs.run_clocks"),
]
