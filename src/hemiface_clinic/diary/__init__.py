"""Diary, and reminders of it."""
