"""Pages of bodies, of those who act for them, and of the counter."""
