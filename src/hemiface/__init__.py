"""hemiface: the open clinic for hemifacial spasm. Importing it opens no file and prints nothing."""

__version__ = "0.1.0"
