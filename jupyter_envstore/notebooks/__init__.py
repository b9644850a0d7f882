"""Notebook files: what they say of their kernel. They are strangers' files: read as data, never run."""
