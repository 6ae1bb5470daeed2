"""Zip files for tests of what people bring."""

import io
import zipfile


def packed(parts: dict[str, bytes]) -> bytes:
    """Return a zip with these parts, the same bytes whenever it is made."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
