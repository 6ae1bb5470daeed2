"""Linli 邻里: a community and its street, district and city govern together."""
