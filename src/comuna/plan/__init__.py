"""The plan: from needs, means and recipes to what we could decide to do.

Pure calculation that knows no body of the house: tables in, plans with their reasons out.

What is written down: `problem` and its files (`problem_files`, `sheets`, `template`), `scenarios`,
`happened`, `readings`, input-output tables (`table_files`). How a plan is found: `build` turns a
problem into A x ≤ b in whole numbers (`model`); `planning`, `priorities`, `solver`, `federation`
and `offers` propose, `executable` makes it possible, `certificate` proves it without any solver.
What people see: `published`, `explaining`, `report`, `pictures`, `comparing`. Again and again:
`rolling`; by memory stick: `offers_agreed`, `offers_part`, `offers_centre`; other solvers: `mps`;
a whole economy: `input_output`; a process day by day: `watching`.
"""
