"""Which domain answers for what was recorded of its rows: `linli verify-log` compares the record with them.

For each subject prefix, the dotted path of a function that takes subjects (["cases.Case:7", …], at most 500) and
returns what the business rows say now: {"cases.Case:7": {recorded field: value, …}, …}. A field is compared with
the value that was recorded of it last; one that is left out is not compared; "ref" is compared with the entry's
public number. A subject whose row is gone is left out, and is then named as missing.
"""

from linli.places.models import Place

COMPARERS: dict[str, str] = {}


def titles_of(logs: list[str]) -> dict[str, str]:
    """Return the names of the communities whose division codes name the logs; a log without one is left out."""
    named = Place.objects.filter(code__in=logs).values_list("code", "name")
    return {code: name for code, name in named if code}
