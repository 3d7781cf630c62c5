"""Pages that explain the condition: Markdown with its sources, searchable, in each language."""
