"""The page of results: what it holds, and how that is made.

Begin with `gather`, which has what the template asks for, and `html`, which fills it. Sections are
`opening` (with `answer`, `overview`, `accuracies` and `pictures`), `leak`, `order`, `ladder`,
`draw` (with `models`), `claims` (with `cards`, `evidence` and `scatter`), `explorer` (with
`cells`, `paired`, `curves` and `curve_charts`) and `made` (with `diagram`). `charts` specifies all
of Vega-Lite's charts, and `glossary` explains terms. `forms` has how the page runs each family,
`portable` what these share, and `pack` writes arrays as text.
"""
