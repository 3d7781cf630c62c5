"""Who did what with whose data, and when: a chain in which nothing can be changed unseen."""
