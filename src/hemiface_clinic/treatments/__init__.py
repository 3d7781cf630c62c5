"""Treatments as they are given, and what came after them."""
