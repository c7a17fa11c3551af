"""The report: one page on a data folder, drawn from aggregates, which loads nothing from anywhere.

Read in the order of the data: `dataset` and `runs` count, `charts` draws, `page` lays out.
"""
