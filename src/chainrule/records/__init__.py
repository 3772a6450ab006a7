"""What is left behind, as plain versioned data: written by those who train and check, read by the report.

- ``base``: what all records have in common: frozen, versioned, JSON there and back.
- ``plans``: what a folder of results is to hold.
- ``runs``: histories, trained nets, results.
- ``searches``: a search's trials and winner.
- ``inferences``: how well candidates for what is unsaid explain a report's numbers.
- ``figures``: what figures show.
- ``gradients``: gradient checks of our own nets.
- ``checked``: checks of somebody's program.
"""
