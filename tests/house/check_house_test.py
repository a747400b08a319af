#!/usr/bin/env python3
"""The house checks against small trees that break one rule each."""
import io
import os
import pathlib
import tempfile
import unittest
from contextlib import redirect_stdout

import batches
import check_budgets
import check_codes
import check_listed
import check_skips
import check_words


class Tree(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = pathlib.Path(scratch.name)

    def put(self, path, text):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)
        return self.root / path

    def run_check(self, check, *arguments):
        said = io.StringIO()
        with redirect_stdout(said):
            status = check.main([str(each) for each in arguments or (self.root,)])
        return status, said.getvalue()

    def refuse(self, check, words, *arguments):
        status, said = self.run_check(check, *arguments)
        self.assertEqual(status, 1, said)
        self.assertIn(words, said)

    def accept(self, check, *arguments):
        status, said = self.run_check(check, *arguments)
        self.assertEqual(status, 0, said)


def function_of(lines, opening="int f() {"):
    return "\n".join([opening] + ["    ++count;"] * (lines - 2) + ["}"]) + "\n"


class Batches(Tree):
    """Sources are compiled joined only where each means what it means alone."""

    def source(self, name, own, after=""):
        return str(self.put(name, f"namespace q {{\nnamespace {{\n\n{own}\n\n}} // namespace\n{after}\n}}\n"))

    def joins(self, *sources, size=8):
        return [[pathlib.Path(each).name for each in batch] for batch in batches.batches(sources, size)]

    def test_joins_what_has_nothing_in_common(self):
        a, b = self.source("a.cpp", "int one(int x) {"), self.source("b.cpp", "int two(int x) {")
        self.assertEqual(self.joins(a, b), [["a.cpp", "b.cpp"]])

    def test_keeps_apart_what_keeps_a_name_to_itself_that_another_says(self):
        for own in ("int count(int x) {", "std::map<int, int>\ncount(int x,", "struct count {", "enum class count : int {",
                    "constexpr std::array<int, 2> count{", "using count = int;", "const int count = 3;",
                    "[[nodiscard]] bool count() {", "template <typename T>\nvoid count(T x) {", "class count final : public A {", "class count : A {",
                    "#define count 1", "int count[2];", "MATCHER_P(count, x, \"\") {"):
            a, b = self.source("a.cpp", own), self.source("b.cpp", "int two(int count) {")
            self.assertEqual(self.joins(a, b), [["a.cpp"], ["b.cpp"]], own)
            self.assertEqual(self.joins(b, a), [["b.cpp"], ["a.cpp"]], own)

    def test_leaves_alone_what_takes_the_names_of_an_enumeration(self):
        a = self.source("a.cpp", "int one(int x) {", "using enum Colour;")
        b = self.source("b.cpp", "int two(int x) {")
        self.assertEqual(self.joins(a, b), [["b.cpp"], ["a.cpp"]])

    def test_joins_what_says_a_name_of_a_member_or_in_a_text(self):
        a = self.source("a.cpp", "int count(int x) {")
        b = self.source("b.cpp", "int two(int x) {", 'int f() { return x.count + p->count + q::count + g("count"); } // count')
        self.assertEqual(self.joins(a, b), [["a.cpp", "b.cpp"]])

    def test_lets_several_say_what_may_be_said_again(self):
        again = "using testing::HasSubstr;\nnamespace fs = std::filesystem;\n"
        a = self.source("a.cpp", again + "class Suite : public Base {\n};\nTEST_F(Suite, One) {")
        b = self.source("b.cpp", again + "class Other : public Base {\n};\nTEST_F(Other, Two) {")
        self.assertEqual(self.joins(a, b), [["a.cpp", "b.cpp"]])

    def test_fills_a_batch_no_further_than_its_size(self):
        sources = [self.source(f"{each}.cpp", f"int {each}() {{") for each in ("a", "b", "c")]
        self.assertEqual(self.joins(*sources, size=2), [["a.cpp", "b.cpp"], ["c.cpp"]])

    def test_compiles_every_source_once(self):
        sources = [self.source(f"{each}.cpp", f"int {own}() {{") for each, own in (("a", "f"), ("b", "f"), ("c", "g"))]
        said = io.StringIO()
        with redirect_stdout(said):
            batches.main([str(self.root / "made"), "m", "8", *sources])
        compiled = said.getvalue().split(";")
        self.assertEqual(len(compiled), 2)
        text = "".join(pathlib.Path(each).read_text() if "made" in each else each for each in compiled)
        self.assertEqual([text.count(os.path.basename(each)) for each in sources], [1, 1, 1])


