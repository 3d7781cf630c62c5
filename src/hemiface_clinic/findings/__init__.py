"""History, examination and scales, and what speaks for which condition."""
