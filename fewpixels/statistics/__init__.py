"""How an interval is computed.

Begin with `sampling`: which interval answers which question, of dealt images and of fixed ones.
`intervals` has the formulas, each with its source; docs/statistics.md compares them.
"""
