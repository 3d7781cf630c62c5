"""The MRI: taken in, kept sealed, measured in a child process, reported by a doctor."""
