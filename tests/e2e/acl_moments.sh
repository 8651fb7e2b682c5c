#!/bin/bash
# Between any two system calls, and when killed at any of them, nobody has more access to a socket's directory, or to a socket that QEMU
# creates in it, than before or after: grants, revokes and new directories, also below one with a default ACL.
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run "$@"
command -v strace >/dev/null || host_skip "packages (no strace)"

for user in eve u1 mybro; do add_account "$user" ''; done
add_group team
join_group eve team
define_vm vm
UUID=$(vm_conf vm /domain/uuid)
QEMU=$(qemu_account)

# rights DIR…: a line "USER RIGHT PATH" for each access that the kernel allows to what is in DIR, and "USER opens PATH" for a socket that
# QEMU would create in each directory; names of unfinished directories are replaced by the final ones
cat >/run/host/rights.py <<'PY'
import os, pwd, re, socket, sys
qemu = [int(part) for part in sys.argv[1].split(":")]
paths = sorted({os.path.join(top, name) for start in sys.argv[2:] for top, dirs, files in os.walk(start) for name in dirs + files + [""]})
def act(uid, gid, groups, what):
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        os.setgroups(groups)
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
        os.umask(0o002)
        what()
        sys.stdout.flush()
        os._exit(0)
    os.waitpid(pid, 0)
def bind(path):
    try:
        held = socket.socket(socket.AF_UNIX)
        held.bind(path)
        held.listen()
    except OSError:
        pass
def final(path):
    return re.sub(r"/\.([^/]*?)(\.[0-9a-f]{16})?\.spicecfg-[^/]*", r"/\1", path).rstrip("/")
def look(name):
    for path in paths:
        for right, bit in (("r", os.R_OK), ("w", os.W_OK), ("x", os.X_OK)):
            if os.access(path, bit):
                print(name, right, final(path))
        if os.path.isdir(path) and os.access(path + "/probe", os.W_OK):
            print(name, "opens", final(path))
for path in paths:
    if os.path.isdir(path):
        act(qemu[0], qemu[1], [], lambda: bind(path + "/probe"))
for name in ["eve", "u1", "mybro"]:
    user = pwd.getpwnam(name)
    act(user.pw_uid, user.pw_gid, os.getgrouplist(name, user.pw_gid), lambda: look(name))
for path in paths:
    try:
        os.unlink(path + "/probe")
    except OSError:
        pass
PY
MOMENTS=
rights() { /usr/bin/python3 /run/host/rights.py "$QEMU" /var/spicex /srv | sort -u; }
CALLS=mkdir,mkdirat,chown,fchown,fchownat,chmod,fchmod,fchmodat,setxattr,fsetxattr,removexattr,fremovexattr,rename,renameat,renameat2,unlink,unlinkat

# moments WHAT RESET COMMAND…: runs it completely, then kills it before each of its changes; RESET restores the state before
moments() {
    local what=$1 reset=$2 before call n count moments=0 much=''
    shift 2
    $reset
    before=$(rights)
    expect_ok "$what" strace -qq -o /run/host/calls -e "trace=$CALLS" "$@"
    AFTER=$(rights)
    printf '%s\n' "$before" "$AFTER" | sort -u >/run/host/may
    while read -r count call; do
        for ((n = 1; n <= count; n++)); do
            $reset
            { strace -qq -o /dev/null -e "inject=$call:signal=KILL:when=$n" "$@" >/dev/null || true; } 2>/dev/null
            moments=$((moments + 1))
            much+=$(rights | comm -13 /run/host/may - | sed "s/^/before $call $n: /")
        done
    done < <(sed -n 's/^\([a-z0-9]*\)(.*/\1/p' /run/host/calls | sort | uniq -c)
    expect_eq "$what: nobody has more at any moment" "" "$much"
    expect_match "$what: there were moments" '^([2-9]|[1-5][0-9])$' "$moments"
    MOMENTS+=" $moments"
}

# with the journal of what was killed: what it would restore is not there any more
empty() { rm -rf /var/spicex /srv/* /var/lib/spicecfg; }
heirs() {
    empty
    mkdir -m 711 /var/spicex
    setfacl -d -m u:eve:rwx,u:u1:rw,g:team:rwx /var/spicex
}
cfg set-listen vm socket >/dev/null
moments "a directory below one with a default ACL" heirs "$SPICECFG" acl grant vm user:mybro
expect_eq "nobody else inherits anything" "" "$(grep -v ^mybro <<<"$AFTER" | grep "$UUID")"
granted() {
    empty
    "$SPICECFG" acl grant vm user:mybro user:u1 group:team >/dev/null
}
moments "a grant to one more" granted "$SPICECFG" acl grant vm user:eve
moments "a revoke" granted "$SPICECFG" acl revoke vm user:mybro group:team
moments "everything new" empty "$SPICECFG" acl grant vm group:team
planted() {
    granted
    setfacl -m u:eve:rwx "/var/spicex/$UUID"
}
moments "who could replace the socket" planted "$SPICECFG" acl grant vm user:mybro
expect_eq "can't any more" "" "$(grep "^eve w /var/spicex/$UUID\$" <<<"$AFTER")"

define_vm deep graphics="<graphics type='spice'><listen type='socket' socket='/srv/team/a/b/x.socket'/></graphics>"
team() {
    empty
    mkdir -m 755 /srv/team
    setfacl -d -m g:team:rwx,u:u1:rwx /srv/team
}
moments "two directories below one with a default ACL" team "$SPICECFG" acl grant deep user:mybro
expect_eq "the members of its group get nothing there" "" "$(grep '^eve [w/opens]* /srv/team/a' <<<"$AFTER")"

define_vm loose graphics="<graphics type='spice'><listen type='socket' socket='/srv/open/x.socket'/></graphics>"
open() {
    empty
    mkdir -m 755 /srv/open
    chown "$QEMU" /srv/open
    setfacl -m u:u1:r /srv/open
}
moments "a directory that others pass" open "$SPICECFG" acl grant loose user:mybro user:u1
moments "a listener and its directory" heirs "$SPICECFG" set-listen vm socket --allow user:mybro
printf "# moments:%s\n" "$MOMENTS"
