"""Pages of ledgers that come in and lists that go out."""
