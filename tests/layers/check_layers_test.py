#!/usr/bin/env python3
"""The layer check against small trees that break one rule each."""
import io
import pathlib
import tempfile
import unittest
from contextlib import redirect_stdout

import check_layers

REAL_TABLE = pathlib.Path(__file__).with_name("layers.txt")


class LayerCheck(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = pathlib.Path(scratch.name)
        self.put("src/core/error.cpp", '#include "quietus/core/error.hpp"\n')

    def put(self, path, text):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def run_check(self, table=REAL_TABLE):
        said = io.StringIO()
        with redirect_stdout(said):
            status = check_layers.main([str(self.root), str(table)])
        return status, said.getvalue()

    def refuse(self, path, text, words):
        self.put(path, text)
        status, said = self.run_check()
        self.assertEqual(status, 1, said)
        self.assertIn(path + ":", said)
        self.assertIn(words, said)

    def accept(self, path, text):
        self.put(path, text)
        status, said = self.run_check()
        self.assertEqual(status, 0, said)

    def test_accepts_what_the_table_allows(self):
        self.accept("src/crypto/cms.cpp", '#include "quietus/stream/digest.hpp"\n'
                    '#include "quietus/crypto/cms.hpp"\n#include "private.hpp"\n'
                    "#include <openssl/cms.h>\n#include <vector>\n#include <unistd.h>\n")

    def test_refuses_a_wing_that_looks_into_the_other(self):
        self.refuse("src/certificate/certify.cpp", '#include "quietus/drive/host.hpp"\n',
                    "certificate may not include drive")

    def test_refuses_an_upward_include_in_a_public_header(self):
        self.refuse("include/quietus/core/file.hpp", '#include "quietus/app/site.hpp"\n',
                    "core may not include app")

    def test_refuses_the_workshop_in_the_auditors_program(self):
        self.refuse("src/bin/quietus_audit.cpp", '#include "quietus/transport/block_port.hpp"\n',
                    "bin/quietus_audit may not include transport")

    def test_a_part_of_a_program_belongs_to_its_row(self):
        self.accept("src/bin/audit_show.cpp", '#include "quietus/certificate/check.hpp"\n')
        self.refuse("src/bin/audit_show.cpp", '#include "quietus/app/site.hpp"\n',
                    "bin/audit may not include app")

    def test_refuses_a_program_without_a_row(self):
        self.refuse("src/bin/shell.cpp", "#include <string>\n", "bin/shell has no row")

    def test_refuses_a_module_without_a_row(self):
        self.refuse("src/utils/text.cpp", "#include <string>\n", "utils has no row")

    def test_refuses_a_third_party_header_outside_its_home(self):
        self.refuse("src/certificate/encode.cpp", "#include <openssl/cms.h>\n",
                    "its home is stream crypto keys")

    def test_refuses_a_kernel_header_outside_the_linux_port(self):
        self.refuse("src/transport/tracing.cpp", "  #  include <linux/fs.h>\n",
                    "its home is transport/linux")

    def test_a_home_may_be_one_file(self):
        self.accept("src/core/json.cpp", "#include <nlohmann/json.hpp>\n")
        self.refuse("src/core/json_fields.cpp", "#include <nlohmann/json.hpp>\n", "its home is")

    def test_refuses_a_header_nobody_declared(self):
        self.refuse("src/app/log.cpp", "#include <boost/asio.hpp>\n", "no row in the table")

    def test_refuses_a_path_out_of_the_module(self):
        self.refuse("src/verify/sampling.cpp", '#include "../job/journal.hpp"\n', "by ..")

    def test_refuses_a_place_without_sources(self):
        (self.root / "src/core/error.cpp").unlink()
        status, said = self.run_check()
        self.assertEqual(status, 1)
        self.assertIn("no sources there", said)

    def test_refuses_a_table_with_a_cycle(self):
        self.put("table.txt", "[modules]\ncore: record\nrecord: core\n")
        status, said = self.run_check(self.root / "table.txt")
        self.assertEqual(status, 1)
        self.assertIn("core may not name record", said)

    def test_refuses_a_row_given_twice(self):
        self.put("table.txt", "[modules]\ncore:\ncore:\n")
        status, said = self.run_check(self.root / "table.txt")
        self.assertEqual(status, 1)
        self.assertIn("two rows", said)


if __name__ == "__main__":
    unittest.main()
