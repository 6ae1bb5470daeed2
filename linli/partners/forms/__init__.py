"""What is typed about partners; each file says of what."""
