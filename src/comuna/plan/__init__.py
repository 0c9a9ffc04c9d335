"""The plan: from needs, means and recipes to what we could decide to do.

Pure calculation that knows no body of the house: tables in, plans with their reasons out.
`input_output` looks at a whole economy in a table; `problem` and `files` hold what a body or a
federation writes down; `model` turns it into A x ≤ b in whole numbers; `solve` finds a plan;
`certificate` proves it without any solver.
"""
