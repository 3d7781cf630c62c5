"""Work that is done later: a row that waits, runs, and is done or has failed, and is never lost."""
