"""Copy what the browser runs from node_modules into the static folder: called at set-up, after npm ci."""

import shutil
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
FROM = REPOSITORY / "node_modules"
TO = REPOSITORY / "linli" / "base" / "static" / "vendor"
FILES = {
    "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
}


def main() -> None:
    """Copy each file; what points to a source map that is not shipped loses that line."""
    TO.mkdir(parents=True, exist_ok=True)
    for name, source in FILES.items():
        shutil.copyfile(FROM / source, TO / name)
        lines = (TO / name).read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if "sourceMappingURL=" not in line]
        (TO / name).write_text("\n".join(kept) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