class Budgets(Tree):
    def test_accepts_a_file_and_a_function_at_the_limit(self):
        self.put("src/core/a.cpp", "int a;\n" * 600)
        self.put("src/core/b.cpp", function_of(80))
        self.accept(check_budgets)

    def test_refuses_a_file_over_the_limit(self):
        self.put("src/core/a.cpp", "int a;\n" * 601)
        self.refuse(check_budgets, "src/core/a.cpp: 601 lines")

    def test_refuses_a_function_over_the_limit(self):
        self.put("src/core/a.cpp", "namespace quietus {\n\n" + function_of(81) + "}\n")
        self.refuse(check_budgets, "src/core/a.cpp:3: 81 lines")

    def test_finds_member_functions_and_constructors(self):
        body = function_of(81, "  public:\n    explicit A(int a) : a_{a}, b_(2) {")
        self.put("include/quietus/core/a.hpp", "class A final : public B {\n" + body + "};\n")
        self.refuse(check_budgets, "explicit A(int a)")

    def test_counts_a_lambda_with_its_function(self):
        self.put("src/core/a.cpp", "void f() {\n    auto g = [](int a) {\n" + "        ++a;\n" * 78
                 + "    };\n}\n")
        self.refuse(check_budgets, "src/core/a.cpp:1: 82 lines")

    def test_is_not_misled_by_braces_in_text(self):
        text = 'void f() {\n    puts("}"); // }\n    put(\'}\'); /* } */ put(R"x(})x");\n#if X(}\n#endif\n'
        self.put("src/core/a.cpp", text + "    ++a;\n" * 75 + "}\n")
        self.refuse(check_budgets, "src/core/a.cpp:1: 81 lines")

    def test_a_long_table_is_no_function(self):
        self.put("src/core/a.cpp", "constexpr std::array<int, 2> table = {\n" + "    1,\n" * 90 + "};\n")
        self.accept(check_budgets)

    def test_refuses_an_empty_place(self):
        self.refuse(check_budgets, "no files there")


class Listed(Tree):
    def setUp(self):
        super().setUp()
        self.put("CMakeLists.txt", "quietus_module(core SOURCES a.cpp)\nadd_executable(q src/bin/q.cpp)\n")
        self.put("tests/CMakeLists.txt", "quietus_unit_test(unit_core SOURCES unit/core/a_test.cpp)\n")
        for path in ("src/core/a.cpp", "src/bin/q.cpp", "tests/unit/core/a_test.cpp"):
            self.put(path, "")

    def test_accepts_a_tree_that_the_build_names(self):
        self.accept(check_listed)

    def test_refuses_a_source_of_another_module_with_a_listed_name(self):
        self.put("src/job/a.cpp", "")
        self.refuse(check_listed, "src/job/a.cpp: not named")

    def test_refuses_a_forgotten_test(self):
        self.put("tests/unit/core/b_test.cpp", "")
        self.refuse(check_listed, "tests/unit/core/b_test.cpp: named in no")

    def test_refuses_a_forgotten_fuzz_target(self):
        self.put("tests/fuzz/json_fuzz.cpp", "")
        self.refuse(check_listed, "tests/fuzz/json_fuzz.cpp: named in no")

    def test_refuses_a_new_thing_at_the_top_level(self):
        self.put("scripts/build.sh", "")
        self.refuse(check_listed, "scripts: has no place at the top level")

    def test_a_comment_does_not_list(self):
        self.put("tests/CMakeLists.txt", "# unit/core/a_test.cpp\n")
        self.refuse(check_listed, "tests/unit/core/a_test.cpp")

    def test_a_test_is_named_relative_to_its_own_list(self):
        self.put("tests/loop/erase_test.sh", "")
        self.put("tests/loop/CMakeLists.txt", "add_test(NAME e COMMAND "
                 "${CMAKE_CURRENT_SOURCE_DIR}/erase_test.sh)\n")
        self.accept(check_listed)


class Words(Tree):
    def check_line(self, line, words):
        self.put("src/core/a.cpp", line + "\n")
        self.refuse(check_words, words)

    def test_accepts_plain_code(self):
        self.put("src/core/a.cpp", 'auto log = root + "/keys/root.pem"; // "/home/somebody/quietus"\n')
        self.accept(check_words)

    def test_refuses_paths_of_one_machine(self):
        self.check_line("// see /home/jd17/quietus", "a path of one machine")
        self.check_line('open("/root/x");', "a path of one machine")

    def test_refuses_a_fixed_temporary_path(self):
        self.check_line('open("/tmp/trace");', "fixed temporary path")

    def test_refuses_private_addresses_and_package_hosts(self):
        self.check_line("// 10.1.2.3", "private address")
        self.check_line("// http://mirror.example.org/", "package host")

    def test_refuses_unfinished_work_and_merges(self):
        self.check_line("// TODO later", "unfinished work")
        self.check_line("<<<<<<< ours", "a merge left undone")

    def test_refuses_claims_nobody_can_prove(self):
        self.check_line('puts("data is unrecoverable");', "a claim nobody can prove")

    def test_refuses_names_that_say_nothing(self):
        self.check_line("class DriveManager {", "a name that says nothing")


