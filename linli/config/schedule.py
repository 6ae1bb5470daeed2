"""What the worker does by the clock: (minutes, job). A job is idempotent and reads the time itself."""

DAY = 24 * 60

SCHEDULE: list[tuple[int, str]] = [
    (1, "linli.notices.jobs.sweep"),
    (60, "linli.notices.jobs.send_digests"),
    (1, "linli.register.jobs.index_changed"),
    (1, "linli.transparency.actions.seal_all"),
    (5, "linli.cases.jobs.run_clocks"),
    (10, "linli.cases.jobs.tell_changed_duties"),
    (10, "linli.insights.jobs.refresh"),
    (DAY, "linli.insights.jobs.settle"),
    (DAY, "linli.people.jobs.forget_old"),
    (DAY, "linli.privacy.jobs.purge"),
    (DAY, "linli.attachments.jobs.sweep"),
    (DAY, "linli.reports.jobs.purge"),
    (60, "linli.reports.jobs.settle"),
    (5, "linli.privacy.jobs.list_questions"),
    (5, "linli.imports.jobs.sweep"),
    (DAY, "linli.partners.jobs.warn"),
    (60, "linli.burden.jobs.note_errands"),
    (DAY, "linli.burden.jobs.purge"),
    (60, "linli.lettings.jobs.run_clocks"),
    (DAY, "linli.facilities.jobs.warn"),
]
