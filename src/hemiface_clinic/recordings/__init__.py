"""Recordings: taken in, kept sealed, measured in a child process, shown to who may see them."""
