# Debian packages by purpose. Sourced by quick-start and run-tests.
BUILD_PACKAGES="gcc cmake make pkg-config libxml2-dev libvirt-dev libssl-dev libsasl2-dev libpam0g-dev libacl1-dev libiniparser-dev
libjansson-dev libsmartcols-dev scdoc"
TEST_PACKAGES="libcmocka-dev libxml2-utils python3 python3-jsonschema acl attr openssl git util-linux iproute2
libvirt-daemon libvirt-daemon-system libvirt-daemon-driver-qemu libvirt-clients qemu-system-x86 qemu-utils sasl2-bin libsasl2-modules
libsasl2-modules-db gir1.2-spiceclientglib-2.0 python3-gi tini faketime valgrind augeas-tools augeas-lenses virtinst dnsmasq-base
libpam-modules libpam-runtime openssh-server openssh-client dbus polkitd procps passwd
bindfs strace zsh fish virt-viewer xvfb xauth netcat-openbsd nftables systemd-container debootstrap"
CI_PACKAGES="clang clang-format clang-tidy libclang-rt-14-dev"

# Installs the named packages, as root or with sudo; does nothing if all are installed.
install_packages() {
	local missing=() package sudo=
	for package; do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
	done
	[ ${#missing[@]} -eq 0 ] && return
	[ "$(id -u)" -eq 0 ] || sudo=sudo
	$sudo apt-get update -qq
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
