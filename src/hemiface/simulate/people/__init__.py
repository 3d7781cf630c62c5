"""Virtual patients: who they are, and what their faces do, of themselves and at will."""
