"""The agreement matrix: protocols, kinds of cells and simulators, as a table in the documentation.

``python -m benchmarks.agreement`` (``make agreement``) writes docs/reference/agreement.md.
"""
