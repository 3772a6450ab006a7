"""Everything that is read of results: page, figures, tables. It reads records and trains nothing.

- ``run``: a folder of results, read whole.
- ``page``: its page, a single HTML file.
- ``sections``: what the page says of one recipe.
- ``compare``: several runs side by side.
- ``history``: histories that other programs wrote.
- ``plots``: a run's figures by name, for notebooks and files.
- ``figures``: figures and tables as files.
- ``curves``: loss, cost and accuracy of one recipe, a column a setting.
- ``overlay``: the same of all settings in one chart.
- ``inits``: the loss of settings that differ in their init.
- ``templates``: rows of W as class templates, and the surest mistakes.
- ``histograms``: gradient entries.
- ``confusion``: confusion counts.
- ``searches``: scores over what was searched.
- ``rungs``: scores at the rungs of successive halving.
- ``search_run``: a search's folder as figures of these kinds.
- ``sheet``: sample images, raw and centred.
- ``style``: what all figures share.
- ``specs``: charts as the page holds them.
- ``table``: a table of text, as LaTeX and Markdown.
- ``tables``: results, on a terminal and as CSV.
- ``search_tables``: a search in words and tables.
- ``inference_tables``: what was inferred.
- ``check_tables``: gradient checks.
- ``check_notes``: what is said below them.
- ``markdown``: results as Markdown: all tables, and a sheet for each recipe.
"""
