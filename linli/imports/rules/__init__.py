"""What imports decide: how tables are read, what columns mean, what a row says, when a ledger may overrule."""
