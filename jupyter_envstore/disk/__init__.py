"""The disk that a store takes: what each version costs, who needs it, and giving back what nobody needs.

Files are shared by hard links: a prefix with the package cache, and both with other prefixes. So nothing here adds up
sizes of folders; every file counts once.
"""
