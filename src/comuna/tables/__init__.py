"""Tables as people have them: CSV in whatever dialect, XLSX and ODS, read into lines of cells.

`reading.read_tables` gives the tables of a file, `numbers.Numbers` the numbers in their cells. What
is unambiguous is read, and named in `remarks`; what can be read in two ways is refused with the
line and both readings. The room knows neither counts nor plans nor what a column means.
"""
