"""The domains: a new one adds its folder and one line here.

Each line is (folder, address under which its pages live, floor). The floors are held by import-linter.
"""

DOMAINS: list[tuple[str, str, str]] = [
    ("places", "places/", "1a"),
    ("transparency", "log/", "1a"),
    ("trail", "looks/", "1a"),
    ("people", "people/", "1b"),
    ("organisations", "organisations/", "1c"),
    ("duties", "duties/", "2"),
    ("notices", "notices/", "2"),
    ("todos", "todos/", "2"),
    ("attachments", "files/", "2"),
    ("triage", "triage/", "2"),
    ("privacy", "privacy/", "2"),
    ("burden", "burden/", "2"),
    ("cases", "cases/", "3"),
    ("register", "register/", "3"),
    ("partners", "partners/", "3"),
    ("facilities", "facilities/", "4"),
    ("imports", "imports/", "4"),
    ("lettings", "lettings/", "4"),
    ("reports", "reports/", "5"),
    ("insights", "figures/", "7"),
    ("front", "", "7"),
    ("demo", "demo/", "8"),
]
