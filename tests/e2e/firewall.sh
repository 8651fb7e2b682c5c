#!/bin/bash
# firewall-open on a real packet filter: for each set of rules, what check reports about the console's port is what a client on another machine finds.
# The rule fires only if everybody certainly gets through, so that it may be silent for "reached", but never fires for "shut out".
# shellcheck disable=SC2034
HOST_NAME=mysrv.example.org
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
command -v nft iptables >/dev/null || host_skip "packages (no nftables, iptables)"
host_run "$@"

says() { cfg check debianx --format json | grep -q '"firewall-open"' && echo open || echo silent; }
try() { # MACHINE
    on_machine "$1" timeout 0.5 bash -c 'exec 3<>/dev/tcp/192.168.2.2/5950' 2>/dev/null && echo reached || echo "shut out"
}
# expect_rules WHAT SAYS LAPTOP OTHER: with the rules on stdin
expect_rules() {
    nft flush ruleset
    bash -e
    expect_eq "$1: check" "$2" "$(says)"
    expect_eq "$1: the laptop" "$3" "$(try mylap)"
    expect_eq "$1: another machine" "$4" "$(try other)"
}

add_machine mylap 192.168.2.22
add_machine other 192.168.2.33
define_vm debianx graphics="<graphics type='spice' port='5950' autoport='no' listen='0.0.0.0' passwd='sesame'/>"
vm_start debianx
FILTER='table inet f {\nchain i {\ntype filter hook input priority 0; policy %s\n%s\n}\n}'
rules() { printf "nft -f - <<'END'\n$FILTER\nEND\n" "$1" "$2"; }

expect_rules "no rules" open reached reached <<<''
expect_rules "all is dropped" silent "shut out" "shut out" < <(rules drop '')
expect_rules "the port is dropped" silent "shut out" "shut out" < <(rules accept 'tcp dport 5900-5999 drop')
expect_rules "another port is dropped" open reached reached < <(rules accept 'tcp dport { 5900-5949, 5951 } reject')
expect_rules "the port is accepted" open reached reached \
    < <(rules drop 'ct state vmap { established : accept, related : accept, invalid : drop }; iifname lo accept; tcp dport 5950 accept')
expect_rules "one client is accepted" silent reached "shut out" < <(rules drop 'ct state established accept; ip saddr 192.168.2.22 tcp dport 5950 accept')
expect_rules "all but one are" silent "shut out" reached < <(rules accept 'ip saddr 192.168.2.22 tcp dport 5950 drop')
expect_rules "two chains" silent "shut out" "shut out" < <(
    rules accept 'tcp dport 5950 accept'
    echo 'nft add table ip g; nft add chain ip g p "{ type filter hook prerouting priority -200; policy accept; }"; nft add rule ip g p tcp dport 5950 drop'
)
expect_rules "rules of iptables" silent "shut out" "shut out" < <(echo 'iptables -A INPUT -p tcp --dport 5950 -j DROP')
expect_rules "iptables, another port" open reached reached < <(echo 'iptables -A INPUT -p tcp --dport 5951 -j DROP')
expect_rules "an extension of iptables" silent "shut out" "shut out" \
    < <(echo 'iptables -A INPUT -p tcp -m multiport --dports 5950,5952 -j REJECT')
expect_rules "IPv6 rules don't affect IPv4" open reached reached < <(echo 'ip6tables -P INPUT DROP')

# --- the fix, with a chosen client
nft flush ruleset
FIX=$(cfg check debianx --format json |
    /usr/bin/python3 -c 'import json, sys; print([f["fix"] for f in json.load(sys.stdin)["results"][0]["findings"] if f["rule"] == "firewall-open"][0])')
eval "${FIX/CLIENT/192.168.2.22}"
expect_eq "after '$FIX'" silent "$(says)"
expect_eq "its client gets through" reached "$(try mylap)"
expect_eq "others are shut out" "shut out" "$(try other)"

# --- the facts, and who may ask
nft flush ruleset
bash < <(rules drop 'ct state established,related accept; tcp dport { 22, 5950-5960 } accept')
cfg host facts >facts.json
expect_eq "the facts name the ports" '["22", "5950-5960"]' "$(json_get open_ports.ipv4 <facts.json)"
virsh dumpxml debianx --inactive >debianx.xml
expect_match "and carry the rule" 'firewall-open' "$(cfg check --host-facts facts.json debianx.xml)"
sed -i "s/5950/5961/" debianx.xml
expect_no_match "a port that is shut" 'firewall-open' "$(cfg check --host-facts facts.json debianx.xml)"
nft flush ruleset
expect_eq "nothing filters" true "$(cfg host facts | json_get firewall_open)"
add_account anne ''
expect_no_match "without root privileges nothing is known" 'firewall-open' "$(as_user anne "$SPICECFG" check - <debianx.xml 2>&1 || true)"
