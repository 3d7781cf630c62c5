"""Frames in, landmarks and muscle motion out."""
