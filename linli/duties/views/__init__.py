"""Pages of the duty list: anyone reads, its keepers edit."""
