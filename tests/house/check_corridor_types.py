#!/usr/bin/env python3
"""The order of the corridor is in its types: what is not confirmed and committed does not compile.

usage: check_corridor_types.py COMPILER ROOT
"""
import subprocess
import sys

PREAMBLE = """
#include "quietus/app/commit.hpp"
#include "quietus/job/carry_out.hpp"
using namespace quietus;
Proposal proposal; Bench* bench; Operator* person; CommitDesk* desk;
"""
# The first line is the control: it must compile, or the failures of the others mean nothing.
ALLOWED = "auto right() { return carry_out(*commit(*confirm(proposal, *person), *desk), *bench); }"
FORBIDDEN = {
    "a plan": "auto wrong() { return carry_out(proposal.plan, *bench); }",
    "a confirmed plan": "auto wrong() { return carry_out(*confirm(proposal, *person), *bench); }",
    "a proposal at the commit": "auto wrong() { return commit(proposal, *desk); }",
    "a home-made confirmation": "ConfirmedPlan wrong() { return {proposal.drive, proposal.plan}; }",
    "a home-made commitment":
        "CommittedPlan wrong(ConfirmedPlan plan) { return {std::move(plan), \"JOB\", \"00\"}; }",
    "the same commitment twice":
        "void wrong(CommittedPlan plan) { auto again = plan; (void)again; }",
    "a dropped result": "void wrong() { carry_out(*commit(*confirm(proposal, *person), *desk), *bench); }",
}


def compiles(compiler, root, line):
    words = [compiler, "-std=c++20", f"-I{root}/include", "-Werror=unused-result", "-fsyntax-only",
             "-x", "c++", "-"]
    return subprocess.run(words, input=PREAMBLE + line, text=True, capture_output=True)


def main():
    compiler, root = sys.argv[1:3]
    control = compiles(compiler, root, ALLOWED)
    if control.returncode != 0:
        print(f"the control does not compile:\n{control.stderr}")
        return 1
    wrong = [name for name, line in FORBIDDEN.items()
             if compiles(compiler, root, line).returncode == 0]
    for name in wrong:
        print(f"{name} gets through")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
