"""What leaves in a file: no cell that a spreadsheet would run, and no column of reasons that comes back as data."""

REASON = "没有导入的原因"  # in the error file; a mended file that still has it is read without it
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (CSV injection): what begins like one gets an apostrophe.

    A number that is only a number keeps its sign.
    """
    bare = cell.lstrip()
    if not bare.startswith(_RUNS) and not cell.startswith(_RUNS):
        return cell
    number = bare[1:].replace(".", "", 1)
    if bare[0] in "+-" and number.isascii() and number.isdigit() and cell == bare:
        return cell
    return f"'{cell}"
