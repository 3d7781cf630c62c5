"""Keys, and what they keep: sealed columns, sealed files, indexes that show nothing."""
