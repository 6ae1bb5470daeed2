"""Pages of persons: signing in, who one is, devices, homes, and family who act."""
