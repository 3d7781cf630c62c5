"""How often somebody may do something: a bucket of tokens that fills again with time."""
