"""Zip files for tests of what people bring."""

import io
import zipfile


def packed(parts: dict[str, bytes]) -> bytes:
    """Return a zip with these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()
