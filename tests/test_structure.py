"""Where things stand: a module's test is found by its name, and a name means a single thing."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import grimp
import pytest

import chainrule

SOURCE = Path(chainrule.__file__).parent
TESTS = Path(__file__).parent
MOST_IN_TOP_FOLDER = 8
"""Files that may lie in the folder of the gradient check beside its wings."""

TESTED_TOGETHER = {
    # Records of one kind, each of which is a case of one test.
    "components/kinds.py": "components/test_registry.py",
    "data/transforms/*.py": "contract/test_transforms.py",
    "gradcheck/catalogue/*.py": "gradcheck/catalogue/test_records.py",
    "gradcheck/diagnosis/mistakes/*.py": "gradcheck/diagnosis/test_mistakes.py",
    "nn/activations/*.py": "contract/test_activations.py",
    "nn/inits/*.py": "contract/test_inits.py",
    "searches/strategies/*.py": "searches/strategies/test_strategies.py",
    "train/optimizers/*.py": "contract/test_optimizers.py",
    "train/schedules/*.py": "train/schedules/test_rates.py",
    # Files of layers, checked as wholes.
    "gradcheck/recognition/layers/*.py": "gradcheck/recognition/layers/test_reading.py",
    "gradcheck/recognition/witnessed/*.py": "gradcheck/recognition/witnessed/test_rows.py",
    # Plain data, tested with what writes and reads it.
    "data/layouts.py": "data/test_cifar10.py",
    "gradcheck/files/conditions.py": "gradcheck/files/test_file_check.py",
    "gradcheck/files/gradient_source.py": "gradcheck/files/test_file_check.py",
    "experiments/outcome.py": "experiments/test_results.py",
    "gradcheck/computation.py": "gradcheck/diagnosis/test_drawn.py",
    "gradcheck/recognition/callers.py": "gradcheck/session/test_checking.py",
    "experiments/facts.py": "experiments/test_results.py",
    "records/checked.py": "cli/test_checked.py",
    "records/figures.py": "experiments/test_figure_data.py",
    "records/gradients.py": "report/test_check_tables.py",
    "records/inferences.py": "experiments/test_inference.py",
    "records/plans.py": "work/test_folder.py",
    "records/searches.py": "searches/test_journal.py",
    "train/engines/engine.py": "train/engines/test_compiled.py",
    # Parts of one thing, tested as a whole.
    "cli/check_one.py": "cli/test_check.py",
    "cli/options.py": "cli/test_app.py",
    "cli/outputs.py": "cli/test_train.py",
    "cli/process.py": "cli/test_endings.py",
    "cli/progress.py": "cli/test_train.py",
    "experiments/reading.py": "experiments/test_experiment.py",
    "experiments/recipes.py": "cli/test_recipes.py",
    "experiments/rounds.py": "experiments/test_reproduce.py",
    "experiments/trials.py": "experiments/test_inference.py",
    "report/sections.py": "report/test_page.py",
    "searches/course.py": "searches/test_run.py",
    "searches/distributions.py": "searches/test_journal.py",
    "searches/extra.py": "searches/test_run.py",
    "selfcheck/start.py": "selfcheck/test_rows.py",
    "settings/choice.py": "settings/test_settings.py",
    "train/engines/compiled_net.py": "train/engines/test_compiled.py",
    "train/engines/first_layer.py": "train/engines/test_compiled.py",
    "train/engines/few.py": "train/engines/test_compiled.py",
    "train/engines/lanes.py": "train/engines/test_compiled.py",
    "train/engines/dropped.py": "train/engines/test_counted.py",
    "train/engines/members.py": "train/engines/test_compiled.py",
    "train/engines/normed.py": "train/engines/test_compiled.py",
    "train/engines/packed.py": "train/engines/test_compiled.py",
    "train/engines/step_numbers.py": "train/engines/test_compiled.py",
    "train/engines/units.py": "train/engines/test_compiled.py",
    "train/engines/updates.py": "train/engines/test_compiled.py",
    "train/engines/layers.py": "contract/test_nets.py",
    "gradcheck/diagnosis/activations.py": "gradcheck/diagnosis/test_derivation.py",
    "gradcheck/diagnosis/losses.py": "gradcheck/diagnosis/test_derivation.py",
    "gradcheck/diagnosis/forms.py": "gradcheck/diagnosis/test_reading.py",
    "gradcheck/diagnosis/watched.py": "gradcheck/diagnosis/test_mending.py",
    "gradcheck/program/numeric_step.py": "gradcheck/program/test_watching.py",
    "gradcheck/program/patches.py": "gradcheck/program/test_slips.py",
    "gradcheck/program/patching.py": "gradcheck/diagnosis/test_patched.py",
    "gradcheck/repair/lines_around.py": "gradcheck/repair/test_candidates.py",
    "gradcheck/sandbox/landlock.py": "gradcheck/sandbox/test_confine.py",
    "gradcheck/sandbox/own_root.py": "gradcheck/sandbox/test_confine.py",
    "gradcheck/sandbox/process_limits.py": "gradcheck/sandbox/test_confine.py",
    "gradcheck/sandbox/seccomp.py": "gradcheck/sandbox/test_confine.py",
    "gradcheck/sandbox/system_calls.py": "gradcheck/sandbox/test_confine.py",
    "gradcheck/program/scalar.py": "gradcheck/program/test_local.py",
    "nets/torch_modules.py": "nets/test_pytorch.py",
    "train/journal.py": "train/test_population.py",
    "work/store.py": "experiments/test_reproduce.py",
    "examples/*.py": "cli/test_demo.py",
}
"""Modules without a test of their own, by name or for all of a folder that have none: where they are tested."""

NOT_TESTED = {
    "__main__.py": "one line, with which every test of a process begins",
    "arrays.py": "names of types",
    "errors.py": "errors, tested by who raises them",
}
"""Modules with nothing to test, and why."""

OF_NO_MODULE = {
    "browser/test_page.py": "the page as a browser shows it",
    "browser/test_kinds.py": "every kind of page as a browser shows it",
    "cli/test_signals.py": "commands that are interrupted and killed",
    "cli/test_surroundings.py": "commands in odd surroundings",
    "contract/*.py": "what holds for every component, the user's own too",
    "gradcheck/test_clones.py": "processes of the tests that cost no start of Python",
    "gradcheck/catalogue/test_catalogue.py": "the catalogue as a whole, which stands in its __init__",
    "gradcheck/catalogue/test_records.py": "the records of all families",
    "gradcheck/diagnosis/test_mistakes.py": "the mistakes of all areas",
    "gradcheck/program/test_steps.py": "programs whose gradient is seen by an update, and what objects hold beside it",
    "gradcheck/recognition/test_classes.py": "classes in the styles of several people",
    "gradcheck/recognition/test_recurrent_nets.py": "recurrent nets as different people write them",
    "gradcheck/recognition/test_recurrent_programs.py": "recurrent nets of files that do not run as a whole",
    "gradcheck/recognition/witnessed/test_recurrent_nets.py": "recurrent nets that are called as their files call them",
    "gradcheck/test_layers_as_written.py": "check_layer on layers in the styles of several people",
    "gradcheck/sandbox/test_hostile.py": "programs that try to get out",
    "gradcheck/test_right_programs.py": "right programs of odd styles and their wrong twins",
    "gradcheck/test_corpus.py": "right and wrong programs in many styles",
    "gradcheck/test_forged.py": "files that try to pass for right",
    "gradcheck/test_mutations.py": "programs with one change each",
    "gradcheck/test_precision.py": "programs in float32",
    "gradcheck/test_random_programs.py": "random programs in many styles",
    "gradcheck/test_refusals.py": "what a check refuses, from end to end",
    "gradcheck/test_styles.py": "programs as strangers write them",
    "searches/strategies/test_strategies.py": "what holds for every strategy",
    "test_architecture.py": "the page of the architecture",
    "test_cifar10.py": "recipes on real data",
    "test_contents.py": "the tables of contents of packages",
    "test_docs.py": "the documentation",
    "test_examples.py": "examples in docstrings",
    "test_mutated.py": "damaged files, given to whatever reads files",
    "test_old_files.py": "runs, checkpoints and settings of earlier versions",
    "test_torch_jax.py": "the page about PyTorch and JAX",
    "test_reports.py": "the list of the reports' sentences",
    "test_structure.py": "this one",
    "benchmark/*.py": "the benchmark of wrong backward passes, which is no part of the package",
    "work/test_chaos.py": "drivers and workers that are killed again and again",
    "work/test_cluster_without_ray.py": "clusters where Ray is not installed",
    "work/test_interrupted.py": "nets and folders that are interrupted, damaged, full",
    "work/test_kills.py": "whole commands that are killed",
    "work/test_rungs.py": "training in parts",
}
"""Tests that are of no one module, and what they are of."""

SAME_NAME = {
    "Cache": {"nn/affine.py", "nn/batchnorm.py"},
}
"""Classes of one name, known by their modules: what each layer of a net keeps."""

ALIASES = {"numpy": "np", "altair": "alt"}
"""Modules that everybody calls by another name."""


FILES = sorted(SOURCE.rglob("*.py"))
MODULES = [path.relative_to(SOURCE).as_posix() for path in FILES if path.name != "__init__.py"]


def mirrored(module: str) -> str:
    path = Path(module)
    return path.with_name(f"test_{path.name}").as_posix()


OWN_TEST = {module for module in MODULES if (TESTS / mirrored(module)).is_file()}
WITHOUT = sorted({*MODULES} - OWN_TEST - NOT_TESTED.keys())


def standing_for(name: str, table: dict[str, str]) -> list[str]:
    """The keys of a table that are a name or stand for all of its folder."""
    return [
        key
        for key in table
        if key == name or (key.endswith("/*.py") and Path(name).parent == Path(key).parent)
    ]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def named_types(path: Path) -> Iterator[str]:
    """Classes, and at the top aliases of types, which are written like classes."""
    tree = parsed(path)
    yield from (node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            name = target.id if isinstance(target, ast.Name) else ""
            if name.lstrip("_")[:1].isupper() and not name.isupper():
                yield name


def is_module(name: str) -> bool:
    """Whether a dotted name of ours is a module or a package."""
    place = SOURCE.parent.joinpath(*name.split("."))
    return place.is_dir() or place.with_suffix(".py").is_file()


def aliases(path: Path) -> Iterator[tuple[str, str]]:
    """Modules that a file imports under another name."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((each.name, each.asname) for each in node.names if each.asname)
        elif isinstance(node, ast.ImportFrom):
            inside = ((f"{node.module}.{each.name}", each.asname) for each in node.names if each.asname)
            yield from ((name, alias) for name, alias in inside if is_module(name))


