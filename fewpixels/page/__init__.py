"""The page of results: what it holds, and how that is made."""
