"""What is learned from the years of virtual patients: responses, outcomes, triggers."""
