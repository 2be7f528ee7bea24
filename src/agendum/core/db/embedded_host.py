"""What the embedded PostgreSQL asks of its host: a user that is not root, ways to its folders, locks."""

# ruff: noqa: S603, S607 - the programs are `test` and `useradd`, their arguments are ours
import contextlib
import fcntl
import os
import pwd
import struct
import subprocess
from collections.abc import Generator
from pathlib import Path
from typing import Any, NamedTuple, Self

import psutil

_ENV = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}  # none of the PG* variables, which change the server
_SYSTEM_USER = "agendum"
_USERADD = f"/usr/sbin/useradd --system --user-group --no-create-home --shell=/bin/false {_SYSTEM_USER}"


class EmbeddedError(Exception):
    """One line that says what is wrong and what to do about it."""


@contextlib.contextmanager
def plainly() -> Generator[None]:
    """What the system refuses (no permission, disk full, no locks on this file system), in one line."""
    try:
        yield
    except (FileExistsError, NotADirectoryError) as error:
        raise EmbeddedError(f"{error.strerror}: '{error.filename}': give another data folder") from error
    except (OSError, psutil.Error, subprocess.SubprocessError) as error:
        raise EmbeddedError(f"the embedded PostgreSQL cannot run: {error}") from error


class Account(NamedTuple):
    """Whom PostgreSQL runs as."""

    uid: int
    gid: int

    @classmethod
    def of(cls, cluster: Path, data_dir: Path) -> Self:
        """Me. For root: the owner of the cluster or of the data folder, or the system user "agendum"."""
        owners = [folder.stat() for folder in (cluster, data_dir) if folder.exists()]
        if me := os.geteuid():
            if cluster.exists() and owners[0].st_uid != me:
                raise EmbeddedError(f"{cluster} belongs to {name(owners[0].st_uid)}: run Agendum as that user")
            return cls(me, os.getegid())
        for owner in owners:
            if owner.st_uid:
                return cls(owner.st_uid, owner.st_gid)
        return cls._system()

    @classmethod
    def _system(cls) -> Self:
        """The system user "agendum", made when it is missing."""
        for make in (_USERADD.split(), None):
            with contextlib.suppress(KeyError):
                entry = pwd.getpwnam(_SYSTEM_USER)
                return cls(entry.pw_uid, entry.pw_gid)
            with contextlib.suppress(FileNotFoundError):
                if make:
                    subprocess.run(make, capture_output=True, check=False)
        raise EmbeddedError(
            "PostgreSQL refuses to run as root and no user could be made for it: "
            f"run `{_USERADD}`, or run Agendum as an ordinary user"
        )

    @property
    def spawn(self) -> dict[str, Any]:
        """For subprocess: as this user, in a session of its own that Ctrl-C does not reach."""
        user = {} if os.geteuid() else {"user": self.uid, "group": self.gid, "extra_groups": []}
        return {"cwd": "/", "env": _ENV, "umask": 0o077, "start_new_session": True, **user}

    def own(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def own_tree(self, tree: Path) -> None:
        """For what root restored from a backup. The top comes last: killed half-way, this is done again."""
        for folder, _, files in os.walk(tree, topdown=False):
            for file in files:
                self.own(Path(folder, file))
            self.own(Path(folder))

    def make_private(self, folder: Path) -> None:
        """A folder that only this user enters, in a place where everybody may put one."""
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            self.own(folder)
        found = folder.lstat()
        if folder.is_symlink() or found.st_uid != self.uid or found.st_mode & 0o077:
            raise EmbeddedError(f"{folder} belongs to {name(found.st_uid)} or is open to others, remove it")

    def reach(self, *folders: Path) -> None:
        """When I am root: see that this user gets to the folders, with no more change than that takes."""
        if os.geteuid():
            return
        for folder in folders:
            steps = () if self._passes(folder) else (*reversed(folder.parents), folder)
            for step in steps:
                if not self._passes(step):
                    _let_through(step, self.uid)

    def _passes(self, folder: Path) -> bool:
        return subprocess.run(["test", "-x", folder], **self.spawn, check=False).returncode == 0


def publish(*trees: Path) -> None:
    """Let everybody read and run what root installed under umask 077. For what is no secret anyway."""
    for tree in trees:
        if os.geteuid() == 0 and tree.stat().st_mode & 0o005 != 0o005:
            for path in (*tree.rglob("*"), tree):
                mode = path.stat().st_mode
                path.chmod(mode | (0o055 if mode & 0o100 else 0o044))


def _let_through(folder: Path, uid: int) -> None:
    """`setfacl -m u:UID:x FOLDER`: one user more may pass through, not read, and nobody else anything.

    The entries of an access control list are (tag, permissions, id), in this order, see acl(5).
    """
    owner, user, group, mask, other, nobody = 0x01, 0x02, 0x04, 0x10, 0x20, 0xFFFFFFFF
    acl, mode = "system.posix_acl_access", folder.stat().st_mode
    try:
        entries = {(owner, nobody): mode >> 6 & 7, (group, nobody): mode >> 3 & 7, (other, nobody): mode & 7}
        if acl in os.listxattr(folder):
            found = struct.iter_unpack("<HHI", os.getxattr(folder, acl)[4:])
            entries = {(tag, who): permissions for tag, permissions, who in found}
        entries[user, uid] = entries.get((user, uid), 0) | 1
        entries[mask, nobody] = entries.get((mask, nobody), entries[group, nobody]) | 1
        packed = [struct.pack("<HHI", tag, entries[tag, who], who) for tag, who in sorted(entries)]
        os.setxattr(folder, acl, struct.pack("<I", 2) + b"".join(packed))
    except (OSError, AttributeError):  # a file system, or a system, without such lists
        raise EmbeddedError(
            f"{name(uid)}, who runs PostgreSQL, cannot pass through {folder}: "
            f"run `chmod o+x {folder}`, or keep Agendum and its data elsewhere"
        ) from None


def name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def private_file(path: Path) -> int:
    """A private file, made when missing, never a link; its folder's owner's, even when root makes it."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    owner = path.parent.stat()
    if os.geteuid() == 0 and owner.st_uid:
        os.fchown(file, owner.st_uid, owner.st_gid)
    return file


@contextlib.contextmanager
def opened(path: Path) -> Generator[int]:
    """A private file, or a folder, and with it the locks on it, until the end of the block."""
    file = os.open(path, os.O_RDONLY) if path.is_dir() else private_file(path)
    try:
        yield file
    finally:
        os.close(file)


def try_lock(file: int) -> bool:
    """Lock it for this descriptor and those who inherit it; False if another one has a lock on it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
