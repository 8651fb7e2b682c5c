# SPDX-License-Identifier: LGPL-2.1-or-later
"""Damages of an armed journal: what is done to it, and what has to become of it. A row: name, exit code of recover, the documents afterwards ("old": as before the
transaction, "same": untouched, "mixed": as many as possible are old, named ones are kept), the journal ("removed" or "kept"), and what the message names."""
import hashlib
import os
import shutil

ROWS = []
OTHER = 12345  # an account that is not the caller


def damage(code, documents, journal, says=""):
    def add(function):
        ROWS.append((function.__name__.replace("_", " "), function, code, documents, journal, says))
        return function
    return add


class Journal:
    """The armed transaction in a tree."""

    def __init__(self, tree, victim):
        self.tree, self.victim, self.state = tree, victim, f"{tree}/var/lib/spicecfg"
        self.tx = f"{self.state}/tx"
        self.id = os.listdir(self.tx)[0]
        self.dir = f"{self.tx}/{self.id}"
        self.plan = f"{self.dir}/plan"

    def lines(self):
        with open(self.plan, "rb") as file:
            return file.read().split(b"\n")[:-2]

    def write(self, lines):
        """A plan with a right digest."""
        text = b"".join(line + b"\n" for line in lines)
        with open(self.plan, "wb") as file:
            file.write(text + b"digest=" + hashlib.sha256(text).hexdigest().encode() + b"\n")

    def edit(self, change):
        self.write([out for line in self.lines() for out in [change(line)] if out is not None])

    def replace(self, begins, text):
        """The first line that begins so becomes another one."""
        lines = self.lines()
        at = next(n for n, line in enumerate(lines) if line.startswith(begins))
        lines[at] = text
        self.write(lines)

    def raw(self):
        with open(self.plan, "rb") as file:
            return file.read()

    def put(self, data):
        with open(self.plan, "wb") as file:
            file.write(data)

    def images(self):
        return sorted(os.listdir(f"{self.dir}/before"))

    def image(self):
        """The largest image: that of a document with contents."""
        return max((f"{self.dir}/before/{name}" for name in self.images()), key=os.path.getsize)

    def target(self):
        """A document that was exchanged already, and its step's lines."""
        return f"{self.tree}/etc/group"

    def step(self, *lines):
        """One more step behind the others."""
        number = sum(line.startswith(b"step=") for line in self.lines())
        self.write([*self.lines(), b"step=%d" % number, *lines])


def remove(path):
    shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.unlink(path)


# the plan as a file

