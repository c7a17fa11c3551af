"""More than one machine: what the commands spread over a Ray cluster (the extra `cluster`).

What runs on a worker is a pure function of a file or of an Arrow batch, the same that the way on
one machine calls; Ray decides where, and begins again what was lost with a worker. Only the process
that was started writes the dataset.
"""
