#!/usr/bin/env python3
"""Bad input: right exit code, one message, nothing changed. Rows of the table: STATUS | words of the message (regex) | arguments.

In the arguments: @NAME is a file with that name made by fixtures() in an empty directory; a row that starts with 'user:' runs as an
unprivileged account; 'stdin:NAME' before the arguments makes that file stdin; quotes are as in a shell."""
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

PROGRAM, TABLE = sys.argv[1:3]
COPY = None

GOOD = """<domain type='kvm'>
  <name>vm</name>
  <memory unit='MiB'>64</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <devices>
    <graphics type='spice' autoport='yes' listen='127.0.0.1'>
      <listen type='address' address='127.0.0.1'/>
    </graphics>
    <video>
      <model type='qxl' ram='65536' vram='65536' vgamem='16384' heads='1' primary='yes'/>
    </video>
  </devices>
</domain>
"""


def fixtures(directory):
    files = {
        'good.xml': GOOD,
        'empty.xml': '',
        'text.xml': 'no xml at all\n',
        'truncated.xml': GOOD[:200],
        'unclosed.xml': GOOD.replace('</video>', ''),
        'wrongend.xml': GOOD.replace('</video>', '</vidoe>'),
        'amp.xml': GOOD.replace('<name>vm', '<name>v&m'),
        'twice.xml': GOOD.replace("heads='1'", "heads='1' heads='2'"),
        'noquote.xml': GOOD.replace("heads='1'", 'heads=1'),
        'dtd.xml': '<!DOCTYPE domain>\n' + GOOD,
        'bomb.xml': '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>\n' + GOOD.replace('vm<', '&b;<'),
        'external.xml': '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>\n' + GOOD.replace('vm<', '&x;<'),
        'entity.xml': GOOD.replace('vm<', '&unknown;<'),
        'network.xml': '<network><name>default</name></network>\n',
        'namespace.xml': "<domain type='kvm' xmlns='urn:x'><name>a</name></domain>\n",
        'snapshot.xml': '<domainsnapshot>' + GOOD + '</domainsnapshot>\n',
        'nul.xml': GOOD.replace('vm<', 'v\0m<'),
        'control.xml': GOOD.replace('vm<', 'v\x01m<'),
        'nodevices.xml': "<domain type='kvm'><name>vm</name></domain>\n",
        'nographics.xml': re.sub(r'(?s)    <graphics.*</graphics>\n', '', GOOD),
        'vnc.xml': GOOD.replace("type='spice'", "type='vnc'"),
        'two.xml': GOOD.replace('    <video>', "    <graphics type='spice' autoport='yes'/>\n    <video>"),
        'vga.xml': GOOD.replace("type='qxl' ram='65536' vram='65536' vgamem='16384' heads='1' primary='yes'", "type='vga'"),
        'none.xml': GOOD.replace("type='qxl' ram='65536' vram='65536' vgamem='16384' heads='1' primary='yes'", "type='none'"),
        'socket.xml': re.sub(r"(?s)    <graphics.*</graphics>\n", "    <graphics type='spice'><listen type='socket' socket='/var/spicex/s'/></graphics>\n", GOOD),
        'tls.xml': GOOD.replace("autoport='yes'", "tlsPort='20002' autoport='no' defaultMode='secure'"),
        'huge.xml': GOOD + '<!-- ' + 'x' * (4 * 1024 * 1024) + ' -->\n',
        'deep.xml': '<domain>' + '<a>' * 3000 + '</a>' * 3000 + '</domain>\n',
        'long60': 'p' * 60 + '\n',
        'emptypass': '\n',
        'pass': 'sesame\n',
        'control.pass': 'a\tb\n',
    }
    for name, text in files.items():
        with open(os.path.join(directory, name), 'w', encoding='utf-8', newline='') as out:
            out.write(text)
    with open(os.path.join(directory, 'utf16.xml'), 'wb') as out:
        out.write(('<?xml version="1.0" encoding="UTF-16"?>\n' + GOOD).encode('utf-16'))
    with open(os.path.join(directory, 'badutf8.xml'), 'wb') as out:
        out.write(GOOD.replace('vm<', 'v\udcffm<').encode('utf-8', 'surrogateescape'))
    with open(os.path.join(directory, 'sjis.xml'), 'wb') as out:
        out.write(("<?xml version='1.0' encoding='Shift_JIS'?>\n" + GOOD.replace('vm<', '仮<')).encode('shift_jis'))
    os.mkdir(os.path.join(directory, 'directory.xml'))
    os.mkfifo(os.path.join(directory, 'fifo'))
    os.symlink('nowhere', os.path.join(directory, 'dangling.xml'))
    shutil.copy(os.path.join(directory, 'good.xml'), os.path.join(directory, 'secret.xml'))
    os.chmod(os.path.join(directory, 'secret.xml'), 0)
    os.mkdir(os.path.join(directory, 'closed'))
    shutil.copy(os.path.join(directory, 'good.xml'), os.path.join(directory, 'closed', 'good.xml'))
    os.chmod(os.path.join(directory, 'closed'), 0o555)
    os.makedirs(os.path.join(directory, 'root/etc/libvirt/qemu'))
    shutil.copy(os.path.join(directory, 'good.xml'), os.path.join(directory, 'root/etc/libvirt/qemu/vm.xml'))
    os.symlink('/etc/hostname', os.path.join(directory, 'root/etc/libvirt/qemu/out.xml'))
    os.makedirs(os.path.join(directory, 'emptyroot'))


