# SPDX-License-Identifier: GPL-2.0
"""The files of a tree: the work tree, a commit, or a folder outside of git."""
import io
import os
import subprocess
import tarfile
import tempfile

from source import Source


class Tree:
    """A folder, and the paths in it, relative and sorted."""

    def __init__(self, root):
        self.root = root
        self.paths = sorted(_tracked(root) or _walked(root))
        self._sources = {}

    def read(self, path):
        with open(os.path.join(self.root, path), encoding='utf-8',
                  errors='replace') as file:
            return file.read()

    def below(self, folder, *endings):
        """Paths below @folder, with one of @endings if there are such."""
        return [path for path in self.paths if path.startswith(folder + '/')
                and (not endings or path.endswith(endings))]

    def sources(self, folder):
        """Each file of C below @folder; a file is parsed once."""
        for path in self.below(folder, '.c', '.h'):
            if path not in self._sources:
                self._sources[path] = Source(path, self.read(path))
            yield self._sources[path]


def _tracked(root):
    """Paths that git has or would take; none if @root is no work tree's top."""
    git = ['git', '-C', root]
    try:
        top = subprocess.run(git + ['rev-parse', '--show-toplevel'],
                             capture_output=True, text=True, check=True)
        if os.path.realpath(top.stdout.strip()) != os.path.realpath(root):
            return []
        names = subprocess.run(git + ['ls-files', '-z', '-co', '--exclude-standard'],
                               capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    return [path for path in set(names.stdout.split('\0'))
            if path and os.path.isfile(os.path.join(root, path))]


def _walked(root):
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders
                      if name not in ('.git', 'build', '__pycache__')]
        for name in names:
            yield os.path.relpath(os.path.join(folder, name), root)


def of_commit(top, commit):
    """A context with the Tree of @commit, unpacked into a temporary folder."""
    archive = subprocess.run(['git', '-C', top, 'archive', commit],
                             stdout=subprocess.PIPE, check=True)
    folder = tempfile.TemporaryDirectory(prefix='house-')
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
        tar.extractall(folder.name)
    return folder
