"""The website under load: speed, questions that must not be lost, writers that must not wait."""