def state(directory):
    seen = []
    for top, directories, files in os.walk(directory):
        for name in sorted(directories + files):
            path = os.path.join(top, name)
            info = os.lstat(path)
            digest = ''
            if os.path.isfile(path) and not os.path.islink(path) and os.access(path, os.R_OK):
                with open(path, 'rb') as data:
                    digest = hashlib.sha256(data.read()).hexdigest()
            seen.append((path, info.st_mode, info.st_ino, info.st_mtime_ns, digest))
    return sorted(seen)


def for_everybody(directory):
    """A copy of the program that an unprivileged account can run, wherever the source tree is."""
    os.chmod(directory, 0o755)
    return shutil.copy(PROGRAM, directory)


def run_row(directory, status, message, arguments, before):
    problems = []
    words = arguments.strip()
    as_user = words.startswith('user:')
    words = words[5:] if as_user else words
    feed = None
    match = re.match(r'stdin:(\S+) (.*)', words)
    if match:
        feed, words = match.groups()
    words = [re.sub(r'@([\w./-]+)', lambda m: os.path.join(directory, m.group(1)), word) for word in shlex.split(words)]
    command = [PROGRAM] + words
    if as_user and os.geteuid() == 0:
        command = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--', COPY] + words
    stdin = open(os.path.join(directory, feed), 'rb') if feed else subprocess.DEVNULL
    environment = {'PATH': os.environ['PATH'], 'LC_ALL': 'C.UTF-8', 'HOME': directory}
    if as_user:
        environment['LD_LIBRARY_PATH'] = os.path.dirname(COPY)
    environment.update({name: value for name, value in os.environ.items() if name.startswith(('ASAN', 'UBSAN', 'LSAN', 'LLVM'))})
    done = subprocess.run(command, stdin=stdin, capture_output=True, timeout=60, env=environment, cwd=directory)
    if feed:
        stdin.close()
    error = done.stderr.decode('utf-8', 'replace')
    if done.returncode != int(status):
        problems.append('exit %d, expected %s' % (done.returncode, status))
    if not re.search(message.strip(), error):
        problems.append('the message does not match /%s/' % message.strip())
    lines = [line for line in error.splitlines() if line.startswith('spicecfg: ') and not line.startswith('spicecfg: warning')]
    if len(lines) != 1:
        problems.append('%d messages, expected one' % len(lines))
    if done.stdout and int(status) != 1:
        problems.append('something on stdout')
    if state(directory) != before:
        problems.append('something was changed')
    if problems:
        print('not ok: spicecfg %s\n  %s\n  %s' % (arguments.strip(), '; '.join(problems), error.strip().replace('\n', '\n  ')))
    return not problems


def main():
    with open(TABLE, encoding='utf-8') as table:
        rows = [line.rstrip('\n').split('|', 2) for line in table if line.strip() and not line.startswith('#')]
    directory = tempfile.mkdtemp(prefix='spicecfg-bad-')
    copies = tempfile.mkdtemp(prefix='spicecfg-bin-')
    global COPY
    COPY = for_everybody(copies)
    try:
        os.chmod(directory, 0o755)
        fixtures(directory)
        before = state(directory)
        good = 0
        for row in rows:
            good += run_row(directory, *row, before)
            before = state(directory)
    finally:
        subprocess.run(['chmod', '-R', 'u+rwx', directory], check=False)
        shutil.rmtree(directory)
        shutil.rmtree(copies)
    print('%d passed, %d failed' % (good, len(rows) - good))
    sys.exit(good != len(rows))


main()
