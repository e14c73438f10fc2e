"""What makes a result stale: other code, other packages.

Begin with `digest`: the digest of a script's code and of all that it imports. `literals` reads
what a module says of itself without importing it.
"""
