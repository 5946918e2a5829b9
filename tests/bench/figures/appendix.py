# SPDX-License-Identifier: GPL-2.0
"""The appendix of Documentation/performance.md: method, machine, all goals and all
tables."""
from . import goal
from .packets import BURST, STEADY
from .prose import with_figures, wrap
from .reasons import percent, reasons
from .table import Table

METHOD = (
    "QEMU counts instructions (`-icount shift=0`): the guest's clock advances by a "
    "nanosecond for each instruction that its only processor executes, in user space or "
    "in the kernel, in interrupts or in threads. Contestants run in turn for several "
    "rounds, and the median is shown. Of OpenVPN and of many tuns the least of several "
    "rounds is shown, of latency one run. The parts that are measured by the clock, on "
    "several processors, tell the number of runs. A run fails if it loses a packet, or "
    "if a packet has the wrong length. The cost of receiving is the whole, sending "
    "included, less the same sending into a dummy device. Each tun.ko has a boot of "
    "its own.")
DIFFER = (
    "The dummy devices, which do not depend on tun.ko, differ by up to {:.1f}% between "
    "the two boots, so a smaller difference between stock and ours means nothing.")
DESCRIBED = ("[tests/bench/README.md](../tests/bench/README.md) describes each "
             "contestant.")

LIMITS = """\
- Time. An instruction that misses the cache, a locked instruction and a fence count
  as one each. Where a program touches memory less often, hardware gains more than the
  count says, and copies cost more than they seem to: without ERMS, the kernel's
  copies and fills count an instruction for each few bytes, and so does the C
  library's memcpy().
- Several processors: contention, wake-ups across processors, polling on a processor
  of its own. SQPOLL and vhost-net are made for another processor. Here their thread
  shares the only one, and spinning is not counted.
- Interrupts of real network cards, and mitigations, which QEMU's processor does not
  need. On hardware, a system call costs more.
- veth, with AF_PACKET or AF_XDP, is another path: there is no tun, and softirqs carry
  the packets. A program may use that path instead of a tun.
- pktgen makes one packet at a time, so pktgen is no lower bound for a path that takes
  many at once.
"""


def method(measured):
    return wrap(" ".join(sentence for sentence in (
        METHOD, with_figures(DIFFER, percent(measured.packets.boots_differ())),
        DESCRIBED) if sentence))


def machine(measured):
    packets = measured.packets
    rows = (
        ("guest's kernel", f"Debian 12, {measured.about('kernel')}"),
        ("stock tun", "tun.ko of that kernel"),
        ("machine", f"QEMU {measured.about('qemu')}, TCG, one processor: "
                    "`-cpu max,-erms,-fsrm`"),
        ("compiler", measured.about("compiler")),
        ("driver", f"as of commit {measured.about('driver')}"),
        ("not measured", ", ".join(measured.absent()) or "-"),
        ("repeatability", f"the rounds differ by more than {100 * STEADY:.0f}% in "
                          f"{len(packets.unsteady())} of {len(packets.rows)} rows"),
    )
    out = ["| | |", "|---|---|"] + [f"| {a} | {b} |" for a, b in rows]
    return "\n".join(out) + ("\n\nA count does not depend on the host, which makes the "
                             "run slow or fast. Figures\nby the clock do.\n")


def unsteady(packets):
    """Nothing, if all rows are steady."""
    keys = packets.unsteady()
    if not keys:
        return ""
    table = Table("Rows that are not steady",
                  f"Rows whose rounds differ by more than {100 * STEADY:.0f}%, from "
                  "the least to the most. Where the difference is large, packets go "
                  "one of two ways, and the median shows the way that most of the "
                  "rounds took.",
                  ["contestant", "direction", "size", "burst", "median", "spread"],
                  "tun")
    for key in keys:
        row = packets.rows[key]
        table.add_text(key[0], [str(x) for x in key[1:]] + [
            f"{row['instructions']:.0f}", f"{100 * row['spread']:.0f}%"])
    return table.markdown()


def missing(packets):
    out = ["| tun | contestant | reason |", "|---|---|---|"]
    out += [f"| {module} | {name} | {why} |"
            for (module, name), why in sorted(packets.missing.items())]
    return "\n".join(out) + "\n"


def sections(measured):
    """(heading, text) of each section."""
    return (
        ("Method", method(measured)),
        ("Machine", machine(measured)),
        ("Limits of the figures", LIMITS),
        ("All goals", goal.markdown(measured.goals())),
        ("Why goals are missed", reasons(measured)),
        ("Figures", "\n".join(table.markdown() for table in measured.tables())
         + "\n" + unsteady(measured.packets)),
        ("Cases that cannot run", missing(measured.packets)),
    )


def markdown(measured):
    out = ["# Appendix\n", f"Bursts have {BURST} packets where no other number is "
           "named.\n"]
    for heading, text in sections(measured):
        if text.strip():
            out.append(f"## {heading}\n\n{text.rstrip()}\n")
    return "\n".join(out)