@damage(0, "same", "removed")
def plan_is_cut(journal):
    journal.put(journal.raw()[:len(journal.raw()) // 2])


@damage(0, "same", "removed")
def plan_lacks_its_last_byte(journal):
    journal.put(journal.raw()[:-1])


@damage(0, "same", "removed")
def plan_is_empty(journal):
    journal.put(b"")


@damage(0, "same", "removed")
def plan_is_missing(journal):
    os.unlink(journal.plan)


@damage(0, "same", "removed")
def plan_is_zeros(journal):
    journal.put(bytes(len(journal.raw())))


@damage(0, "same", "removed")
def bit_of_a_step_is_flipped(journal):
    data = bytearray(journal.raw())
    data[len(data) // 2] ^= 4
    journal.put(bytes(data))


@damage(0, "same", "removed")
def bit_of_the_digest_is_flipped(journal):
    data = bytearray(journal.raw())
    data[-5] ^= 1
    journal.put(bytes(data))


@damage(0, "same", "removed")
def digest_is_missing(journal):
    journal.put(b"".join(line + b"\n" for line in journal.lines()))


@damage(0, "same", "removed")
def line_behind_the_digest(journal):
    journal.put(journal.raw() + b"path=/etc/passwd\n")


@damage(4, "same", "kept", "plan")
def plan_is_a_directory(journal):
    os.unlink(journal.plan)
    os.mkdir(journal.plan)


@damage(4, "same", "kept", "plan")
def plan_is_a_fifo(journal):
    os.unlink(journal.plan)
    os.mkfifo(journal.plan)


@damage(4, "same", "kept", "plan")
def plan_is_a_link(journal):
    os.rename(journal.plan, f"{journal.tree}/elsewhere")
    os.symlink("/elsewhere", journal.plan)


@damage(4, "same", "kept", "plan")
def plan_is_sparse_and_huge(journal):
    os.truncate(journal.plan, 1 << 40)


@damage(0, "old", "removed")
def plan_belongs_to_another(journal):
    os.chown(journal.plan, OTHER, OTHER)


@damage(0, "old", "removed")
def plan_is_writable_by_all(journal):
    os.chmod(journal.plan, 0o666)


# what the plan says, with a right digest

@damage(4, "same", "kept", "by this release")
def version_is_newer(journal):
    journal.replace(b"spicecfg-transaction=", b"spicecfg-transaction=2")


@damage(4, "same", "kept")
def version_is_no_number(journal):
    journal.replace(b"spicecfg-transaction=", b"spicecfg-transaction=one")


@damage(4, "same", "kept")
def version_overflows(journal):
    journal.replace(b"spicecfg-transaction=", b"spicecfg-transaction=18446744073709551617")


@damage(4, "same", "kept")
def key_is_unknown(journal):
    journal.replace(b"document=", b"colour=red")


@damage(4, "same", "kept")
def type_of_step_is_unknown(journal):
    journal.replace(b"type=", b"type=format")


@damage(4, "same", "kept")
def line_without_a_value(journal):
    journal.replace(b"document=", b"document")


@damage(4, "same", "kept")
def escape_is_broken(journal):
    journal.replace(b"document=", b"document=\\xz1")


@damage(4, "same", "kept")
def lines_end_with_cr(journal):
    journal.edit(lambda line: line + b"\r")


@damage(4, "same", "kept")
def id_is_of_another(journal):
    journal.replace(b"id=", b"id=20200101T000000-00000000")


@damage(4, "same", "kept")
def steps_are_numbered_wrongly(journal):
    journal.replace(b"step=1", b"step=7")


@damage(4, "same", "kept")
def path_climbs_out(journal):
    journal.replace(b"path=/etc/group", b"path=/etc/../../victim/kept")


@damage(4, "same", "kept")
def path_is_relative(journal):
    journal.replace(b"path=/etc/group", b"path=etc/group")


@damage(4, "same", "kept")
def path_is_the_root(journal):
    journal.replace(b"path=/etc/group", b"path=/")


@damage(4, "same", "kept")
def path_has_a_nul(journal):
    journal.replace(b"path=/etc/group", b"path=/etc/group\\x00/x")


@damage(4, "mixed", "kept", "/etc/group")
def path_is_too_long(journal):
    journal.replace(b"path=/etc/group", b"path=/" + b"a/" * 3000 + b"b")


@damage(4, "same", "kept")
def temp_name_climbs_out(journal):
    journal.replace(b"temp=", b"temp=../../../victim/.x.spicecfg-tmp")


@damage(4, "same", "kept")
def temp_name_is_a_document(journal):
    journal.replace(b"temp=", b"temp=passwd")


@damage(4, "same", "kept")
def owner_is_too_large(journal):
    journal.replace(b"before.owner=", b"before.owner=4294967296")


@damage(4, "same", "kept")
def owner_is_negative(journal):
    journal.replace(b"before.owner=", b"before.owner=-1")


@damage(4, "same", "kept")
def mode_is_too_large(journal):
    journal.replace(b"before.mode=", b"before.mode=177777")


@damage(4, "mixed", "kept", "debianx")
def size_is_huge(journal):
    journal.replace(b"before.size=", b"before.size=18446744073709551615")


@damage(4, "mixed", "kept", "debianx")
def attribute_is_huge(journal):
    journal.replace(b"before.mode=", b"before.xattr.user.big=" + b"x" * (1 << 20))


@damage(4, "mixed", "kept", "debianx")
def name_of_an_attribute_is_empty(journal):
    journal.replace(b"before.mode=", b"before.xattr.=x")


@damage(0, "old", "removed")
def many_attributes(journal):
    journal.step(b"type=mkdir", b"document=x", b"path=/srv/x", b"before.type=absent", b"after.type=directory", *[b"after.xattr.user.n%d=x" % n for n in range(100000)])


@damage(4, "same", "kept")
def line_is_huge(journal):
    journal.step(b"type=mkdir", b"document=" + b"x" * (32 << 20), b"path=/srv/x", b"before.type=absent", b"after.type=absent")


@damage(4, "same", "kept")
def many_steps(journal):
    first = sum(line.startswith(b"step=") for line in journal.lines())
    more = [line for n in range(100000) for line in (b"step=%d" % (first + n), b"type=mkdir", b"document=d", b"path=/srv/%d" % n, b"before.type=absent", b"after.type=directory")]
    journal.write([*journal.lines(), *more])


@damage(0, "old", "removed")
def ten_thousand_steps(journal):
    first = sum(line.startswith(b"step=") for line in journal.lines())
    more = [line for n in range(first, 10000) for line in (b"step=%d" % n, b"type=acl", b"document=/srv/%d" % n, b"path=/srv/%d" % n, b"before.type=absent", b"after.type=directory")]
    journal.write([*journal.lines(), *more])


@damage(4, "same", "kept", "by this release")
def step_is_outside_of_the_tree(journal):
    with open(f"{journal.victim}/kept", "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest().encode()
    journal.step(b"type=file", b"document=x", b"path=%s/kept" % os.fsencode(journal.victim), b"temp=.kept.0123456789abcdef.spicecfg-tmp", b"outside=yes", b"before.type=absent",
                 b"after.type=file", b"after.owner=0", b"after.group=0", b"after.mode=0644", b"after.size=4", b"after.digest=" + digest)


@damage(4, "same", "kept")
def step_defines_on_the_host(journal):
    journal.step(b"type=define", b"document=x", b"uri=test:///default", b"uuid=2f3c1f0e-6d5a-4f0b-9d86-0c2b1f7b9f10", b"before.type=definition", b"before.size=1",
                 b"before.digest=" + b"0" * 64, b"after.type=definition")


@damage(0, "old", "removed")
def step_restarts_a_daemon(journal):
    journal.step(b"type=action", b"document=x", b"action=restart-daemon", b"argument-1=libvirtd")


@damage(0, "old", "removed")
def step_calls_an_unknown_action(journal):
    journal.step(b"type=action", b"document=x", b"action=/bin/touch", b"argument-1=%s/made" % os.fsencode(journal.victim))


# images

@damage(4, "mixed", "kept", "copy of its old contents")
def image_is_missing(journal):
    os.unlink(journal.image())


@damage(4, "mixed", "kept", "copy of its old contents")
def image_has_other_bytes(journal):
    with open(journal.image(), "r+b") as file:
        file.write(b"X")


@damage(4, "mixed", "kept", "copy of its old contents")
def image_is_cut(journal):
    os.truncate(journal.image(), 3)


@damage(4, "mixed", "kept", "copy of its old contents")
def image_is_a_directory(journal):
    image = journal.image()
    os.unlink(image)
    os.mkdir(image)


@damage(4, "mixed", "kept", "copy of its old contents")
def image_is_a_fifo(journal):
    image = journal.image()
    os.unlink(image)
    os.mkfifo(image)


@damage(4, "mixed", "kept", "copy of its old contents")
def image_is_a_link_out_of_the_tree(journal):
    image = journal.image()
    os.unlink(image)
    os.symlink(f"{journal.victim}/secret", image)


@damage(4, "mixed", "kept", "copy of its old contents")
def all_images_are_missing(journal):
    shutil.rmtree(f"{journal.dir}/before")


# documents

@damage(4, "mixed", "kept", "/etc/group")
def document_was_changed_by_another(journal):
    with open(journal.target(), "ab") as file:
        file.write(b"other:x:5000:\n")


@damage(4, "mixed", "kept", "/etc/group")
def document_became_a_directory(journal):
    os.unlink(journal.target())
    os.mkdir(journal.target())


@damage(4, "mixed", "kept", "/etc/group")
def document_became_a_link_out_of_the_tree(journal):
    os.unlink(journal.target())
    os.symlink(f"{journal.victim}/kept", journal.target())


@damage(4, "mixed", "kept", "/etc/pam.d")
def directory_became_a_link_out_of_the_tree(journal):
    os.rename(f"{journal.tree}/etc/pam.d", f"{journal.tree}/etc/pam.moved")
    os.symlink(journal.victim, f"{journal.tree}/etc/pam.d")


@damage(4, "mixed", "kept")
def directory_is_missing(journal):
    shutil.rmtree(f"{journal.tree}/etc/libvirt/qemu")


# directories of the journal

@damage(4, "same", "kept", "spicecfg")
def state_directory_is_writable_by_all(journal):
    os.chmod(journal.state, 0o777)


@damage(4, "same", "kept", "spicecfg")
def state_directory_belongs_to_another(journal):
    os.chown(journal.state, OTHER, OTHER)


@damage(0, "same", "kept")
def state_directory_is_a_link_out_of_the_tree(journal):
    shutil.move(journal.state, f"{journal.victim}/state")
    os.symlink(f"{journal.victim}/state", journal.state)


@damage(0, "same", "kept")
def state_directory_is_a_file(journal):
    remove(journal.state)
    with open(journal.state, "w", encoding="ascii"):
        pass


@damage(4, "same", "kept", "spicecfg")
def list_of_transactions_is_writable_by_all(journal):
    os.chmod(journal.tx, 0o777)


@damage(0, "same", "kept")
def list_of_transactions_is_a_link(journal):
    os.rename(journal.tx, f"{journal.tree}/tx")
    os.symlink("/tx", journal.tx)


@damage(0, "old", "removed")
def transaction_belongs_to_another(journal):
    os.chown(journal.dir, OTHER, OTHER)


@damage(0, "old", "removed")
def transaction_is_writable_by_all(journal):
    os.chmod(journal.dir, 0o777)


@damage(0, "same", "kept")
def transaction_is_a_link(journal):
    os.rename(journal.dir, f"{journal.tree}/moved")
    os.symlink("/moved", journal.dir)


@damage(0, "old", "kept")
def name_of_a_transaction_is_not_ours(journal):
    os.mkdir(f"{journal.tx}/lost+found")


@damage(0, "old", "kept")
def transaction_is_a_file(journal):
    with open(f"{journal.tx}/20200101T000000-0123456789abcdef", "w", encoding="ascii"):
        pass


@damage(0, "old", "removed")
def thousand_empty_transactions(journal):
    number = int(journal.id[-4:], 16)
    for later in range(1, 1001):
        os.mkdir(f"{journal.tx}/{journal.id[:-4]}{(number + later) % 0x10000:04x}", 0o700)
