"""Versions as files for others, and files of others as locks: exporters and importers, one module a format.

`formats` lists what there is; `reading` tells files apart and reads them. Plain Python: nothing here opens a file,
asks the network or loads the solver.
"""
