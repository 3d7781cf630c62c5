"""Tags about questions."""
