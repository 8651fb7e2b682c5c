#!/bin/bash
# PAM files in a check of the whole host: the host's file is reported for the host, a VM's own for that VM, each where saslauthd uses it. Each
# fault is fixed by the command that the finding prints, run as printed, and then the right account gets in and the other does not.
# shellcheck disable=SC2034
HOST_NAME=mysrv.example.org
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run "$@"

spicecfg() { "$SPICECFG" "$@"; }
finding() { # TARGET RULE FIELD
    /usr/bin/python3 -c '
import json, sys
for result in json.load(open("/run/host/check.json"))["results"]:
    for finding in result["findings"]:
        if (result["target"], finding["rule"]) == (sys.argv[1], sys.argv[2]):
            print(finding.get(sys.argv[3], "")); sys.exit()' "$@"
}
check() { spicecfg check --format json >/run/host/check.json || true; }
# fixes TARGET RULE LEVEL/CLASS WHAT
fixes() {
    local fix
    check
    expect_eq "$4: $2 of $1" "$3" "$(finding "$1" "$2" level)/$(finding "$1" "$2" class)"
    fix=$(finding "$1" "$2" fix)
    expect_match "$4: it names a command" '^(spicecfg|chown) ' "$fix"
    eval "${fix/NAME/anne}" >/run/host/fix.log 2>&1 || cat /run/host/fix.log
    check
    expect_eq "after '$fix'" "" "$(finding "$1" "$2" message)"
}
admits() { spicecfg pam test "$1" "${@:2}" <<<s3pam >/dev/null 2>&1 && echo yes || echo no; }

add_account anne s3pam
add_account ralph s3pam
spicecfg pki init >/dev/null
spicecfg pki issue >/dev/null
qemu_conf 'spice_tls = 1' 'spice_sasl = 1'
define_vm office graphics="<graphics type='spice' autoport='no' tlsPort='20002' listen='0.0.0.0' defaultMode='secure'/>"
define_vm debianx graphics="<graphics type='spice' autoport='no' tlsPort='20004' listen='0.0.0.0' defaultMode='secure'/>"

# --- the host's file, where saslauthd is used
spicecfg sasl set >/dev/null
check
expect_eq "with sasldb nobody asks PAM" "" "$(finding host pam-file-missing message)"
spicecfg sasl set --backend saslauthd >/dev/null
fixes host pam-file-missing warning/effect "no file of the service"
expect_eq "anne gets in" yes "$(admits anne)"
FILE=/etc/pam.d/spice
printf 'auth requird pam_unix.so\naccount required pam_unix.so\n' >$FILE
expect_eq "a broken line lets nobody in" no "$(admits anne)"
fixes host pam-broken-line error/effect "a broken line"
printf 'auth required pam_nowhere.so\naccount required pam_unix.so\n' >$FILE
fixes host pam-missing-module error/effect "a module that is not there"
printf 'auth required pam_unix.so\n' >$FILE
fixes host pam-no-rule error/effect "no rule of a type"
printf 'auth sufficient pam_permit.so\naccount required pam_permit.so\n' >$FILE
fixes host pam-admits-all error/security "everybody gets in"
printf 'auth requisite pam_deny.so\naccount required pam_unix.so\n' >$FILE
fixes host pam-admits-nobody warning/effect "nobody gets in"
chmod 666 $FILE
fixes host pam-writable error/security "others may write it"
expect_eq "anne gets in again" yes "$(admits anne)"

# --- a VM's own file
spicecfg sasl set --vm debianx --backend saslauthd >/dev/null
fixes debianx pam-file-missing warning/effect "no file of the VM's"
expect_eq "anne gets in" yes "$(admits anne --vm debianx)"
expect_eq "ralph does not" no "$(admits ralph --vm debianx)"
FILE=/etc/spicecfg/pam/$(vm_conf debianx /domain/uuid)
printf 'auth sufficient pam_permit.so\naccount required pam_permit.so\n' >"$FILE"
expect_eq "everybody gets in" yes "$(admits ralph --vm debianx)"
fixes debianx pam-admits-all error/security "everybody gets in"
expect_eq "ralph no longer" no "$(admits ralph --vm debianx)"
expect_eq "anne does" yes "$(admits anne --vm debianx)"
printf 'auth required pam_nowhere.so\naccount required pam_unix.so\n' >"$FILE"
fixes debianx pam-missing-module error/effect "a module that is not there"
chmod 646 "$FILE"
fixes debianx pam-writable error/security "others may write it"
check
expect_eq "the other VM uses the host's file" "" "$(finding office pam-file-missing message)"

