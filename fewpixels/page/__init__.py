"""The page of results: what it holds, and how that is made.

Begin with `gather`, which has what the template asks for, and `html`, which fills it. Sections are
`answer`, `leak`, `order`, `ladder`, `draw` (with `models`), `explorer` (with `cells`, `paired`,
`curves` and `curve_charts`), `claims` and `made` (with `diagram`). `forms` has how the page runs
each family, `portable` what these share, and `pack` writes arrays as text.
"""
