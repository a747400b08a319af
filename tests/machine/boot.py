#!/usr/bin/env python3
"""Boots a Debian kernel in QEMU, without hardware help, and runs a script in it.

    boot.py --kernel DIR --results DIR --build DIR [--timeout S] [--memory MB] SCRIPT [ARGUMENT...]

--kernel: where a package linux-image-* was unpacked (dpkg -x). The guest sees this machine's root
read-only, with fresh /tmp, /run, /mnt and /var/lib; `--results` as /mnt/results, with a copy of the
script and of the other ones beside it; `--build` as /mnt/build. What the script says is in
results/output; this program's exit status is the script's, 124 after a timeout, 125 when the guest never
got so far.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

MODULES = ["virtio_pci", "9pnet_virtio", "9p", "virtio_rng", "sd_mod", "sg", "uio", "configfs",
           "target_core_user", "tcm_loop", "loop", "crc32c_generic"]

INIT = """#!/bin/busybox sh
export PATH=/bin
/bin/busybox mkdir -p /proc /sys /dev /root
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
/bin/busybox mount -t devtmpfs dev /dev
while read -r module; do /bin/busybox insmod "/modules/$module" || echo "no $module"; done </order
/bin/busybox mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=262144 hostroot /root
for each in tmp run mnt var/lib; do /bin/busybox mount -t tmpfs tmpfs /root/$each; done
/bin/busybox mount -t proc proc /root/proc
/bin/busybox mount -t sysfs sys /root/sys
/bin/busybox mount -t devtmpfs dev /root/dev
/bin/busybox ln -s /proc/self/fd /root/dev/fd
/bin/busybox mkdir /root/mnt/results /root/mnt/build
/bin/busybox mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=262144 build /root/mnt/build
/bin/busybox mount -t configfs configfs /root/sys/kernel/config
/bin/busybox mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144 results /root/mnt/results
/bin/busybox chroot /root /bin/sh -c 'cd /tmp; export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LC_ALL=C.UTF-8
sh /mnt/results/script >/mnt/results/output 2>&1; echo $? >/mnt/results/status'
/bin/busybox sync
/bin/busybox poweroff -f
"""


def field(module, name):
    found = re.search(rb"\0" + name + rb"=([^\0]*)\0", module.read_bytes())
    return found.group(1).decode() if found else ""


def in_order(root):
    """The files of MODULES with what they need before them; those that are built in have none."""
    files = {each.name[:-3].replace("-", "_"): each for each in root.rglob("*.ko")}
    order = []

    def add(name):
        module = files.get(name.replace("-", "_"))
        if module is None or module in order:
            return
        for needed in filter(None, field(module, b"depends").split(",")):
            add(needed)
        order.append(module)

    for name in MODULES:
        add(name)
    return order


def make_initrd(kernel, target):
    with tempfile.TemporaryDirectory() as directory:
        tree = pathlib.Path(directory)
        for each in ("bin", "modules"):
            (tree / each).mkdir()
        shutil.copy(shutil.which("busybox"), tree / "bin/busybox")
        modules = in_order(kernel)
        for module in modules:
            shutil.copy(module, tree / "modules")
        (tree / "order").write_text("".join(f"{each.name}\n" for each in modules))
        (tree / "init").write_text(INIT)
        (tree / "init").chmod(0o755)
        names = "\n".join(str(each.relative_to(tree)) for each in sorted(tree.rglob("*")))
        with open(target, "wb") as out:
            subprocess.run(["busybox", "cpio", "-o", "-H", "newc"], cwd=tree, input=names.encode(),
                           stdout=out, stderr=subprocess.DEVNULL, check=True)


def command(options, initrd):
    return ["qemu-system-x86_64", "-accel", "tcg,thread=single", "-smp", "1", "-M", "q35", "-cpu", "max",
            "-m", str(options.memory), "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            "-kernel", str(next((options.kernel / "boot").glob("vmlinuz-*"))), "-initrd", str(initrd),
            "-append", "console=ttyS0 panic=-1 quiet",
            "-fsdev", "local,id=h,path=/,security_model=none,readonly=on,multidevs=remap",
            "-device", "virtio-9p-pci,fsdev=h,mount_tag=hostroot",
            "-fsdev", f"local,id=r,path={options.results},security_model=none",
            "-device", "virtio-9p-pci,fsdev=r,mount_tag=results",
            "-fsdev", f"local,id=b,path={options.build.absolute()},security_model=none,readonly=on",
            "-device", "virtio-9p-pci,fsdev=b,mount_tag=build",
            "-device", "virtio-rng-pci", "-serial", f"file:{options.results}/serial"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kernel", type=pathlib.Path, required=True)
    parser.add_argument("--results", type=pathlib.Path, required=True)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--timeout", type=int, default=300)
    parser.add_argument("--memory", type=int, default=1024)
    parser.add_argument("script")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    options.results = options.results.absolute()
    options.results.mkdir(parents=True, exist_ok=True)
    for stale in ("status", "output"):
        (options.results / stale).unlink(missing_ok=True)
    for each in pathlib.Path(options.script).parent.glob("*.sh"):
        shutil.copy(each, options.results)
    words = " ".join("'" + each.replace("'", "'\\''") + "'" for each in options.arguments)
    (options.results / "script").write_text(f"exec bash /mnt/results/{os.path.basename(options.script)} {words}\n")
    initrd = options.results / "initrd"
    make_initrd(options.kernel, initrd)
    try:
        subprocess.run(command(options, initrd), timeout=options.timeout, check=False,
                       stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return 124
    finally:
        initrd.unlink()
    status = options.results / "status"
    return int(status.read_text()) if status.exists() else 125


if __name__ == "__main__":
    sys.exit(main())
