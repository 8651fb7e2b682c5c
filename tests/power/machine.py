# SPDX-License-Identifier: LGPL-2.1-or-later
"""A guest of QEMU, emulated in software (no KVM), whose root file system is the machine's own, read-only, and whose disks are images."""
import glob
import os
import pickle
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
MODULES = ("crc32c_generic", "virtio_pci", "virtio_blk", "9pnet_virtio", "9p", "ext4", "xfs")
INIT = """#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /dev /root
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sysfs /sys
/bin/busybox mount -t devtmpfs devtmpfs /dev
for module in {modules}; do /bin/busybox insmod /modules/$module || echo "guest: $module"; done
/bin/busybox mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=262144,cache=loose root /root
/bin/busybox mount -t tmpfs tmpfs /root/run
/bin/busybox mount -t tmpfs tmpfs /root/tmp
for dir in proc sys dev; do /bin/busybox mount -o bind /$dir /root/$dir; done
/bin/busybox mkdir -p /root{work}
/bin/busybox mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144 work /root{work}
exec /bin/busybox chroot /root /usr/bin/python3 {here}/guest.py {work} {here}
"""


def kernel(work):
    """Gets the distribution's kernel and busybox as packages, without installing them; makes work/vmlinuz and work/initrd."""
    tree, packages = f"{work}/packages/tree", f"{work}/packages"
    os.makedirs(tree)
    depends = subprocess.run(["apt-cache", "depends", "linux-image-amd64"], check=True, capture_output=True, text=True).stdout
    image = next(word for word in depends.split() if word.startswith("linux-image-") and word != "linux-image-amd64")
    subprocess.run(["apt-get", "download", "-qq", image, "busybox-static"], check=True, cwd=packages, capture_output=True)
    for package in glob.glob(f"{packages}/*.deb"):
        subprocess.run(["dpkg", "-x", package, tree], check=True)
    release = os.listdir(f"{tree}/lib/modules")[0]
    subprocess.run(["depmod", "-b", tree, release], check=True)
    os.rename(glob.glob(f"{tree}/boot/vmlinuz-*")[0], f"{work}/vmlinuz")
    modules = f"{tree}/lib/modules/{release}"
    with open(f"{modules}/modules.dep", encoding="ascii") as file:
        needs = {line.split(":")[0]: line.split(":")[1].split() for line in file}
    paths = {os.path.basename(path).removesuffix(".ko").replace("-", "_"): path for path in needs}
    order = []
    for name in MODULES:
        # the file lists what it needs last to first
        order += [path for path in (*reversed(needs[paths[name]]), paths[name]) if path not in order]
    initrd = f"{work}/initrd.tree"
    os.makedirs(f"{initrd}/bin")
    os.makedirs(f"{initrd}/modules")
    shutil.copy(f"{tree}/bin/busybox", f"{initrd}/bin/busybox")
    for path in order:
        shutil.copy(f"{modules}/{path}", f"{initrd}/modules/")
    with open(f"{initrd}/init", "w", encoding="ascii") as file:
        file.write(INIT.format(modules=" ".join(os.path.basename(path) for path in order), work=work, here=HERE))
    os.chmod(f"{initrd}/init", 0o755)
    with open(f"{work}/initrd", "wb") as file:
        subprocess.run("find . | cpio -o -H newc --quiet", shell=True, check=True, cwd=initrd, stdout=file)
    shutil.rmtree(packages)


def boot(work, job, disks, log=None):
    """Starts the guest, which does the job with the disks; log: where the writes to the only disk are recorded. Returns what it says of each."""
    job = {**job, "disks": len(disks)}
    with open(f"{work}/job", "wb") as file:
        pickle.dump(job, file)
    words = ["qemu-system-x86_64", "-M", "pc", "-accel", "tcg", "-m", "768", "-smp", "2", "-nodefaults", "-display", "none", "-serial", "stdio", "-no-reboot",
             "-kernel", f"{work}/vmlinuz", "-initrd", f"{work}/initrd", "-append", "console=ttyS0 quiet panic=-1 no_timer_check",
             "-fsdev", "local,id=root,path=/,security_model=none,readonly=on,multidevs=remap", "-device", "virtio-9p-pci,fsdev=root,mount_tag=root",
             "-fsdev", f"local,id=work,path={work},security_model=none", "-device", "virtio-9p-pci,fsdev=work,mount_tag=work"]
    for number, disk in enumerate(disks):
        words += ["-blockdev", f"driver=raw,node-name=disk{number},file.driver=file,file.filename={disk}"]
        if log:
            words += ["-blockdev", f"driver=raw,node-name=log,file.driver=file,file.filename={log}",
                      "-blockdev", f"driver=blklogwrites,node-name=both,file=disk{number},log=log,log-super-update-interval=1"]
        words += ["-device", f"virtio-blk-pci,drive={'both' if log else f'disk{number}'}"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=900)
    try:
        with open(f"{work}/done", "rb") as file:
            result = pickle.load(file)
        os.unlink(f"{work}/done")
    except FileNotFoundError:
        raise SystemExit(f"the guest failed: {done.stdout[-2000:]}{done.stderr[-2000:]}") from None
    return result
