"""History and examination, and what speaks for which condition."""
