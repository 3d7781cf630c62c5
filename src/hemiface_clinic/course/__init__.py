"""Everything written down about a patient on one axis of time, what it says, and its exports."""
