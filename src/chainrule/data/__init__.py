"""From published files, or arrays of one's own, to minibatches.

- ``datasets``: data sets by name: where they lie, how they are loaded, what they hold.
- ``tables``: a data set of arrays of one's own.
- ``frames``: tables in files.
- ``csv_files``: of CSV files, read a part after the other.
- ``npz_files``: of NPZ files.
- ``spool``: numbers of large ones, put aside on disk.
- ``arrow_files``: columns of Parquet and Feather files, read when they are asked for.
- ``sources``: what a file of settings says that a data set comes from: a name, or a table's file.
- ``pictures``: folders of images.
- ``encoding``: a data frame's columns as numbers: gaps filled, a column for each category.
- ``oddness``: columns of texts that were hardly meant for categories.
- ``centring``: such columns as float32, less their mean.
- ``fetching``: frames whose values lie elsewhere, or are still to be computed.
- ``values``: its numbers, checked and made bytes or float32, and what its rows weigh.
- ``labels``: its labels, and which rows are drawn.
- ``splits``: which images train, validate and test.
- ``transforms/``: preprocessing, fitted on the training images.
- ``prepared``: a data set as nets of some settings see it: split, with its transform.
- ``batches``: minibatches, in the order of an epoch.
- ``augmentation``: images flipped and shifted, as training sees them.
- ``digits``: scikit-learn's digits, from its file.
- ``cifar10``: CIFAR-10 from its files, in whatever layout, as two arrays.
- ``layouts``: the three layouts that it is published in.
- ``archives``: wanted files out of a .tar.gz, without unpacking it.
- ``pickles``: a reader of pickled batches that runs none of their code.
- ``cache``: the parsed arrays on disk, mapped into memory.
- ``download``: from the official locations.
"""
