"""Accuracy on many virtual patients: severities, confounders, frame rates, mimics, treatment."""
