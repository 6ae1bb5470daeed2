"""Which domain answers for what was recorded of its rows: `linli verify-log` compares the record with them.

For each subject prefix, the dotted path of a function that takes subjects (["cases.Case:7", …], at most 500) and
returns what the business rows say now: {"cases.Case:7": {recorded field: value, …}, …}. A field is compared with
the value that was recorded of it last; one that is left out is not compared; "ref" is compared with the entry's
public number. A subject whose row is gone is left out, and is then named as missing.
"""

COMPARERS: dict[str, str] = {}
