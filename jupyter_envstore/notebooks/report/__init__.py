"""Will a notebook come out the same elsewhere? Read as data; nothing of it is run, imported or installed.

One module a group of checks. A check is a function from a `Subject` to what it found.
"""
