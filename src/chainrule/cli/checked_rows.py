"""The rows of a folder of submissions as they are found out, kept so that the same command goes on from there."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from importlib import metadata
from pathlib import Path

from chainrule.cli import checked
from chainrule.errors import StoreError
from chainrule.files import reported, write_text
from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.files.submissions import SubmissionRow
from chainrule.gradcheck.folder.entries import Submission
from chainrule.gradcheck.folder.fingerprint import fingerprint
from chainrule.gradcheck.program import source
from chainrule.records.checked import CheckedRow, CheckedSubmission

_FOLDER = "rows"


class CheckedRows:
    """What is known of the submissions of a folder.

    A submission is known from before as long as its contents are the same, and all else that its rows follow from: the
    options, the reference, the version, Python, the installed packages. Rows with which the checker could not cope are
    not.

    Attributes:
        submitted: all of them.
        known: the rows of those that have some.
    """

    def __init__(self, out: Path, submitted: Sequence[Submission], conditions: Conditions) -> None:
        """Read what ``out`` holds of them, and take away what it holds of others.

        Raises:
            StoreError: it cannot be read or written.
            CheckError: the reference cannot be read.
        """
        self.submitted, self._conditions = submitted, conditions
        self.known: dict[Submission, list[CheckedRow]] = {}
        self._folder = out / _FOLDER
        reference = source.content(conditions.against).hex() if conditions.against else ""
        about = _digest(json.dumps(asdict(conditions), default=str), reference, *_surroundings())
        self._keys = {submission: _digest(about, fingerprint(submission)) for submission in submitted}
        with reported(self._folder, "use the folder"):
            for submission in submitted:
                self._read(submission)
            for path in self._folder.glob("*.json"):
                if path not in {self._path(submission) for submission in self.known}:
                    path.unlink()

    @property
    def rows(self) -> list[CheckedRow]:
        """All that are known, by name."""
        every = [row for rows in self.known.values() for row in rows]
        return sorted(every, key=lambda row: row.submission)

    @property
    def unsettled(self) -> list[Submission]:
        """Those with an outcome of which more can be found out."""
        known = [submission for submission in self.submitted if submission in self.known]
        return [submission for submission in known if not all(row.settled for row in self.known[submission])]

    def timed_out(self, submission: Submission) -> bool:
        """Whether one of its programs ran for all the time that it was given."""
        return any(row.timed_out for row in self.known[submission])

    def keep(self, submission: Submission, rows: Sequence[SubmissionRow], conditions: Conditions) -> None:
        """Keep what came of a submission.

        An outcome that is known stays, unless it was that there was too little time: code that does another thing when
        it runs again does not get another outcome for it.

        Args:
            submission: which.
            rows: all of its.
            conditions: under which they were found out.

        Raises:
            StoreError: it cannot be written.
        """
        before = {row.submission: row for row in self.known.get(submission, ())}
        new = []
        for row in rows:
            old = before.get(row.submission)
            if old is None or old.timed_out or old.outcome == row.outcome:
                new.append(checked.record_of(row, self._is_settled(row, conditions), submission.path))
            else:
                words = f"not explained: another run of it came out otherwise ({row.outcome}; {row.words})"
                page = old.page.model_copy(update={"notes": [*old.page.notes, words]})
                new.append(old.model_copy(update={"words": words, "settled": True, "page": page}))
        self.known[submission] = new
        if not any(row.failed for row in rows):
            kept = CheckedSubmission(key=self._keys[submission], rows=new)
            write_text(self._path(submission), kept.to_json())

    def _path(self, submission: Submission) -> Path:
        return self._folder / f"{_digest(os.fsencode(submission.path.name).hex())}.json"

    def _read(self, submission: Submission) -> None:
        path = self._path(submission)
        if not path.exists():
            return
        try:
            kept = CheckedSubmission.read(path)
        except StoreError:
            # Damaged, or of another version: it is found out anew.
            return
        if kept.key == self._keys[submission]:
            self.known[submission] = kept.rows

    def _is_settled(self, row: SubmissionRow, conditions: Conditions) -> bool:
        """Whether no more can be found out: why it is wrong, or what comes of it with more time."""
        explained = conditions.explained or row.outcome not in ("wrong", "suspect")
        return explained and not (row.timed_out and conditions.limits != self._conditions.limits)


def _surroundings() -> list[str]:
    """What is installed: a program that did not run for want of a module may run with it."""
    packages = {f"{package.name} {package.version}" for package in metadata.distributions()}
    return [platform.python_version(), *sorted(packages)]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
