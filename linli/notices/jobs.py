"""What the worker process runs for notices; each calls one action with the present time."""
