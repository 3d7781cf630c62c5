"""Clinical scales: graded by clinic or patient, each in its version, with day and author."""