class Skips(Tree):
    def junit(self, *cases):
        return self.put("junit.xml", "<testsuite>" + "".join(
            f'<testcase name="{name}" status="{status}"><system-out>{said}</system-out></testcase>'
            for name, status, said in cases) + "</testsuite>")

    def setUp(self):
        super().setUp()
        self.allowed = self.put("allowed-skips", "# why\nloop[_/].*: no loop devices\n")

    def test_accepts_an_allowed_skip_for_its_reason(self):
        junit = self.junit(("loop_erase/A.B", "notrun", "skipped: no loop devices here"),
                           ("unit_core/A.B", "run", ""))
        self.accept(check_skips, self.allowed, junit)

    def test_refuses_an_allowed_test_with_another_reason(self):
        junit = self.junit(("loop_erase/A.B", "notrun", "could not be bothered"))
        self.refuse(check_skips, "could not be bothered", self.allowed, junit)

    def test_refuses_another_test_with_an_allowed_reason(self):
        junit = self.junit(("unit_loop_/A.B", "notrun", "no loop devices"))
        self.refuse(check_skips, "unit_loop_/A.B", self.allowed, junit)

    def test_the_projects_own_rows_can_be_read(self):
        rows = check_skips.read_allowed(pathlib.Path(__file__).parent.parent / "allowed-skips")
        self.assertTrue(check_skips.is_allowed("loop_erase/A.B", "no loop devices here", rows))
        self.assertFalse(check_skips.is_allowed("unit_core/A.B", "no loop devices here", rows))

    def test_refuses_disabled_tests(self):
        self.refuse(check_skips, "unit_core/A.B", self.allowed,
                    self.junit(("unit_core/A.B", "disabled", "")))

    def test_reads_what_googletest_wrote_of_a_programs_cases(self):
        skipped = ('<testsuites><testsuite><testcase name="B" classname="A" status="run" result="completed"/>'
                   '<testcase name="C" classname="A" status="run" result="skipped">'
                   '<skipped message="no loop devices here"/></testcase></testsuite></testsuites>')
        self.accept(check_skips, self.allowed, self.put("loop_erase.1.xml", skipped))
        self.refuse(check_skips, "unit_core/A.C", self.allowed, self.put("unit_core.2.xml", skipped))

    def test_refuses_a_run_without_tests(self):
        self.refuse(check_skips, "no tests ran", self.allowed, self.junit())

    def test_a_row_without_a_reason_is_an_error(self):
        with self.assertRaises(ValueError):
            check_skips.read_allowed(self.put("allowed-skips", "loop.*\n"))


class Codes(Tree):
    def setUp(self):
        super().setUp()
        self.put("src/crypto/a.cpp", 'add("E_ONE"); add("I_TWO");\n')
        self.put("tests/unit/crypto/a_test.cpp", 'Contains("E_ONE", "I_TWO")\n')
        self.put("certificates/SPEC.md", "| `E_ONE`, `I_TWO` | words |\n")

    def test_accepts_codes_that_a_test_expects(self):
        self.accept(check_codes)

    def test_refuses_a_code_that_none_expects(self):
        self.put("src/register/b.cpp", 'add("E_ONE_MORE"); add("E_THREE");\n')
        self.put("certificates/vectors/three/expect", "expect: invalid E_THREE\n")
        self.put("man/page.5", "\\fBE_ONE_MORE\\fR, \\fBE_THREE\\fR\n")
        self.refuse(check_codes, "E_ONE_MORE: no test expects it\ncodes: 4")

    def test_wants_codes_of_signatures_in_their_own_tests(self):
        self.put("tests/unit/crypto/a_test.cpp", 'Contains("E_ONE")\n')
        self.put("tests/cli/b_test.cpp", 'Contains("I_TWO")\n')
        self.refuse(check_codes, "I_TWO: no test under tests/unit/crypto")

    def test_refuses_a_code_without_words(self):
        self.put("certificates/SPEC.md", "| `E_ONE`, `I_TWO_MORE` | words |\n")
        self.refuse(check_codes, "I_TWO: neither SPEC.md nor")

    def test_refuses_a_tree_without_codes(self):
        self.put("src/crypto/a.cpp", "\n")
        self.refuse(check_codes, "codes: 0")


if __name__ == "__main__":
    unittest.main()
