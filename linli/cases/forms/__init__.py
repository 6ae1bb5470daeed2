"""What is typed becomes clean values; nothing is saved here."""