# --- a delay for which QEMU waits, through an include
spicecfg pam install --force >/dev/null
FILE=/etc/pam.d/spice
expect_match "what is installed has nodelay" 'pam_unix.so.* nodelay' "$(grep ^auth $FILE)"
expect_eq "and the rules of the host's stack otherwise" "$(sed -nE 's/^auth[[:space:]]+//p' /etc/pam.d/common-auth | tr -s ' \t' ' ' | sed 's/ $//')" \
    "$(sed -nE '/nologin/d; s/ nodelay//; s/^auth[[:space:]]+//p' $FILE | tr -s ' \t' ' ' | sed 's/ $//')"
sed -i '/^auth .*pam_unix/,/^auth.*permit/d; s/^# common-auth.*/@include common-auth/' $FILE
fixes host pam-nodelay warning/effect "no nodelay in common-auth"

# --- pam_time: "never" for anne, in lines that the real module ignores or misreads
printf 'auth required pam_permit.so\naccount required pam_time.so conffile=/srv/time.conf\naccount required pam_permit.so\n' >$FILE
rm -f /srv/time.conf
check
expect_eq "no file: everybody gets in" yes "$(admits anne)"
expect_eq "and check says so" "error/security $FILE:2" "$(finding host pam-time-file level)/$(finding host pam-time-file class) $(finding host pam-time-file file):$(finding host pam-time-file line)"
times() { # ADMITTED PLACE LINE
    printf "$3" >/srv/time.conf
    expect_eq "'${3:0:50}': Linux-PAM" "$1" "$(admits anne)"
    expect_eq "'${3:0:50}': check" "$2" "$(spicecfg pam check | sed -nE 's|^/srv/time.conf:([0-9:]*): error: .*\[pam-time-line\]$|\1|p')"
}
# which file the module reads: the brackets of an argument are removed, and the last of several is used
printf 'spice;*;anne;!Al0000-2400\n' >/srv/good.conf
args() { # ADMITTED PLACE ARGUMENTS
    printf 'auth required pam_permit.so\naccount required pam_time.so %s\naccount required pam_permit.so\n' "$3" >$FILE
    expect_eq "pam_time.so $3: Linux-PAM" "$1" "$(admits anne)"
    expect_eq "pam_time.so $3: check" "$2" "$(spicecfg pam check | sed -nE 's,^([^ ]*): error: .*\[pam-time-(line|file)\]$,\1,p')"
}
printf 'spice;*;@anne;!Al0000-2400\n' >/srv/time.conf
args no '' 'conffile=/srv/good.conf'
args no '' '[conffile=/srv/good.conf]'
args yes /srv/time.conf:1:9 '[conffile=/srv/time.conf]'
args yes /srv/time.conf:1:9 'conffile=/srv/good.conf [conffile=/srv/time.conf]'
args no '' '[conffile=/srv/time.conf] debug conffile=/srv/good.conf conffile='
cp /srv/good.conf '/srv/a b]'
args no '' '[conffile=/srv/a b\]]'
args yes $FILE:2:1 'conffile=/srv/good.conf [conffile=/srv/none]'
# a line with an unknown type: every login fails
for type in acount "account$(printf '\240')required" spice; do
    printf 'auth required pam_permit.so\n%s required pam_deny.so\naccount required pam_permit.so\n' "$type" >$FILE
    expect_eq "'$type': Linux-PAM" no "$(admits anne)"
    expect_match "'$type': check" "^$FILE:2(:1)?: error: the type is not .*pam-broken-line" "$(spicecfg pam check)"
done
printf 'auth required pam_permit.so\naccount required pam_time.so conffile=/srv/time.conf\naccount required pam_permit.so\n' >$FILE
long() { printf 'u%.0s' $(seq "$1"); }
times no '' 'spice;*;anne;!Al0000-2400\n'
times no '' '# c\n\n spice|x ; * ; ralph | anne ; !Al0000-2400 # y\r\n'
times no '' "spice;*;$(long 994)|anne;!Al0000-2400\n"
times yes 1:1 "spice;*;$(long 995)|anne;!Al0000-2400\n"
times yes 1:9 'spice;*;@anne;!Al0000-2400\n'
times no 1:9 'spice;*;%%anne;!Al0000-2400\n'
times yes 1:14 'spice;*;ralph,anne;!Al0000-2400\n'
times yes 1:7 'spice;tty1;anne;!Al0000-2400\n'
times yes 2:1 '\nspice;anne;!Al0000-2400\n'
times yes 1:1 'spice;*;anne;!Al0000-2400;\n'
times yes 1:14 'spice;*;anne;Al0900-0900\n'
times yes 1:14 'spice;*;anne;Al0000-2900\n'
times yes 1:14 'spice;*;anne;Al08:00-08:01\n'
times no 1:1 'spice;*;anne;Al0000-2400'
check
expect_eq "check of the host reports the position" "/srv/time.conf:1:1" "$(finding host pam-time-line file):$(finding host pam-time-line line):$(finding host pam-time-line column)"