@pytest.mark.parametrize("module", WITHOUT)
def test_a_module_without_a_test_of_its_name_is_tested_where_the_table_says(module: str) -> None:
    keys = standing_for(module, TESTED_TOGETHER)
    assert keys, f"write tests/{mirrored(module)}, or say in TESTED_TOGETHER where it is tested"
    (key,) = keys
    assert (TESTS / TESTED_TOGETHER[key]).is_file()


def test_the_tables_name_no_module_that_has_a_test_of_its_own_or_is_gone() -> None:
    needed = {key for module in WITHOUT for key in standing_for(module, TESTED_TOGETHER)}
    assert set(TESTED_TOGETHER) == needed
    assert set(NOT_TESTED) <= {*MODULES} - OWN_TEST


def test_every_test_is_that_of_a_module_or_is_said_to_be_of_none() -> None:
    tests = {path.relative_to(TESTS).as_posix() for path in TESTS.rglob("test_*.py")}
    others = tests - {mirrored(module) for module in OWN_TEST}
    assert {name for name in others if not standing_for(name, OF_NO_MODULE)} == set()
    assert {key for name in others for key in standing_for(name, OF_NO_MODULE)} == set(OF_NO_MODULE)


def test_what_many_modules_share_stands_in_a_wing_and_the_top_folder_is_small() -> None:
    files = [path.name for path in (SOURCE / "gradcheck").iterdir() if path.is_file()]
    assert len(files) <= MOST_IN_TOP_FOLDER, files


def test_the_name_of_a_type_is_given_once() -> None:
    places = defaultdict(list)
    for path in FILES:
        for name in named_types(path):
            places[name.lstrip("_")].append(path.relative_to(SOURCE).as_posix())
    shared = {name: set(files) for name, files in places.items() if len(files) > 1}
    assert shared == SAME_NAME
    assert all(len(places[name]) == len(files) for name, files in shared.items())


def test_a_module_is_called_by_its_own_name() -> None:
    every = {path.relative_to(SOURCE).as_posix(): set(aliases(path)) - set(ALIASES.items()) for path in FILES}
    assert {file: others for file, others in every.items() if others} == {}


def test_no_module_imports_another_that_comes_to_import_it() -> None:
    """Neither within functions nor for type hints."""
    graph = grimp.build_graph("chainrule", exclude_type_checking_imports=False, cache_dir=None)
    imports = ((a, b) for a in graph.modules for b in graph.find_modules_directly_imported_by(a))
    assert {pair for pair in imports if graph.find_shortest_chain(pair[1], pair[0])} == set()
