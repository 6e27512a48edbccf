"""Published values, each a test case of its own with its citation; the numbers are retyped here.

A value is held to 1e-9 where its source has the digits, else to the digits printed.
"""
